"""Undoing, suspending, cancelling, reassigning, recording for somebody else, and standing down."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from chairs.appointing import stand_down, standing_appointments
from dhr import clock
from dhr.access.roles import Role
from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships, panel
from dhr.reviews.models import Review, ReviewDecision
from dhr.reviews.models.facts import Credit
from dhr.reviews.vocabulary import Stage
from dhr.usecase import AlreadyDone, NotYet, Refused
from tests import build
from tests.cast import Cast
from workflows import engine, pausing, starting, undoing
from workflows.models import Step


def done_step(review: Review, node: str) -> Step:
    return Step.objects.select_related("task", "review").filter(review=review, node=node).done().latest("pk")


def afresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def open_nodes(review: Review) -> set[str]:
    return set(Step.objects.filter(review=review, is_main=True).open().values_list("node", flat=True))


def test_the_latest_step_is_undone_and_its_record_set_aside(cast: Cast) -> None:
    review = build.review_at("tell_family", cast)
    reopened = undoing.undo_step(done_step(review, "decide"), by=cast.officer, reason="Wrong outcome chosen.")
    review.refresh_from_db()
    assert reopened.node == "decide"
    assert open_nodes(review) == {"decide"}
    assert (review.number, review.stage) == (None, Stage.DECISION)
    assert not ReviewDecision.objects.standing().filter(review=review).exists()
    assert ReviewDecision.objects.filter(review=review).exists()
    build.do(review, cast, "decide")
    assert review.reference == "DHR1"


def test_a_step_with_something_done_after_it_is_not_undone(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    build.do(review, cast, "decide")
    build.do(review, cast, "tell_family")
    with pytest.raises(NotYet, match="latest step"):
        undoing.undo_step(done_step(review, "decide"), by=cast.officer, reason="Too late.")


def test_what_was_told_is_not_undone(cast: Cast) -> None:
    review = build.review_at("tell_family", cast)
    build.do(review, cast, "tell_family")
    with pytest.raises(NotYet, match="told"):
        undoing.undo_step(done_step(review, "tell_family"), by=cast.officer, reason="No.")


def test_one_of_several_checks_is_undone_and_made_again_and_the_join_still_works(cast: Cast) -> None:
    review = build.review_at("legal_check", cast)
    build.do(review, cast, "fact_check")
    undoing.undo_step(done_step(review, "fact_check"), by=cast.officer, reason="Wrong version read.")
    for node in ("legal_check", "check_anonymisation", "read_with_family"):
        build.do(review, cast, node)
    assert open_nodes(review) == {"fact_check"}
    build.do(review, cast, "fact_check")
    assert open_nodes(review) == {"sign_off"}


def test_the_last_of_several_checks_is_undone_after_the_join(cast: Cast) -> None:
    review = build.review_at("sign_off", cast)
    last = Step.objects.filter(review=review, node__in=["read_with_family"]).done().get()
    undoing.undo_step(done_step(review, last.node), by=cast.officer, reason="The family changed their mind.")
    assert open_nodes(review) == {"read_with_family"}
    build.do(review, cast, "read_with_family")
    assert open_nodes(review) == {"sign_off"}


def test_closing_is_undone(cast: Cast) -> None:
    review = build.review_at("closed", cast)
    undoing.undo_step(done_step(review, "complete_action_plan"), by=cast.officer, reason="An action was missed.")
    review.refresh_from_db()
    assert (review.is_open, review.stage) == (True, Stage.ACTION_PLAN)
    build.do(review, cast, "complete_action_plan")
    assert not review.is_open


def test_whom_an_undone_convening_put_on_the_panel_leaves_it_and_nobody_else(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)
    memberships.add_member(review, by=cast.officer, user=cast.agency_author, role=Role.PANEL_MEMBER, agency=cast.refuge)
    engine.complete(build.step_of(review, "convene_panel"), by=cast.officer, members=[(cast.panel_member, cast.police)])
    assert afresh(cast.panel_member).has_perm("reviews.view_review", review)
    undoing.undo_step(done_step(review, "convene_panel"), by=cast.officer, reason="Another panel was meant.")
    assert not afresh(cast.panel_member).has_perm("reviews.view_review", review)
    assert afresh(cast.agency_author).has_perm("reviews.view_review", review)


def test_only_the_officer_undoes(cast: Cast) -> None:
    review = build.review_at("tell_family", cast)
    with pytest.raises(Refused):
        undoing.undo_step(done_step(review, "decide"), by=cast.board_chair, reason="Mine.")


def test_suspending_stops_main_tasks_and_lets_papers_in(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)
    due = build.step_of(review, "convene_panel").due_on
    assert due is not None
    pausing.suspend(review, by=cast.officer, code="criminal_proceedings", reason="A trial is listed.")
    with pytest.raises(NotYet, match="suspended"):
        build.do(review, cast, "convene_panel")
    build.paper(review, cast.officer)
    starting.ask_agency(review, by=cast.officer, agency=cast.police, kind="imr")
    with clock.at(clock.now() + timedelta(days=10)):
        assert pausing.resume(review, by=cast.officer, reason="The trial is over.") == 10
        assert build.step_of(review, "convene_panel").due_on == due + timedelta(days=10)
        build.do(review, cast, "convene_panel")


def test_a_home_office_letter_is_recorded_while_suspended(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    pausing.suspend(review, by=cast.officer, code="inquest", reason="The coroner asked.")
    build.do(review, cast, "record_answer")


def test_cancelling_withdraws_every_task(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    engine.cancel_review(review, by=cast.officer, reason="Recorded twice by mistake.")
    review.refresh_from_db()
    assert (review.ending, review.stage) == ("cancelled", Stage.CLOSED)
    assert not Step.objects.filter(review=review).open().exists()
    with pytest.raises(NotYet):
        engine.cancel_review(review, by=cast.officer, reason="Again.")


def test_board_sign_off_waits_for_the_agencies_and_drafting_does_not(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    people = {"author": cast.agency_author, "signatory": cast.agency_signatory}
    request = starting.ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr", **people)
    while not build.is_open(review, "sign_off"):
        build.do(review, cast, next(node for node in build.ORDER if build.is_open(review, node)))
    assert panel.outstanding(review) == [request]
    with pytest.raises(NotYet, match="Testton Hospital Trust"):
        build.do(review, cast, "sign_off")
    engine.complete(build.step_of(review, "return_account"), by=cast.agency_author, answer="We saw her twice.")
    engine.complete(build.step_of(review, "sign_account"), by=cast.agency_signatory)
    build.do(review, cast, "sign_off")
    assert open_nodes(review) == {"prepare_pack"}


def test_a_nil_return_settles_and_a_withdrawn_request_ends_its_tasks(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)
    nil = starting.ask_agency(review, by=cast.officer, agency=cast.police, kind="chronology", author=cast.agency_author)
    late = starting.ask_agency(review, by=cast.officer, agency=cast.refuge, kind="imr")
    engine.complete(Step.objects.get(subject=nil.pk), by=cast.agency_author, nil=True)
    starting.settle_without_return(late, by=cast.officer, withdrawn=True)
    assert panel.outstanding(review) == []
    assert not Step.objects.filter(subject=late.pk).open().exists()


def test_a_stood_down_chair_loses_access_at_once_and_a_new_one_can_be_appointed(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    lead = standing_appointments(review).get(user=cast.lead_chair)
    assert cast.lead_chair.has_perm("reviews.view_review", review)
    stand_down(lead, by=cast.officer, reason="Illness.")
    assert not cast.lead_chair.has_perm("reviews.view_review", review)
    with pytest.raises(Refused):
        build.do(review, cast, "agree_terms")
    assert review not in Review.objects.visible_to(cast.lead_chair, "reviews.view_review")


def test_a_step_done_twice_says_who_did_it(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    step = build.step_of(review, "decide")
    build.do(review, cast, "decide")
    with pytest.raises(AlreadyDone, match="Bea Boardchair"):
        engine.complete(step, by=cast.board_chair, outcome="review", reason="Again.")


def test_the_decision_is_recorded_for_the_chair_only_with_evidence_or_a_second_person(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    answers = {"outcome": "review", "reason": "Agreed at the meeting."}
    plain: dict[str, Any] = {
        "done_by": cast.board_chair,
        "recorded_by": cast.officer,
        "done_on": clock.today(),
        "how": "meeting",
    }
    with pytest.raises(NotYet, match="second person"):
        engine.complete(build.step_of(review, "decide"), by=cast.officer, credit=Credit(**plain), **answers)
    claimed = Credit(**plain, confirmed_by=cast.second_officer)
    with pytest.raises(NotYet, match="second person"):
        engine.complete(build.step_of(review, "decide"), by=cast.officer, credit=claimed, **answers)
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role="officer")
    engine.complete(build.step_of(review, "decide"), by=cast.second_officer, credit=claimed, **answers)
    step = done_step(review, "decide")
    assert (step.done_by, step.recorded_by, step.confirmed_by) == (cast.board_chair, cast.officer, cast.second_officer)
    entry = AuditEntry.objects.filter(event="review.decided").latest("seq")
    assert (entry.person, entry.on_behalf_of) == (cast.second_officer.pk, cast.board_chair.pk)


def test_a_step_is_not_recorded_for_somebody_without_the_role(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    credit = Credit(done_by=cast.stranger, recorded_by=cast.officer, done_on=clock.today(), how="meeting")
    with pytest.raises(Refused, match="does not have the role"):
        engine.complete(build.step_of(review, "decide"), by=cast.officer, credit=credit, outcome="review", reason="x")


def test_nothing_is_done_in_the_future(cast: Cast) -> None:
    review = build.review_at("tell_family", cast)
    credit = Credit(done_by=cast.officer, recorded_by=cast.officer, done_on=clock.today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="future"):
        engine.complete(build.step_of(review, "tell_family"), by=cast.officer, credit=credit)


def test_a_refusal_is_written_down_after_the_rollback(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    with pytest.raises(Refused):
        engine.complete(build.step_of(review, "decide"), by=cast.panel_member, outcome="review", reason="x")
    entry = AuditEntry.objects.latest("seq")
    assert (entry.event, entry.person) == ("access.refused", cast.panel_member.pk)
    assert open_nodes(review) == {"decide"}


def test_a_task_is_given_to_somebody_who_may_do_it(cast: Cast) -> None:
    review = build.review_at("tell_family", cast)
    step = build.step_of(review, "tell_family")
    with pytest.raises(NotYet, match="does not have the role"):
        engine.reassign(step, by=cast.officer, to=cast.stranger, reason="Leave.")
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role="officer")
    engine.reassign(step, by=cast.officer, to=cast.second_officer, reason="Leave.")
    assert engine.holders_of(step) == [cast.second_officer]


def test_a_vanished_officers_reviews_are_handed_over_in_one_action(cast: Cast) -> None:
    one, other = build.review_at("decide", cast), build.review_at("tell_family", cast)
    count = memberships.hand_over_reviews(
        cast.partnership, by=cast.team_manager, absent=cast.officer, to=cast.second_officer, reason="Long leave."
    )
    assert count == 2
    for review in (one, other):
        assert not cast.officer.has_perm("reviews.view_review", review)
        assert cast.second_officer.has_perm("reviews.record_progress", review)


def test_the_same_form_sent_twice_makes_one_review(cast: Cast) -> None:
    token = uuid.uuid4()
    first = build.notify(cast, form_token=token)
    second = build.notify(cast, form_token=token)
    assert first == second
    assert Review.objects.count() == 1


def test_the_deciding_chair_reads_the_account_only_until_the_decision(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    assert cast.board_chair.has_perm("reviews.view_narrative", review)
    while not build.is_open(review, "appoint_chairs"):
        build.do(review, cast, next(node for node in build.ORDER if build.is_open(review, node)))
    assert not cast.board_chair.has_perm("reviews.view_narrative", review)
    assert cast.board_chair.has_perm("reviews.view_review", review)
