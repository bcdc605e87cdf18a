"""The page of every task: its form fits its use case, what is typed is never lost, and who came too late reads who was first."""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dhr import clock
from dhr.accounts.models import Notice, User
from dhr.reviews import drafting
from dhr.reviews.models import (
    HomeOfficeAnswer,
    Membership,
    Pack,
    PanelAgreement,
    Publication,
    ReviewDecision,
    Submission,
    Telling,
)
from dhr.reviews.models.drafting import SignOff
from restricted_docs.models import Document
from tests import build
from tests.cast import Cast, make_cast
from tests.web.sending import as_, on, pdf, send, text, url_of
from workflows import engine, starting
from workflows.desk.forms import FORMS
from workflows.desk.jobs import FLOWS
from workflows.models import Step
from workflows.nodes import StepNode

pytestmark = pytest.mark.django_db
NODES = [(name, node) for name, flow in FLOWS.items() for node in flow.instance.nodes() if isinstance(node, StepNode)]
# A step function that passes its answers on names here whose they are.
PASSES_ON: dict[str, tuple[Any, set[str]]] = {
    "agree_draft": (drafting.record_panel_agreement, {"document", "version"}),
    "sign_off": (drafting.sign_off, {"document", "version"}),
    "fact_check": (drafting.record_check, {"document", "version", "kind", "uploaded_by"}),
    "legal_check": (drafting.record_check, {"document", "version", "kind", "uploaded_by"}),
    "check_anonymisation": (drafting.record_check, {"document", "version", "kind", "uploaded_by"}),
    "read_with_family": (drafting.record_family_reading, {"document", "version", "kind", "uploaded_by"}),
}
# Answers that a form puts together from several questions; that they fit is proved by walking through the pages.
PUT_TOGETHER = {
    "appoint_chairs": {"appointments"},
    "prepare_pack": {"items"},
    "decide_publication": {"form"},
    "send_commissioners_copy": {"document", "version"},
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


# ---- every form fits its step


@pytest.mark.parametrize(("flow", "node"), NODES, ids=[f"{flow}.{node.name}" for flow, node in NODES])
def test_every_step_has_a_form(flow: str, node: StepNode) -> None:
    assert (flow, node.name) in FORMS


def test_no_form_is_left_over_from_a_step_that_is_gone() -> None:
    assert set(FORMS) == {(flow, node.name) for flow, node in NODES}


@pytest.mark.parametrize(("flow", "node"), NODES, ids=[f"{flow}.{node.name}" for flow, node in NODES])
def test_what_the_use_case_must_know_is_asked(flow: str, node: StepNode) -> None:
    function, given = PASSES_ON.get(node.name, (node.does, set()))
    wanted = {
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
    } - {"by", "credit", *given}

    assert wanted - set(FORMS[flow, node.name].base_fields) == PUT_TOGETHER.get(node.name, set())


# ---- one review from scoping to its close, each step sent from its page


def walk(cast: Cast) -> dict[str, tuple[User, dict[str, Any]]]:
    """For each node of the shortest way, who sends which answers."""
    chairs = {
        "rows": "3",
        "chair_1": str(build.chair_profile(cast, cast.lead_chair).pk),
        "role_1": "lead_chair",
        "chair_3": str(build.chair_profile(cast, cast.author).pk),
        "role_3": "report_author",
    }
    panel = {"rows": "3", "person_1": str(cast.panel_member.pk), "agency_1": str(cast.police.pk)}
    left_out = dict.fromkeys(("executive_summary", "action_plan", "data_form"), "not_needed")
    checked = {"result": "passed"} | on("done_on")
    officer, chair, board = cast.officer, cast.lead_chair, cast.board_chair
    return {
        "scope_with_agencies": (officer, {"scoped": "yes", "learned": "Two agencies knew them."}),
        "decide": (board, {"outcome": "review", "criteria": ["aged_16", "violence"], "reason": "They are met."}),
        "tell_home_office": (officer, {"how": "email"} | on("done_on")),
        "tell_family": (officer, {"was_possible": "yes", "advocacy_offered": "on", "how": "phone"} | on("done_on")),
        "appoint_chairs": (officer, chairs),
        "declare_independence": (chair, {"statement": "I never worked for an agency in this review."}),
        "convene_panel": (officer, panel),
        "agree_terms": (chair, {"questions": "What was known?"}),
        "open_drafting": (chair, {}),
        "upload_draft": (chair, {"upload": pdf("report.pdf")}),
        "agree_draft": (chair, {"agreed": "yes"} | on("done_on")),
        "fact_check": (officer, checked),
        "legal_check": (officer, checked),
        "check_anonymisation": (officer, checked),
        "read_with_family": (chair, {"result": "declined", "reason": "They prefer not to."} | on("done_on")),
        "sign_off": (board, {"signed_off": "yes", "minute": "SST 12"} | on("done_on")),
        "prepare_pack": (officer, left_out | {"cover_note_file": pdf("note.pdf"), "reason": "It holds everything."}),
        "submit_to_home_office": (
            officer,
            {"address": "DHR enquiries mailbox", "how": "email", "evidence_file": pdf("proof.pdf")} | on("done_on"),
        ),
        "record_answer": (officer, {"answer": "publish", "evidence_file": pdf("letter.pdf")} | on("letter_on")),
        "decide_publication": (officer, {"published": "full"}),
        "publish": (officer, {"address": "https://example.org/reviews"} | on("done_on")),
        "complete_action_plan": (officer, {}),
    }


def test_a_review_walks_from_scoping_to_its_close_through_the_pages(cast: Cast) -> None:
    review, steps = build.notify(cast), walk(cast)
    for _ in range(60):
        review.refresh_from_db()
        if not review.is_open:
            break
        node = next(name for name in steps if build.is_open(review, name))
        user, answers = steps[node]
        if node == "declare_independence":
            user = engine.subject_of(build.step_of(review, node)).user
        if node == "prepare_pack":
            report = Document.objects.get(review=review, kind="overview_report")
            answers = answers | {"overview_report": f"{report.pk}:1"}
        page = as_(user).get(url_of(review, node))
        assert page.status_code == 200, node
        response = send(user, review, node, **answers)
        assert response.status_code == 302, f"{node}: {text(response)}"

    assert review.ending == "closed"
    assert Telling.objects.get(review=review, told="home_office").how == "email"
    assert Pack.objects.get(review=review).items["cover_note"]["version"] == 1
    assert Document.objects.get(pk=Submission.objects.get(review=review).evidence).kind == "proof_of_submission"
    assert Document.objects.get(pk=HomeOfficeAnswer.objects.get(review=review).evidence).title == "Home Office letter"
    assert Publication.objects.get(review=review).form == "full"
    assert PanelAgreement.objects.get(review=review).agreed
    assert SignOff.objects.get(review=review).minute == "SST 12"


def test_the_steps_beside_the_path_are_done_from_their_pages(cast: Cast) -> None:
    review = build.review_at("prepare_pack", cast)
    report = Document.objects.get(review=review, kind="overview_report")
    copy = {"copy": f"{report.pk}:1", "address": "Commissioner", "how": "email"} | on("done_on")

    sent = [
        send(cast.officer, review, "send_commissioners_copy", **copy),
        send(cast.officer, review, "keep_in_touch", sure="on", **on("done_on")),
        send(cast.officer, review, "share_early_learning"),
    ]

    assert [response.status_code for response in sent] == [302, 302, 302]
    assert not Step.objects.filter(review=review, is_main=False).open().exists()


def test_an_agency_returns_and_signs_its_account_and_comes_back_to_its_own_request(cast: Cast) -> None:
    review = build.review_at("appoint_chairs", cast)
    people = {"author": cast.agency_author, "signatory": cast.agency_signatory}
    request = starting.ask_agency(review, by=cast.officer, agency=cast.police, kind="imr", **people)

    returned = send(cast.agency_author, review, "return_account", returned="account", evidence_file=pdf("imr.pdf"))
    signed = send(cast.agency_signatory, review, "sign_account", read="on")

    assert [returned.status_code, signed.status_code] == [302, 302], text(returned)
    assert returned.url == reverse("request", args=[request.pk])
    request.refresh_from_db()
    assert request.state == "signed"
    assert Document.objects.get(review=review).commission == request


def test_a_decision_not_to_review_waits_for_the_home_office(cast: Cast) -> None:
    review = build.notify(cast)
    build.do(review, cast, "scope_with_agencies")
    send(cast.board_chair, review, "decide", outcome="no_review", reason="Not met.")
    for node in ("tell_home_office", "tell_family"):
        build.do(review, cast, node)

    response = send(cast.officer, review, "await_scrutiny", answer="directed", **on("done_on"))

    assert response.status_code == 302, text(response)
    assert build.is_open(review, "appoint_chairs")


def test_what_the_home_office_wants_changed_is_planned_and_published_less(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    asked = {"answer": "publish_after_changes", "evidence_file": pdf()} | on("letter_on")

    sent = [
        send(cast.officer, review, "record_answer", **asked),
        send(cast.officer, review, "plan_changes", board_sees_it_again="no"),
    ]

    assert [response.status_code for response in sent] == [302, 302]
    assert build.is_open(review, "upload_draft")


# ---- bad input


def test_a_form_with_faults_comes_back_with_its_sentences_and_everything_typed(cast: Cast) -> None:
    review = build.review_at("decide", cast)

    response = send(cast.board_chair, review, "decide", outcome="more_information", reason="Wait for the inquest.")

    assert response.status_code == 422
    assert "Say by when the information is needed." in text(response)
    assert "Wait for the inquest." in text(response)
    assert not ReviewDecision.objects.filter(review=review).exists()


def test_what_the_use_case_finds_wrong_stands_beside_its_question(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    Submission.objects.filter(review=review).update(done_on=clock.today() + timedelta(days=30))

    response = send(cast.officer, review, "record_answer", answer="publish", evidence_file=pdf(), **on("letter_on"))

    assert response.status_code == 422
    assert "The letter cannot be older than the submission it answers. Check both dates." in text(response)
    assert 'href="#id_letter_on_day"' in text(response)


def test_a_failing_step_leaves_no_paper_behind(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    Submission.objects.filter(review=review).update(done_on=clock.today() + timedelta(days=30))
    before = Document.objects.count()

    send(cast.officer, review, "record_answer", answer="publish", evidence_file=pdf(), **on("letter_on"))

    assert Document.objects.count() == before


def test_a_good_file_of_a_bad_form_need_not_be_sent_again(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    first = send(cast.officer, review, "record_answer", evidence_file=pdf("letter.pdf"))
    token = text(first).split('name="evidence_file_parked" value="')[1].split('"')[0]

    again = {"answer": "publish", "evidence_file_parked": token, "evidence_file_called": "letter.pdf"} | on("letter_on")
    response = send(cast.officer, review, "record_answer", **again)

    assert first.status_code == 422
    assert response.status_code == 302, text(response)
    assert Document.objects.filter(review=review, kind="home_office_letter").count() == 1


def test_a_step_that_has_to_wait_says_what_for_and_keeps_the_answers(cast: Cast) -> None:
    review = build.review_at("sign_off", cast)
    starting.ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr")

    page = as_(cast.board_chair).get(url_of(review, "sign_off"))
    response = send(cast.board_chair, review, "sign_off", signed_off="yes", minute="SST 99", **on("done_on"))

    assert "Waits for Individual management review (IMR) - Testton Hospital Trust." in text(page)
    assert response.status_code == 422
    assert "Board sign-off waits for" in text(response)
    assert "SST 99" in text(response)


def test_a_row_is_added_without_a_script_and_keeps_what_was_typed(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)

    response = send(cast.officer, review, "convene_panel", rows="3", person_2=str(cast.panel_member.pk), add_row="yes")

    assert response.status_code == 200
    assert "Agency of member 4" in text(response)
    assert f'value="{cast.panel_member.pk}" selected' in text(response)
    assert "There is a problem" not in text(response)


def test_a_chair_who_is_not_on_the_register_is_entered_invited_and_appointed_at_once(cast: Cast) -> None:
    review = build.review_at("appoint_chairs", cast)
    new = {"rows": "1", "new_name": "Nora Newchair", "new_email": "nora@example.org", "new_role": "lead_chair"}

    response = send(cast.officer, review, "appoint_chairs", **new)

    assert response.status_code == 302, text(response)
    invited = User.objects.get(email="nora@example.org")
    assert invited.invited_and_not_yet_here
    assert Notice.objects.filter(to=invited, kind="invitation").exists()
    assert engine.subject_of(build.step_of(review, "declare_independence")).chair.name == "Nora Newchair"


def test_a_panel_member_without_an_account_is_invited_with_the_panel(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)
    new = {"rows": "1", "new_name": "Pam Panel", "new_email": "pam@example.org", "new_agency": str(cast.refuge.pk)}

    response = send(cast.officer, review, "convene_panel", **new)

    assert response.status_code == 302, text(response)
    assert Membership.objects.get(review=review, user__email="pam@example.org").agency == cast.refuge
