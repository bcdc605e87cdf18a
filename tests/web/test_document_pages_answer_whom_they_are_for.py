"""The pages of documents and restrictions: what each shows, to whom, and what it says when it may not be."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts.models import StandingRole
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.models import Review
from restricted_docs.filing import release_to_panel
from restricted_docs.models import Document, Restriction
from restricted_docs.restricting import propose_restriction
from restricted_docs.upload import take_in
from tests.cast import Cast, make_cast
from tests.papers_desk import PDF, TITLE, paper, review_with_everybody
from tests.web.paper_pages import at, body
from tests.web.sending import as_

pytestmark = pytest.mark.django_db

REASONS = "The trial is still to come."
PEOPLE = (
    *("officer", "lead_chair", "second_chair", "author", "panel_member", "board_chair"),
    *("monitoring", "auditor", "stranger", "board_member", "administrator", "team_manager"),
)


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def document(cast: Cast, review: Review) -> Document:
    return paper(review, cast.lead_chair)


PAGES = ("document", "add-version", "release-document", "document-audience", "document-title", "propose-restriction")
VERSIONS = ("document-open", "document-download")
MAY = {  # page: who gets it; who has another part in the review gets 403, everybody else 404
    "document": {"officer", "lead_chair", "second_chair", "author"},
    "add-version": {"officer", "lead_chair"},
    "release-document": {"lead_chair", "second_chair"},
    "document-audience": {"officer", "lead_chair", "second_chair"},
    "document-title": {"officer", "lead_chair", "second_chair"},
    "propose-restriction": {"officer", "lead_chair", "second_chair", "author"},
    "document-open": {"lead_chair", "second_chair", "author"},
    "document-download": {"officer", "lead_chair", "second_chair", "author"},
}
LED = {"document-open": {"officer"}}  # to the pages of the paper: a copy asks for a reason
ON_IT = {"officer", "lead_chair", "second_chair", "author", "panel_member", "board_chair"}


@pytest.mark.parametrize("page", PAGES + VERSIONS)
def test_each_page_answers_only_whom_it_is_for_and_every_refusal_is_one_line(
    cast: Cast, document: Document, page: str
) -> None:
    address = at(document, page, *([1] if page in VERSIONS else []))
    for person in PEOPLE:
        user = getattr(cast, person)
        answer = as_(user).get(address)
        expected = (
            200 if person in MAY[page] else 302 if person in LED.get(page, set()) else 403 if person in ON_IT else 404
        )
        assert (person, answer.status_code) == (person, expected)
        shown = answer.getvalue() if answer.streaming else answer.content
        refusals = AuditEntry.objects.filter(event="access.refused", person=user.pk).count()
        assert refusals == (0 if expected in {200, 302} else 1), person
        if expected != 200:
            assert TITLE.encode() not in shown
            assert PDF[9:40] not in shown
    assert Client().get(address).status_code == 302


def test_a_document_is_found_only_beneath_its_own_review(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    other = reverse("document", args=[uuid.uuid4(), document.pk])
    assert officer.get(other).status_code == 404
    assert officer.get(at(document, "document-open", 2)).status_code == 404
    assert officer.get(at(document, "document-download", 2)).status_code == 404
    assert not AuditEntry.objects.filter(event="access.refused").exists()


def test_the_page_says_what_it_is_who_can_open_it_and_who_has(cast: Cast, document: Document) -> None:
    shown = body(as_(cast.officer).get(at(document)))
    assert TITLE in shown
    assert "the report.pdf" in shown
    assert "Only these 4 people can open it:" in shown
    assert f"{cast.lead_chair.name} (Lead chair)" in shown
    assert "Nobody has opened it yet." in shown
    as_(cast.author).get(at(document, "document-open", 1)).getvalue()
    assert f"{cast.author.name} opened version 1" in body(as_(cast.officer).get(at(document)))
    assert AuditEntry.objects.filter(event="review.viewed", person=cast.officer.pk).count() == 1


def test_the_page_asks_at_most_twenty_things_of_the_database(cast: Cast, document: Document) -> None:
    propose_restriction(document, by=cast.author, paragraphs=[7], public_interest=REASONS)
    officer = as_(cast.officer)
    officer.get(at(document))
    with CaptureQueriesContext(connection) as asked:
        officer.get(at(document))
    assert len(asked) <= 20, [query["sql"][:120] for query in asked]
    few = len(asked)
    for _ in range(3):
        paper(document.review, cast.officer)
        as_(cast.author).get(at(document, "document-open", 1)).getvalue()
    with CaptureQueriesContext(connection) as asked:
        officer.get(at(document))
    assert len(asked) <= few + 1


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("lead_chair", {"Add a version", "Release to the panel", "Change who may open it", "Change the title"}),
        ("officer", {"Add a version", "Change who may open it", "Change the title"}),
        ("author", set()),
    ],
)
def test_only_what_a_person_may_do_is_offered(cast: Cast, document: Document, person: str, words: set[str]) -> None:
    shown = body(as_(getattr(cast, person)).get(at(document)))
    known = {"Add a version", "Release to the panel", "Change who may open it", "Change the title"}
    assert {each for each in known if each in shown} == words
    assert "Propose a restriction" in shown


# title, audience, release


def test_a_title_is_changed_after_a_warning_about_names(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    warned = officer.post(at(document, "document-title"), {"title": "About Quillfeather"})
    assert warned.status_code == 422
    assert "I have checked these words" in body(warned)
    assert "About Quillfeather" in body(warned)
    answer = officer.post(at(document, "document-title"), {"title": "About Quillfeather", "names_checked": "on"})
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.title == "About Quillfeather"
    assert officer.post(at(document, "document-title"), {"title": ""}).status_code == 422


def test_the_audience_is_changed_and_the_page_says_who_is_left(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    asked = body(officer.get(at(document, "document-audience")))
    assert re.search(r'<input[^>]*value="officers_and_chairs"[^>]*checked', asked)
    named = {"audience": "named", "named": [str(cast.panel_member.pk)]}
    answer = officer.post(at(document, "document-audience"), named, follow=True)
    assert "Only these 2 people can open it." in body(answer)
    assert officer.post(at(document, "document-audience"), {"audience": "named"}).status_code == 422
    stranger = {"audience": "named", "named": [str(cast.stranger.pk)]}
    assert officer.post(at(document, "document-audience"), stranger).status_code == 422
    answer = officer.post(at(document, "document-audience"), {"audience": "chairs_only"})
    assert answer.status_code == 302
    assert officer.get(at(document)).status_code == 403


def test_a_chair_releases_to_the_panel_and_confirms_it(cast: Cast, review: Review) -> None:
    advice = paper(review, cast.officer, kind="legal_advice")
    chair = as_(cast.lead_chair)
    assert "Legal advice is not normally shown to the panel" in body(chair.get(at(advice, "release-document")))
    assert chair.post(at(advice, "release-document"), {}).status_code == 422
    answer = chair.post(at(advice, "release-document"), {"confirmed": "on"}, follow=True)
    assert "Released to the panel. Only these 5 people can open it." in body(answer)
    assert as_(cast.panel_member).get(at(advice, "document-page", 1, 1)).status_code == 200
    again = chair.post(at(advice, "release-document"), {"confirmed": "on"})
    assert again.status_code == 409


def test_the_panel_does_not_see_an_unreleased_version_on_the_page(cast: Cast, document: Document) -> None:
    from restricted_docs.filing import add_version

    release_to_panel(document, by=cast.lead_chair)
    add_version(
        document, by=cast.lead_chair, upload=take_in(document.review, "second draft.pdf", PDF, document=document)
    )
    panel = as_(cast.panel_member)
    assert "second draft.pdf" not in body(panel.get(at(document)))
    assert panel.get(at(document, "document-page", 2, 1)).status_code == 403
    assert AuditEntry.objects.filter(event="access.refused", person=cast.panel_member.pk).count() == 1
    assert "second draft.pdf" in body(as_(cast.officer).get(at(document)))


def test_somebody_whose_part_has_ended_loses_the_page_with_the_tab_still_open(cast: Cast, document: Document) -> None:
    author = as_(cast.author)
    assert author.get(at(document)).status_code == 200
    membership = document.review.membership_set.get(user=cast.author)
    memberships.end_membership(document.review, by=cast.officer, membership=membership, reason="Moved on.")
    for page in ("document", "propose-restriction"):
        assert author.get(at(document, page)).status_code == 404
    assert author.get(at(document, "document-open", 1)).status_code == 404


# restrictions


def test_a_restriction_is_proposed_read_and_decided(cast: Cast, document: Document) -> None:
    author, officer = as_(cast.author), as_(cast.monitoring)
    assert officer.get(at(document)).status_code == 404
    asked = author.get(at(document, "propose-restriction"))
    assert "7. Action taken, or to be taken, to prevent, investigate or prosecute crime" in body(asked)
    assert author.post(at(document, "propose-restriction"), {"paragraphs": ["8"]}).status_code == 422
    answer = author.post(
        at(document, "propose-restriction"), {"paragraphs": ["7", "1"], "public_interest": REASONS}, follow=True
    )
    assert "The document counts as restricted until" in body(answer)
    assert "By virtue of paragraph(s) 1, 7 of Part 1 of Schedule 12A" in body(answer)
    assert "Propose a restriction" not in body(author.get(at(document)))
    twice = author.post(at(document, "propose-restriction"), {"paragraphs": ["7"], "public_interest": REASONS})
    assert twice.status_code == 409

    restriction = Restriction.objects.get()
    assert reverse("restrictions") in body(officer.get(reverse("your-account")))
    listed = body(officer.get(reverse("restrictions")))
    decide = reverse("decide-restriction", args=[restriction.pk])
    assert decide in listed
    assert REASONS not in listed
    shown = body(officer.get(decide))
    assert REASONS in shown
    assert at(document) in shown
    assert officer.get(at(document, "document-page", 1, 1)).status_code == 200
    wrong = officer.post(decide, {"upheld": "yes", "reason": "Balance."})
    assert (wrong.status_code, "looked at again" in body(wrong)) == (422, True)
    later = clock.today() + timedelta(days=200)
    boxes = {"review_on_day": later.day, "review_on_month": later.month, "review_on_year": later.year}
    done = officer.post(decide, {"upheld": "yes", "reason": "Balance."} | boxes, follow=True)
    assert "The paper is closed to you again." in body(done)
    assert officer.get(at(document)).status_code == 404
    assert "Balance." in body(officer.get(decide))
    assert officer.post(decide, {"upheld": "no", "reason": "Other."}).status_code == 409


def test_a_refused_proposal_lifts_the_restriction(cast: Cast, document: Document) -> None:
    restriction = propose_restriction(document, by=cast.author, paragraphs=[7], public_interest=REASONS)
    decide = reverse("decide-restriction", args=[restriction.pk])
    assert as_(cast.monitoring).post(decide, {"upheld": "no", "reason": "It must be open."}).status_code == 302
    assert "By virtue" not in body(as_(cast.officer).get(at(document)))


@pytest.mark.parametrize("person", [person for person in PEOPLE if person != "monitoring"])
def test_restrictions_are_the_monitoring_officers_alone(cast: Cast, document: Document, person: str) -> None:
    restriction = propose_restriction(document, by=cast.author, paragraphs=[7], public_interest=REASONS)
    client = as_(getattr(cast, person))
    for name, args in (("restrictions", []), ("decide-restriction", [restriction.pk])):
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 403
        assert TITLE not in body(answer)
        assert REASONS not in body(answer)
    assert client.post(reverse("take-up-proposal", args=[restriction.pk])).status_code == 403
    refusals = AuditEntry.objects.filter(event="access.refused", person=getattr(cast, person).pk)
    assert refusals.count() == 3


def test_another_partnerships_monitoring_officer_finds_nothing(cast: Cast, document: Document) -> None:
    restriction = propose_restriction(document, by=cast.author, paragraphs=[7], public_interest=REASONS)
    elsewhere = as_(make_cast(" elsewhere").monitoring)
    assert document.review.reference not in body(elsewhere.get(reverse("restrictions")))
    for method in ("get", "post"):
        assert getattr(elsewhere, method)(reverse("decide-restriction", args=[restriction.pk])).status_code == 404
    assert elsewhere.post(reverse("take-up-proposal", args=[restriction.pk])).status_code == 404


def test_a_deputy_takes_a_proposal_up_and_nobody_decides_their_own(cast: Cast, document: Document) -> None:
    restriction = propose_restriction(document, by=cast.officer, paragraphs=[7], public_interest=REASONS)
    decide = reverse("decide-restriction", args=[restriction.pk])
    StandingRole.objects.create(user=cast.democratic, role=Standing.MONITORING_OFFICER)
    deputy = as_(cast.democratic)
    assert "Let me see the paper" in body(deputy.get(decide))
    answer = deputy.post(reverse("take-up-proposal", args=[restriction.pk]), follow=True)
    assert at(document) in body(answer)
    StandingRole.objects.create(user=cast.officer, role=Standing.MONITORING_OFFICER)
    own = as_(cast.officer)
    assert "You proposed this yourself." in body(own.get(decide))
    assert own.post(decide, {"upheld": "no", "reason": "x"}).status_code == 403


def test_an_unknown_restriction_does_not_exist(cast: Cast) -> None:
    assert as_(cast.monitoring).get(reverse("decide-restriction", args=[uuid.uuid4()])).status_code == 404
