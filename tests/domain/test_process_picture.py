"""The process picture says what is done, now and to do: also in loops, in parallel parts and beside the main path."""

from __future__ import annotations

import pytest

from dhr.govuk.pictures import Node, ProcessPicture, Status, describe, draw
from dhr.reviews.models import Review
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine, starting, undoing
from workflows.desk.picture import boxes, edges, process_picture
from workflows.desk.work import steps_of

pytestmark = pytest.mark.django_db
CHECKS = ("fact_check", "legal_check", "check_anonymisation", "read_with_family")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def picture_of(review: Review) -> ProcessPicture:
    review.refresh_from_db()
    return process_picture(review, steps_of(review))


def box(review: Review, key: str) -> Node:
    return next(node for node in picture_of(review).nodes if node.key == key)


def statuses(review: Review) -> dict[str, Status]:
    return {node.key: node.status for node in picture_of(review).nodes}


def test_every_task_of_the_main_path_is_drawn_and_no_gate_is() -> None:
    names = {node.name for node in boxes()}
    assert {"decide", "wait_for_declarations", "sign_off", "complete_action_plan"} <= names
    assert not {name for name in names if name.startswith(("is_", "must_", "did_", "may_"))}
    ends = {(edge.start, edge.end) for edge in edges()}
    assert ("decide", "gather_information") in ends
    assert ("gather_information", "decide") in ends
    assert all(("agree_draft", check) in ends and (check, "sign_off") in ends for check in CHECKS)
    assert ("sign_off", "upload_draft") in ends
    assert ("await_scrutiny", "end") in ends


def test_a_new_review_has_one_step_now_and_everything_else_to_do(cast: Cast) -> None:
    found = statuses(build.notify(cast))
    assert found["scope_with_agencies"] is Status.NOW
    assert found["decide"] is Status.TODO
    assert found["end"] is Status.TODO


def test_parallel_checks_stand_side_by_side_each_with_its_own_state(cast: Cast) -> None:
    review = build.review_at("fact_check", cast)
    rows = [[node.key for node in row] for row in picture_of(review).rows]
    assert list(CHECKS) in rows
    build.do(review, cast, "legal_check")
    found = statuses(review)
    assert found["legal_check"] is Status.DONE
    assert {found[check] for check in CHECKS if check != "legal_check"} == {Status.NOW}
    assert found["sign_off"] is Status.TODO


def test_a_loop_back_makes_the_earlier_step_now_and_counts_the_rounds(cast: Cast) -> None:
    review = build.review_at("agree_draft", cast)
    build.do(review, cast, "agree_draft", agreed=False, reason="More on housing.")
    found = statuses(review)
    assert found["upload_draft"] is Status.NOW
    assert found["agree_draft"] is Status.DONE  # done in the first round; open again only when it is reached
    build.do(review, cast, "upload_draft")
    assert box(review, "upload_draft").count == "2 times"
    assert box(review, "agree_draft").status is Status.NOW


def test_an_undone_step_is_to_do_again_not_done(cast: Cast) -> None:
    review = build.review_at("tell_family", cast)
    for node in ("decide", "scope_with_agencies"):
        step = review.steps.select_related("task", "review").filter(node=node, undone_at=None).done().get()
        undoing.undo_step(step, by=cast.officer, reason="The wrong review.")
        review.refresh_from_db()
    found = statuses(review)
    assert found["scope_with_agencies"] is Status.NOW
    assert found["decide"] is Status.TODO
    assert found["tell_family"] is Status.TODO


def test_what_was_passed_by_is_not_needed_once_its_stage_is_over(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    found = statuses(review)
    assert found["gather_information"] is Status.SKIPPED
    assert found["await_scrutiny"] is Status.SKIPPED
    assert found["plan_changes"] is Status.TODO


def test_agency_requests_are_counted_beside_the_path(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    asked = [
        starting.ask_agency(review, by=cast.officer, agency=agency, kind="imr")
        for agency in (cast.police, cast.hospital)
    ]
    assert box(review, "agency_requests").words == "You are here, 0 of 2"
    starting.settle_without_return(asked[0], by=cast.officer, withdrawn=True)
    assert box(review, "agency_requests").count == "1 of 2"
    starting.settle_without_return(asked[1], by=cast.officer, withdrawn=False)
    assert box(review, "agency_requests").status is Status.DONE
    assert box(review, "declare_independence").count == "3 of 3"


def test_a_review_that_ended_says_how_and_what_was_never_needed(cast: Cast) -> None:
    review = build.notify(cast)
    engine.cancel_review(review, by=cast.officer, reason="A mistake.")
    found = picture_of(review)
    end = next(node for node in found.nodes if node.key == "end")
    assert (end.status, end.label) == (Status.DONE, "Cancelled")
    assert {node.status for node in found.nodes if node.key in {"decide", "publish"}} == {Status.SKIPPED}
    whole = build.review_at("closed", cast)
    assert statuses(whole)["complete_action_plan"] is Status.DONE
    assert box(whole, "end").label.startswith("Closed")


def test_the_words_say_the_same_as_the_picture(cast: Cast) -> None:
    review = build.review_at("fact_check", cast)
    picture = picture_of(review)
    lines = describe(picture)
    assert len(lines) == len(picture.nodes)
    assert any(line.startswith("Drafting: Check the facts with the agencies. You are here (due ") for line in lines)
    svg = draw(picture)
    assert 'role="img"' in svg
    assert "style=" not in svg
    assert build.CANARY_NAME not in svg
