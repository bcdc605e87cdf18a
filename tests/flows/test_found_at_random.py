"""What the walk at random found once, kept as plain tests."""

import pytest

from chairs import declaring
from chairs.appointing import make_lead, stand_down, standing_appointments
from dhr.reviews import memberships
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, NotYet
from tests import build
from tests.cast import Cast
from workflows import engine, pausing, undoing
from workflows.models import Step


def waiting_for_declarations(cast: Cast) -> Review:
    """A review whose chairs are appointed, and of whom only the second has declared."""
    review = build.review_at("appoint_chairs", cast)
    by, answers = build.WALK["appoint_chairs"](review, cast)
    engine.complete(build.step_of(review, "appoint_chairs"), by=by, **answers)
    declaring.declare(
        standing_appointments(review).get(user=cast.second_chair), by=cast.second_chair, statement="I am."
    )
    return review


def test_a_review_resumes_while_declarations_are_awaited(cast: Cast) -> None:
    review = waiting_for_declarations(cast)
    pausing.suspend(review, by=cast.officer, code="inquest", reason="The coroner asked.")
    pausing.resume(review, by=cast.officer, reason="The inquest is over.")
    assert build.is_open(review, "wait_for_declarations")


def test_a_new_lead_ends_the_wait_that_the_last_one_left(cast: Cast) -> None:
    review = waiting_for_declarations(cast)
    for user in (cast.lead_chair, cast.author):
        stand_down(standing_appointments(review).get(user=user), by=cast.officer, reason="Illness.")
    assert build.is_open(review, "wait_for_declarations")
    make_lead(standing_appointments(review).get(user=cast.second_chair), by=cast.officer)
    assert build.is_open(review, "convene_panel")


def test_standing_down_ends_the_wait_for_a_declaration(cast: Cast) -> None:
    review = waiting_for_declarations(cast)
    declaring.declare(standing_appointments(review).get(user=cast.lead_chair), by=cast.lead_chair, statement="I am.")
    assert build.is_open(review, "wait_for_declarations")
    stand_down(standing_appointments(review).get(user=cast.author), by=cast.officer, reason="No time.")
    assert build.is_open(review, "convene_panel")


def test_a_cancelled_review_is_not_taken_up_again_by_undoing(cast: Cast) -> None:
    review = build.review_at("legal_check", cast)
    build.do(review, cast, "fact_check")
    engine.cancel_review(review, by=cast.officer, reason="Recorded twice by mistake.")
    done = Step.objects.select_related("task", "review").get(review=review, node="fact_check")
    with pytest.raises(NotYet, match="cancelled"):
        undoing.undo_step(done, by=cast.officer, reason="After all.")


def test_the_same_role_given_twice_says_so(cast: Cast) -> None:
    review = build.notify(cast)
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role="officer")
    with pytest.raises(AlreadyDone, match="already"):
        memberships.add_member(review, by=cast.officer, user=cast.second_officer, role="officer")
