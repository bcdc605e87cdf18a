"""Your work and the lists of reviews: what they show to whom, and that their queries do not grow with the reviews."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dhr import clock as the_clock
from dhr.audit.models import AuditEntry
from dhr.govuk.spreadsheets import harmless
from dhr.reviews import actions, family, identities
from dhr.reviews.models import Review
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine, pausing, starting
from workflows.desk import work

pytestmark = pytest.mark.django_db

LISTS = 12
PAGES = 20


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="dhr.accounts.backends.SignInBackend")
    return client


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def queries(client: Client, address: str) -> int:
    """Queries of the second visit: the first writes the day's line and reads what a process reads once."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len([query for query in caught if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("officer", "your-work"),
        ("lead_chair", "your-work"),
        ("panel_member", "your-work"),
        ("agency_author", "your-work"),
        ("officer", "reviews"),
        ("lead_chair", "reviews"),
        ("officer", "reviews-download"),
        ("board_member", "board-summary"),
        ("team_manager", "caseload"),
    ],
)
def test_a_list_asks_at_most_twelve_queries_however_many_reviews_there_are(cast: Cast, who: str, name: str) -> None:
    client, counts = signed_in(getattr(cast, who)), []
    for _ in range(3):
        review = build.review_at("upload_draft", cast)
        starting.ask_agency(review, by=cast.officer, agency=cast.police, kind="imr", author=cast.agency_author)
        actions.add_action(
            review, by=cast.officer, text="Do it.", scope="local", lead_agency=cast.police, owner=cast.panel_member
        )
        counts.append(queries(client, reverse(name)))
    logged = (
        8 if name in {"reviews-download", "board-summary", "caseload"} else 0
    )  # the line in the log, in its transaction
    assert max(counts) <= LISTS + logged, counts
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("who", ["officer", "lead_chair", "panel_member"])
def test_a_review_page_asks_at_most_twenty_queries_however_much_is_on_it(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    review = build.review_at("sign_off", cast)
    names = ["review", "review-documents", "review-people", "review-actions", "review-history", "review-process"]
    names += [] if who == "panel_member" else ["review-details", "review-family", "review-report", "review-requests"]
    before = {name: queries(client, reverse(name, args=[review.pk])) for name in names}
    for agency in (cast.police, cast.hospital, cast.refuge):
        starting.ask_agency(review, by=cast.officer, agency=agency, kind="imr", scope="All of it.")
        actions.add_action(review, by=cast.officer, text="Do it.", scope="local", lead_agency=agency)
        build.paper(review, cast.officer)
        relative = family.add_relative(review, by=cast.officer, name="Ottoline Nobody", known_as="Mother")
        family.record_contact(relative, by=cast.officer, on=the_clock.today(), note="By phone.")
    build.review_at("upload_draft", cast)
    after = {name: queries(client, reverse(name, args=[review.pk])) for name in names}
    assert max(after.values()) <= PAGES, after
    assert all(after[name] <= before[name] + 4 for name in names), (before, after)  # a kind that was empty before


def test_your_work_groups_tasks_by_when_they_are_due(cast: Cast, clock: Any) -> None:
    late = build.notify(cast)
    clock(the_clock.now() + timedelta(days=20))
    soon = build.notify(cast)
    later = build.review_at("upload_draft", cast)
    shown = words(signed_in(cast.officer).get("/"))
    overdue, fourteen, others = (shown.index(word) for word in ("Overdue", "Due in 14 days", "Waiting on others"))
    assert overdue < shown.index(late.reference) < fourteen < shown.index(soon.reference)
    assert "6 days late" in shown
    assert (
        f"Upload a version of the report , {later.reference} {later.reference} . Waits for: Chair or report author"
        in shown[others:].replace(f"{later.reference}. ", f"{later.reference} . ")
    )


def test_more_tasks_than_fit_are_not_left_out_without_a_word(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Only the most urgent tasks are shown here"
    for _ in range(3):
        build.review_at("decide", cast)
    client = signed_in(cast.officer)
    assert said not in words(client.get(reverse("your-work")))
    monkeypatch.setattr(work, "MOST", 2)
    shown = client.get(reverse("your-work"))
    assert said in words(shown)
    assert reverse("reviews") in shown.content.decode()


def test_a_suspended_reviews_tasks_stand_by_themselves(cast: Cast) -> None:
    review = build.notify(cast)
    pausing.suspend(review, by=cast.officer, code="inquest", reason="It opens soon.")
    shown = words(signed_in(cast.officer).get("/"))
    assert shown.index("Suspended (1)") < shown.index("Scope with agencies")
    assert "Due in 14 days" not in shown


def test_a_chair_finds_three_links_and_the_officers_telephone_at_once(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    body = signed_in(cast.lead_chair).get("/").content.decode()
    assert reverse("review-documents", args=[review.pk]) in body
    assert reverse("task", args=[build.step_of(review, "upload_draft").pk]) in body
    assert "Your next task" in body
    assert "Olive Officer" in body
    assert "0151 496 0456" in body
    assert "Waiting on others" not in body


def test_an_agencys_people_and_an_actions_owner_find_only_their_own(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    mine = starting.ask_agency(review, by=cast.officer, agency=cast.police, kind="imr", author=cast.agency_author)
    starting.ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr")
    action = actions.add_action(
        review, by=cast.officer, text="Do it.", scope="local", lead_agency=cast.refuge, owner=cast.stranger
    )
    author = signed_in(cast.agency_author).get("/").content.decode()
    assert reverse("request", args=[mine.pk]) in author
    assert "Testton Hospital" not in author
    owner = signed_in(cast.stranger).get("/").content.decode()
    assert reverse("action", args=[action.pk]) in owner
    assert "Testside" not in owner


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("monitoring", "restrictions"),
        ("auditor", "access-log"),
        ("administrator", "people"),
        ("team_manager", "caseload"),
    ],
)
def test_who_works_on_no_review_finds_their_own_page(cast: Cast, who: str, name: str) -> None:
    assert reverse(name) in signed_in(getattr(cast, who)).get("/").content.decode()


def test_the_list_shows_only_reviews_of_the_reader_and_narrows_them(cast: Cast) -> None:
    first, second = build.review_at("upload_draft", cast), build.notify(cast)
    client = signed_in(cast.officer)
    everything = words(client.get(reverse("reviews")))
    assert "2 reviews" in everything
    assert first.reference in everything
    assert second.reference in everything
    drafting = words(client.get(reverse("reviews"), {"stage": "drafting"}))
    assert first.reference in drafting
    assert second.reference not in drafting
    assert "Chair or report author" in drafting
    assert second.reference in words(client.get(reverse("reviews"), {"reference": second.reference}))
    none = words(client.get(reverse("reviews"), {"reference": "DHR999"}))
    assert "No review fits this" in none
    assert "Show all live reviews" in none
    chair = words(signed_in(cast.lead_chair).get(reverse("reviews")))
    assert first.reference in chair
    assert second.reference not in chair
    nothing = words(signed_in(cast.stranger).get(reverse("reviews")))
    assert "0 reviews" in nothing
    assert second.reference not in nothing


def test_late_and_suspended_reviews_can_be_asked_for(cast: Cast, clock: Any) -> None:
    late, paused = build.notify(cast), build.notify(cast)
    pausing.suspend(paused, by=cast.officer, code="inquest", reason="It opens soon.")
    clock(the_clock.now() + timedelta(days=20))
    client = signed_in(cast.officer)
    only_late = words(client.get(reverse("reviews"), {"only": "late"}))
    assert late.reference in only_late
    assert "6 days" in only_late
    assert paused.reference not in only_late
    only_paused = words(client.get(reverse("reviews"), {"only": "suspended"}))
    assert paused.reference in only_paused
    assert late.reference not in only_paused


def test_the_list_sorts_and_says_so_to_a_screen_reader(cast: Cast) -> None:
    first, second = build.notify(cast), build.notify(cast)
    client = signed_in(cast.officer)
    up = client.get(reverse("reviews"), {"sort": "reference"}).content.decode()
    assert 'aria-sort="ascending"' in up
    assert up.index(f">{first.reference}<") < up.index(f">{second.reference}<")
    down = client.get(reverse("reviews"), {"sort": "-reference"}).content.decode()
    assert down.index(f">{second.reference}<") < down.index(f">{first.reference}<")
    assert client.get(reverse("reviews"), {"sort": "pseudonym; drop"}).status_code == 200


def test_a_pseudonym_is_looked_for_without_standing_in_an_address(cast: Cast) -> None:
    review = build.notify(cast)
    build.notify(cast)
    identities.choose_pseudonym(review, by=cast.officer, pseudonym="Rowan")
    client = signed_in(cast.officer)
    found = client.post(reverse("reviews"), {"known_as": "row"})
    assert found.status_code == 302
    assert found["Location"] == reverse("review", args=[review.pk])
    nobody = client.post(reverse("reviews"), {"known_as": "Somebody"})
    assert nobody.status_code == 200
    assert "0 reviews" in words(nobody)
    assert client.post(reverse("reviews"), {"known_as": ""}).status_code == 422
    searches = AuditEntry.objects.filter(event="list.searched")
    assert searches.count() == 2
    assert not any("omebody" in entry.details for entry in searches)


def test_what_is_downloaded_is_what_was_seen_and_stands_in_the_log(cast: Cast) -> None:
    first, second = build.review_at("upload_draft", cast), build.notify(cast)
    identities.choose_pseudonym(first, by=cast.officer, pseudonym="=HYPERLINK(1)")
    response = signed_in(cast.officer).get(reverse("reviews-download"), {"stage": "drafting"})
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert [row[0] for row in rows] == ["Reference", first.reference]
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert second.reference not in response.content.decode()
    assert AuditEntry.objects.filter(event="list.exported", person=cast.officer.pk).count() == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\N{FULLWIDTH EQUALS SIGN}1"])
def test_no_cell_of_a_download_starts_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("DHR12") == "DHR12"


def test_the_board_sees_stages_and_dates_and_no_way_into_a_review(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    pausing.suspend(review, by=cast.officer, code="criminal_proceedings", reason=build.CANARY_TEXT)
    build.notify(cast)
    elsewhere = build.notify(make_cast(" Elsewhere"), notified_on=the_clock.today() - timedelta(days=400))
    for person in (cast.board_member, cast.democratic, cast.team_manager):
        response = signed_in(person).get(reverse("board-summary"))
        body = response.content.decode()
        assert review.reference in body
        assert "Suspended: Criminal proceedings" in body
        assert "Chair or report author" in body
        assert "<svg" in body
        assert "style=" not in body
        assert str(review.pk) not in body
        assert build.CANARY_TEXT not in body
        assert build.CANARY_NAME not in body
        assert f">{elsewhere.reference}<" not in body
    assert AuditEntry.objects.filter(event="board.summary_viewed").count() == 3
    for person in (cast.lead_chair, cast.stranger, cast.auditor):
        assert signed_in(person).get(reverse("board-summary")).status_code == 403


def test_the_team_manager_hands_a_vanished_officers_reviews_over_without_reading_them(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)
    step = build.step_of(review, "convene_panel")
    engine.reassign(step, by=cast.officer, to=cast.officer, reason="It is mine.")
    client = signed_in(cast.team_manager)
    shown = client.get(reverse("caseload")).content.decode()
    assert "Olive Officer" in shown
    assert review.reference in shown
    assert str(review.pk) not in shown
    response = client.post(
        reverse("hand-over"), {"absent": cast.officer.pk, "to": cast.second_officer.pk, "reason": "Long leave."}
    )
    assert response.status_code == 302
    assert signed_in(cast.officer).get(reverse("review", args=[review.pk])).status_code == 404
    assert signed_in(cast.second_officer).get(reverse("review", args=[review.pk])).status_code == 200
    step.refresh_from_db()
    assert step.owner == cast.second_officer
    assert client.get(reverse("review", args=[review.pk])).status_code == 404
    for person in (cast.officer, cast.board_member):
        assert signed_in(person).get(reverse("caseload")).status_code == 403
        assert signed_in(person).get(reverse("hand-over")).status_code == 403
    assert Review.objects.count() == 1
