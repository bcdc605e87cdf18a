"""A task recorded for somebody else, confirmed by a second person, saved for later, sent too late, or not allowed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from chairs.appointing import stand_down, standing_appointments
from dhr.access import grants
from dhr.accounts.models import Notice
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Membership, Review, ReviewDecision
from restricted_docs.models import Document
from tests import build
from tests.cast import Cast, make_cast
from tests.web.sending import as_, on, pdf, send, text, url_of
from tests.web.tus_client import begin
from workflows import engine
from workflows.models import SavedAnswers, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


# ---- recorded for somebody else


def for_the_chair(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "outcome": "review",
        "reason": "Decided at the meeting.",
        "done_by": str(cast.board_chair.pk),
        "how": "meeting",
        **on("done_on"),
        **more,
    }


def test_a_decision_is_recorded_for_the_chair_with_the_minute_uploaded_in_the_same_form(cast: Cast) -> None:
    review = build.review_at("decide", cast)

    response = send(cast.officer, review, "decide", **for_the_chair(cast, evidence_file=pdf("minute.pdf")))

    assert response.status_code == 302, text(response)
    decision = ReviewDecision.objects.get(review=review)
    assert (decision.done_by, decision.recorded_by, decision.how) == (cast.board_chair, cast.officer, "meeting")
    assert Document.objects.get(pk=decision.evidence).kind == "evidence"


def test_a_decision_recorded_without_anything_that_shows_it_is_not_taken(cast: Cast) -> None:
    review = build.review_at("decide", cast)

    response = send(cast.officer, review, "decide", **for_the_chair(cast))

    assert response.status_code == 422
    assert "ask a second person to confirm it" in text(response)
    assert not ReviewDecision.objects.filter(review=review).exists()


def test_a_second_person_confirms_and_only_then_it_is_recorded(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    asked = send_to_second(cast, review)
    kept = SavedAnswers.objects.get(person=cast.officer)
    before = ReviewDecision.objects.filter(review=review).exists()
    page = as_(cast.second_officer).get(reverse("confirm", args=[kept.pk]))
    done = as_(cast.second_officer).post(reverse("confirm", args=[kept.pk]))

    assert (asked.status_code, before, done.status_code) == (302, False, 302), text(done)
    assert "Decided at the meeting." in text(page)
    decision = ReviewDecision.objects.get(review=review)
    assert (decision.done_by, decision.recorded_by) == (cast.board_chair, cast.officer)
    assert decision.confirmed_by == cast.second_officer


def join_as_officer(cast: Cast, review: Review) -> None:
    grants.sync_membership(Membership.objects.create(review=review, user=cast.second_officer, role="officer"))


def send_to_second(cast: Cast, review: Review) -> Any:
    join_as_officer(cast, review)
    return send(cast.officer, review, "decide", **for_the_chair(cast, confirm_by=str(cast.second_officer.pk)))


def test_a_second_person_reads_a_no_as_well_as_a_yes(cast: Cast) -> None:
    review = build.review_at("sign_off", cast)
    asked = {"signed_off": "no", "reason": "Too long.", "done_by": str(cast.board_chair.pk), "how": "meeting"}
    join_as_officer(cast, review)
    send(cast.officer, review, "sign_off", confirm_by=str(cast.second_officer.pk), **asked, **on("done_on"))

    page = as_(cast.second_officer).get(reverse("confirm", args=[SavedAnswers.objects.get().pk]))

    answer = text(page).split("Does the board sign the report off?")[1].split("</dd>")[0]
    assert answer.strip().endswith("No")


def test_a_second_person_who_does_not_confirm_sends_it_back(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    send_to_second(cast, review)
    kept = SavedAnswers.objects.get(person=cast.officer)

    response = as_(cast.second_officer).post(reverse("confirm", args=[kept.pk]), {"decline": "yes"})
    again = as_(cast.officer).get(url_of(review, "decide"))

    assert response.status_code == 302
    assert not ReviewDecision.objects.filter(review=review).exists()
    assert Notice.objects.filter(to=cast.officer, link=url_of(review, "decide")).exists()
    assert "Decided at the meeting." in text(again)


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("board_chair", 403), ("stranger", 404)])
def test_nobody_else_can_confirm(cast: Cast, who: str, status: int) -> None:
    review = build.review_at("decide", cast)
    send_to_second(cast, review)
    kept = SavedAnswers.objects.get(person=cast.officer)

    response = as_(getattr(cast, who)).post(reverse("confirm", args=[kept.pk]))

    assert response.status_code == status
    assert not ReviewDecision.objects.filter(review=review).exists()


# ---- too late, saved, and not allowed


def test_who_came_too_late_reads_who_was_first_and_finds_what_they_typed(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    step = build.step_of(review, "agree_terms")
    engine.complete(step, by=cast.lead_chair, questions="What was known?")

    late = as_(cast.officer).post(reverse("task", args=[step.pk]), {"questions": "Quite another question"})
    typed = as_(cast.officer).get(reverse("task-typed", args=[step.pk]))

    assert late.status_code == 409
    assert "This has been done already" in text(late)
    assert "Lena Leadchair" in text(late)
    assert "Read what you typed" in text(late)
    assert "Quite another question" in text(typed)


def test_a_double_click_on_ones_own_form_says_that_it_is_done(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    url, client = url_of(review, "agree_terms"), as_(cast.lead_chair)

    first, second = (client.post(url, {"questions": "What was known?"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Read what you typed" not in text(second)


def test_a_task_that_is_done_says_so_when_it_is_opened_again(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    step = Step.objects.get(review=review, node="scope_with_agencies")

    response = as_(cast.officer).get(reverse("task", args=[step.pk]))

    assert response.status_code == 200
    assert "Olive Officer" in text(response)
    assert "<form method" not in text(response).split("<main")[1]


def test_saved_answers_are_there_when_one_comes_back_and_nobody_else_sees_them(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    saved = send(cast.board_chair, review, "decide", outcome="review", reason="Half a sentence", save="yes")

    mine = as_(cast.board_chair).get(url_of(review, "decide"))
    theirs = as_(cast.officer).get(url_of(review, "decide"))

    assert saved.status_code == 302
    assert "We kept what you typed" in text(mine)
    assert "Half a sentence" in text(mine)
    assert "There is a problem" not in text(mine)
    assert "Half a sentence" not in text(theirs)


def test_a_file_that_was_saved_for_later_is_there_when_one_comes_back(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    send(cast.officer, review, "record_answer", answer="publish", evidence_file=pdf("letter.pdf"), save="yes")

    page = as_(cast.officer).get(url_of(review, "record_answer"))

    assert "evidence_file_parked" in text(page)
    assert "letter.pdf" in text(page)


def test_a_long_form_sent_after_the_session_ended_comes_back_whole_and_can_be_sent_again(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    client = as_(cast.lead_chair)
    client.logout()

    from_here = {"HTTP_ORIGIN": "http://testserver"}  # as every browser says of a form that this service drew
    elsewhere = client.post(
        url_of(review, "agree_terms"), {"questions": "Planted"}, HTTP_ORIGIN="http://elsewhere.example"
    )
    lost = client.post(url_of(review, "agree_terms"), {"questions": "A long question\nin two lines"}, **from_here)
    client.force_login(cast.lead_chair, backend="dhr.accounts.backends.SignInBackend")
    again = client.post(url_of(review, "agree_terms"), {"questions": "A long question\nin two lines"})

    assert elsewhere.status_code == 302
    assert lost.status_code == 401
    assert "A long question\nin two lines" in text(lost)
    assert again.status_code == 302


@pytest.mark.parametrize("who", ["stranger", "auditor", "team_manager", "administrator", "monitoring"])
def test_a_task_does_not_exist_for_people_without_a_part_in_it_and_their_asking_is_written_down(
    cast: Cast, who: str
) -> None:
    review = build.review_at("decide", cast)
    user = getattr(cast, who)

    responses = [as_(user).get(url_of(review, "decide")), send(user, review, "decide", outcome="review", reason="Mine")]

    assert [response.status_code for response in responses] == [404, 404]
    refused = AuditEntry.objects.filter(event="access.refused", person=user.pk, review=review.pk)
    assert refused.count() == 2
    assert not ReviewDecision.objects.filter(review=review).exists()


def test_nothing_is_written_down_for_a_task_that_does_not_exist(cast: Cast) -> None:
    response = as_(cast.stranger).get(reverse("task", args=[987654]))

    assert response.status_code == 404
    assert not AuditEntry.objects.filter(event="access.refused").exists()


def test_a_member_may_look_at_anothers_task_but_not_do_it(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)

    page = as_(cast.panel_member).get(url_of(review, "upload_draft"))
    refused = send(cast.panel_member, review, "upload_draft", upload=pdf())
    begun = begin(as_(cast.panel_member), url_of(review, "upload_draft"))

    assert page.status_code == 200
    assert "This task is not yours to do" in text(page)
    assert (refused.status_code, begun.status_code) == (403, 403)
    assert AuditEntry.objects.filter(event="access.refused", person=cast.panel_member.pk).count() == 2


def test_a_chair_who_stood_down_with_the_page_open_finds_nothing_there(cast: Cast) -> None:
    review = build.review_at("agree_terms", cast)
    client = as_(cast.lead_chair)
    url = url_of(review, "agree_terms")
    assert client.get(url).status_code == 200
    stand_down(standing_appointments(review).get(user=cast.lead_chair), by=cast.officer, reason="Ill")

    assert client.post(url, {"questions": "Mine"}).status_code == 404
    assert build.is_open(review, "agree_terms")


def test_one_sighting_a_day_is_written_down(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    for _ in range(2):
        as_(cast.board_chair).get(url_of(review, "decide"))

    assert AuditEntry.objects.filter(event="review.viewed", person=cast.board_chair.pk).count() == 1
