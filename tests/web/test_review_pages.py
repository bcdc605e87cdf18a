"""The pages of a review: who sees which section, what stands in its head, and that nothing sealed shows without a line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dhr.audit.models import AuditEntry
from dhr.reviews.models import Action, Commission, Notification, Relative, SealedIdentity
from dhr.reviews.vocabulary import Stage
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine, starting

pytestmark = pytest.mark.django_db

SECTIONS = ["review", "review-documents", "review-people", "review-actions", "review-history", "review-process"]
ACCOUNT = ["review-details", "review-family", "review-report", "review-requests"]
CANARIES = [build.CANARY_NAME, build.CANARY_TEXT]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="dhr.accounts.backends.SignInBackend")
    return client


def page(person: Any, name: str, *args: Any) -> Any:
    return signed_in(person).get(reverse(name, args=args))


def words(response: Any) -> str:
    """The text of the page without its markup, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def lines(event: str) -> int:
    return AuditEntry.objects.filter(event=event).count()


@pytest.mark.parametrize(
    "node", ["scope_with_agencies", "appoint_chairs", "upload_draft", "fact_check", "record_answer", "closed"]
)
def test_the_officer_opens_every_section_at_every_stage(cast: Cast, node: str) -> None:
    review = build.review_at(node, cast)
    for name in [*SECTIONS, *ACCOUNT]:
        assert page(cast.officer, name, review.pk).status_code == 200, name


def test_everybody_else_gets_404_and_the_log_says_that_they_asked(cast: Cast) -> None:
    review = build.notify(cast)
    for person in (cast.stranger, cast.team_manager, cast.board_member, cast.auditor, cast.administrator):
        for name in [*SECTIONS, *ACCOUNT]:
            response = page(person, name, review.pk)
            assert response.status_code == 404, (person, name)
            assert review.reference not in response.content.decode()
    assert lines("access.refused") == 5 * len([*SECTIONS, *ACCOUNT])


def test_a_panel_member_sees_the_review_but_not_its_account(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    for name in SECTIONS:
        response = page(cast.panel_member, name, review.pk)
        assert response.status_code == 200, name
        assert not any(canary in response.content.decode() for canary in CANARIES)
    for name in ACCOUNT:
        assert page(cast.panel_member, name, review.pk).status_code == 403
    assert "Details" not in words(page(cast.panel_member, "review", review.pk))


def test_the_head_says_where_the_review_stands_and_what_the_reader_does_next(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    chair = words(page(cast.lead_chair, "review", review.pk))
    assert "Drafting, step 5 of 9." in chair
    assert "Next: Upload a version of the report" in chair
    officer = words(page(cast.officer, "review", review.pk))
    assert "Upload a version of the report Chair or report author" in officer


def test_the_warning_names_what_is_late_and_its_remedy(cast: Cast, clock: Any) -> None:
    from datetime import timedelta

    from dhr import clock as the_clock

    review = build.notify(cast)
    assert "govuk-warning-text" not in page(cast.officer, "review", review.pk).content.decode()
    clock(the_clock.now() + timedelta(days=20))
    shown = words(page(cast.officer, "review", review.pk))
    assert "Scope with agencies is 6 days late. Do it now" in shown


def test_details_open_only_after_a_line_in_the_log(cast: Cast) -> None:
    review = build.notify(cast)
    assert lines("narrative.viewed") == 0
    response = page(cast.officer, "review-details", review.pk)
    assert build.CANARY_TEXT in words(response)
    assert build.CANARY_NAME not in words(response)
    assert lines("narrative.viewed") == 1


def test_the_deciding_chair_reads_the_facts_until_the_decision_and_not_after(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    before = page(cast.board_chair, "review-details", review.pk)
    assert build.CANARY_TEXT in words(before)
    assert "Early learning" not in words(before)
    assert page(cast.board_chair, "review-family", review.pk).status_code == 403
    review = build.review_at("upload_draft", cast)
    assert page(cast.board_chair, "review-details", review.pk).status_code == 403


def test_each_reveal_of_a_name_is_a_line_and_the_page_is_never_kept(cast: Cast) -> None:
    review = build.notify(cast)
    identity = SealedIdentity.objects.get(review=review)
    address = reverse("reveal-name", args=[review.pk, identity.pk])
    client = signed_in(cast.officer)
    for count in (1, 2):
        response = client.post(address)
        assert build.CANARY_NAME in words(response)
        assert response["Cache-Control"] == "no-store"
        assert lines("identity.revealed") == count
    assert client.get(address).status_code == 302
    assert signed_in(cast.stranger).post(address).status_code == 404
    assert lines("identity.revealed") == 2


def test_a_correction_keeps_the_old_record_and_counts_the_date_again(cast: Cast) -> None:
    from datetime import timedelta

    from dhr import clock as the_clock

    review = build.review_at("decide", cast)
    due = build.step_of(review, "decide").due_on
    told = the_clock.today() - timedelta(days=10)
    client = signed_in(cast.officer)
    answers = {
        "reason": "The letter was older.",
        "notified_on_day": told.day,
        "notified_on_month": told.month,
        "notified_on_year": told.year,
        "channel": "email",
        "death_date_kind": "not_known",
        "manner": "homicide",
        "relationship": "intimate",
        "circumstances": "Told anew.",
    }
    response = client.post(reverse("correct-notification", args=[review.pk]), answers)
    assert response.status_code == 302, words(response)
    assert Notification.objects.filter(review=review).count() == 2
    assert Notification.objects.standing().get(review=review).channel == "email"
    review.refresh_from_db()
    assert review.notified_on == told
    moved = build.step_of(review, "decide").due_on
    assert due is not None
    assert moved is not None
    assert moved < due
    assert lines("review.corrected") >= 1


def test_a_correction_without_a_reason_comes_back_with_everything_typed(cast: Cast) -> None:
    review = build.notify(cast)
    response = signed_in(cast.officer).post(
        reverse("correct-notification", args=[review.pk]), {"circumstances": "Typed at length."}
    )
    assert response.status_code == 422
    assert "Say what was wrong." in words(response)
    assert "Typed at length." in response.content.decode()
    assert Notification.objects.filter(review=review).count() == 1


def test_a_pseudonym_that_contains_a_real_name_is_refused(cast: Cast) -> None:
    review = build.notify(cast)
    client, address = signed_in(cast.officer), reverse("choose-pseudonym", args=[review.pk])
    response = client.post(address, {"pseudonym": "Quillfeather"})
    assert response.status_code == 422
    assert "This has a word of a sealed name in it. Choose another." in words(response)
    assert "I have checked these words" not in words(response)
    assert client.post(address, {"pseudonym": "Rowan"}).status_code == 302
    assert "<h1" in client.get(reverse("review", args=[review.pk])).content.decode()
    assert "Rowan" in words(client.get(reverse("review", args=[review.pk])))


def test_relatives_their_contacts_and_wishes_are_kept_and_their_names_sealed(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client = signed_in(cast.lead_chair)
    given = {"name": "Ottoline Nobody", "known_as": "Mother of A", "wants_contact": "yes", "wishes": "By post only."}
    assert client.post(reverse("add-relative", args=[review.pk]), given).status_code == 302
    relative = Relative.objects.get(review=review)
    today = {"on_day": "1", "on_month": "1", "on_year": "2020", "note": "She asked for a copy."}
    assert client.post(reverse("add-contact", args=[review.pk, relative.pk]), today).status_code == 302
    shown = words(client.get(reverse("review-family", args=[review.pk])))
    assert "Mother of A" in shown
    assert "She asked for a copy." in shown
    assert "By post only." in shown
    assert "Ottoline" not in shown
    assert (
        client.post(reverse("change-wishes", args=[review.pk, relative.pk]), {"wishes": "By phone."}).status_code == 302
    )
    assert "By phone." in words(client.get(reverse("review-family", args=[review.pk])))
    assert signed_in(cast.author).post(reverse("add-relative", args=[review.pk]), given).status_code == 403


def test_learning_and_meetings_stand_under_details(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client = signed_in(cast.officer)
    assert (
        client.post(reverse("add-learning", args=[review.pk]), {"learning": "Share the helpline."}).status_code == 302
    )
    met = {"on_day": "2", "on_month": "mar", "on_year": "2020", "kind": "first", "agencies": [str(cast.police.pk)]}
    assert client.post(reverse("add-panel-meeting", args=[review.pk]), met).status_code == 302
    shown = words(client.get(reverse("review-details", args=[review.pk])))
    assert "Share the helpline." in shown
    assert "There: Testside Police" in shown


def test_the_report_section_tells_each_view_check_and_answer_with_its_reason(cast: Cast) -> None:
    review = build.review_at("agree_draft", cast)
    build.do(review, cast, "agree_draft", agreed=False, reason="More on housing.")
    build.do(review, cast, "upload_draft")
    for node in ("agree_draft", "fact_check", "legal_check", "check_anonymisation", "read_with_family", "sign_off"):
        build.do(review, cast, node)
    shown = words(page(cast.author, "review-report", review.pk))
    assert "Version 1 sent back by the panel" in shown
    assert "More on housing." in shown
    assert "Family reading of version 2: The family declined" in shown
    assert "Version 2 signed off by the board, minute SST 12" in shown


def test_an_agencys_author_sees_their_request_and_nothing_else(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    asked = starting.ask_agency(
        review, by=cast.officer, agency=cast.police, kind="imr", scope="What you knew.", author=cast.agency_author
    )
    other = starting.ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr", scope="Elsewhere.")
    own = page(cast.agency_author, "request", asked.pk)
    assert own.status_code == 200
    assert "What you knew." in words(own)
    assert "Next: Return the agency" in words(own)
    assert page(cast.agency_author, "request", other.pk).status_code == 404
    assert page(cast.agency_author, "review", review.pk).status_code == 404
    assert "Testside Police" in words(page(cast.agency_author, "your-work"))
    assert "Elsewhere." not in words(page(cast.agency_author, "your-work"))


def test_who_may_not_see_agency_requests_reads_nothing_of_their_tasks(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    starting.ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr")
    for name in ("review", "review-history", "review-process"):
        assert "Testton Hospital Trust" not in words(page(cast.panel_member, name, review.pk))
        assert "Testton Hospital Trust" not in words(page(cast.board_chair, name, review.pk))
    assert "Testton Hospital Trust" in words(page(cast.lead_chair, "review", review.pk))


def test_every_link_to_a_task_answers_the_reader_it_is_shown_to(cast: Cast) -> None:
    review = build.review_at("appoint_chairs", cast)
    by, answers = build.WALK["appoint_chairs"](review, cast)
    engine.complete(build.step_of(review, "appoint_chairs"), by=by, **answers)
    for person in (cast.officer, cast.board_chair):
        client = signed_in(person)
        body = client.get(reverse("review", args=[review.pk])).content.decode()
        assert "Declare independence: Ada Author" in body
        for address in set(re.findall(r'href="(/tasks/\d+/)"', body)):
            assert client.get(address).status_code == 200, (person, address)


def test_an_agency_is_asked_by_form_and_settled_without_a_return(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client = signed_in(cast.officer)
    given = {
        "agency": str(cast.hospital.pk),
        "kind": "imr",
        "author": cast.agency_author.email,
        "scope": "All contacts.",
    }
    assert client.post(reverse("ask-agency", args=[review.pk]), given).status_code == 302
    commission = Commission.objects.get(review=review)
    assert "1 outstanding" in words(client.get(reverse("review-requests", args=[review.pk])))
    settle = reverse("settle-request", args=[commission.pk])
    assert signed_in(cast.lead_chair).post(settle, {"outcome": "withdrawn"}).status_code == 403
    assert client.post(settle, {"outcome": "not_engaging"}).status_code == 302
    assert client.post(settle, {"outcome": "withdrawn"}).status_code == 409
    assert page(cast.agency_author, "request", commission.pk).status_code == 404


def test_an_actions_owner_sees_that_action_only_and_records_progress(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client = signed_in(cast.officer)
    given = {
        "text": "Train the staff.",
        "scope": "local",
        "lead_agency": str(cast.refuge.pk),
        "owner": cast.stranger.email,
    }
    assert client.post(reverse("add-action", args=[review.pk]), given).status_code == 302
    action = Action.objects.get(review=review)
    own = signed_in(cast.stranger)
    shown = own.get(reverse("action", args=[action.pk]))
    assert "Train the staff." in words(shown)
    assert own.get(reverse("review", args=[review.pk])).status_code == 404
    assert own.post(reverse("action", args=[action.pk]), {"status": "done"}).status_code == 422
    assert own.post(reverse("action", args=[action.pk]), {"status": "done", "note": "All trained."}).status_code == 302
    action.refresh_from_db()
    assert action.status == "done"
    assert "Train the staff." in words(client.get(reverse("review-actions", args=[review.pk])))
    assert "Train the staff." not in words(page(cast.panel_member, "review-actions", review.pk))
    assert page(cast.agency_author, "action", action.pk).status_code == 404


def test_people_join_and_leave_on_the_page_of_people(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client = signed_in(cast.officer)
    add = reverse("add-member", args=[review.pk])
    assert client.post(add, {"role": "panel_member", "email": cast.stranger.email}).status_code == 422
    joined = {"role": "panel_member", "email": cast.stranger.email, "agency": str(cast.refuge.pk)}
    assert client.post(add, joined).status_code == 302
    assert page(cast.stranger, "review", review.pk).status_code == 200
    membership = review.membership_set.get(user=cast.stranger)
    assert (
        client.post(reverse("end-membership", args=[review.pk, membership.pk]), {"reason": "Moved on."}).status_code
        == 302
    )
    assert page(cast.stranger, "review", review.pk).status_code == 404
    officer = review.membership_set.get(user=cast.officer)
    last = client.post(reverse("end-membership", args=[review.pk, officer.pk]), {"reason": "Moved on."})
    assert last.status_code == 409
    assert "only officer" in words(last)


def test_a_chair_who_stands_down_loses_access_and_nothing_waits_for_them(cast: Cast) -> None:
    from chairs.models import Appointment

    review = build.review_at("appoint_chairs", cast)
    by, answers = build.WALK["appoint_chairs"](review, cast)
    engine.complete(build.step_of(review, "appoint_chairs"), by=by, **answers)
    for step in list(review.steps.filter(node="declare_independence")):
        if engine.subject_of(step).user != cast.author:
            engine.complete(step, by=engine.subject_of(step).user, statement="Independent.")
    assert build.is_open(review, "wait_for_declarations")
    one = Appointment.objects.get(review=review, user=cast.author)
    address = reverse("stand-down", args=[one.pk])
    assert address in page(cast.officer, "review-people", review.pk).content.decode()
    assert signed_in(cast.lead_chair).post(address, {"reason": "Ill."}).status_code == 403
    assert signed_in(cast.officer).post(address, {"reason": "Ill."}).status_code == 302
    assert build.is_open(review, "convene_panel")
    assert not build.is_open(review, "declare_independence")
    review.refresh_from_db()
    assert review.stage == Stage.PANEL


def test_history_tells_what_was_done_by_whom_and_reasons_only_to_readers(cast: Cast) -> None:
    from workflows import pausing

    review = build.review_at("upload_draft", cast)
    pausing.suspend(review, by=cast.officer, code="inquest", reason="The coroner wrote to us.")
    shown = words(page(cast.officer, "review-history", review.pk))
    assert "Decide whether to hold a review" in shown
    assert "Bea Boardchair" in shown
    assert "Suspended: Inquest" in shown
    assert "The coroner wrote to us." in shown
    panel = words(page(cast.panel_member, "review-history", review.pk))
    assert "Suspended: Inquest" in panel
    assert "The coroner wrote to us." not in panel


def test_the_process_page_draws_the_picture_and_links_the_open_task(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    response = page(cast.officer, "review-process", review.pk)
    body = response.content.decode()
    assert "<svg" in body
    assert "style=" not in body
    assert reverse("task", args=[build.step_of(review, "upload_draft").pk]) in body


def test_explain_access_says_yes_or_no_and_why(cast: Cast, capsys: Any) -> None:
    from django.core.management import CommandError, call_command

    review = build.review_at("upload_draft", cast)
    call_command("explain_access", cast.lead_chair.email, review.reference)
    told = capsys.readouterr().out
    assert re.search(r"yes reviews\.chair_review: Lead chair from", told)
    assert re.search(r"no  reviews\.decide_review: not given by: Lead chair from", told)
    call_command("explain_access", cast.stranger.email, review.reference)
    assert "yes" not in capsys.readouterr().out
    with pytest.raises(CommandError, match="names no review"):
        call_command("explain_access", cast.stranger.email, "DHR999")
