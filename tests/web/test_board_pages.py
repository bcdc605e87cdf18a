"""The pages of the board's meetings: an agenda as the public sees it, and who may change what."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dhr import clock
from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.board import papers
from dhr.board.meetings import add_item, add_meeting, close_item, issue_agenda, resolve
from dhr.board.models import AgendaItem, BoardMeeting, Resolution
from dhr.board.reading import put_paper
from dhr.reviews.models import Review
from tests import build
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
PLACEHOLDER = "By virtue of paragraph(s) 7 of Part 1 of Schedule 12A"
PAPER = UUID("7f3f0c52-8b2e-4c41-9a51-7f5d3a0f8a11")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return build.notify(cast)


@pytest.fixture
def meeting(cast: Cast) -> BoardMeeting:
    on = clock.today() + timedelta(days=30)
    made: BoardMeeting = add_meeting(cast.partnership, by=cast.democratic, on=on, at=time(10), venue="Town Hall")
    return made


@pytest.fixture
def item(cast: Cast, meeting: BoardMeeting, review: Review) -> AgendaItem:
    facts = {"title": "Report of the joint chairs", "presented_by": "Joint chairs"}
    made: AgendaItem = add_item(meeting, by=cast.democratic, review=review, **facts)
    return made


@pytest.fixture(autouse=True)
def _papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package above that shows the paper to the board's member alone."""
    monkeypatch.setattr(papers, "_known", {})

    def line_of(paper: UUID, user: Any) -> papers.PaperLine:
        named = user.name == "Ben Board"
        return papers.PaperLine("The overview report", f"/papers/{paper}/") if named else papers.PaperLine(PLACEHOLDER)

    papers.register(line_of, lambda review, user: [(PAPER, "The overview report")])


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("officer", 200),
        ("team_manager", 200),
        ("board_chair", 200),
        ("board_member", 200),
        ("democratic", 200),
        ("monitoring", 403),
        ("auditor", 403),
        ("lead_chair", 403),
        ("stranger", 403),
    ],
)
def test_who_sees_the_meetings(cast: Cast, meeting: BoardMeeting, item: AgendaItem, key: str, status: int) -> None:
    client = as_(getattr(cast, key))
    for address in (reverse("meetings"), reverse("meeting", args=[meeting.pk])):
        response = client.get(address)
        assert response.status_code == status
        assert build.CANARY_NAME not in text(response)
    assert ("Report of the joint chairs" in text(response)) is (status == 200)
    seen = AuditEntry.objects.filter(event="board.meeting_viewed", person=getattr(cast, key).pk)
    assert seen.count() == (1 if status == 200 else 0)


def test_another_partnerships_meeting_does_not_exist(cast: Cast, meeting: BoardMeeting, item: AgendaItem) -> None:
    other = make_cast(" Elsewhere")
    client = as_(other.democratic)
    for name in ("meeting", "issue-agenda", "confirm-minutes", "add-item"):
        assert client.get(reverse(name, args=[meeting.pk])).status_code == 404
    for name in ("close-item", "resolve"):
        assert client.post(reverse(name, args=[item.pk])).status_code == 404
    assert as_(other.officer).get(reverse("put-paper", args=[item.pk])).status_code == 404
    assert "Town Hall" not in text(client.get(reverse("meetings")))


@pytest.mark.parametrize("key", ["board_chair", "board_member", "team_manager", "auditor", "stranger"])
def test_who_may_not_keep_meetings(cast: Cast, meeting: BoardMeeting, item: AgendaItem, key: str) -> None:
    client = as_(getattr(cast, key))
    pages = [reverse("add-meeting"), *(reverse(name, args=[meeting.pk]) for name in ("add-item", "issue-agenda"))]
    pages += [reverse(name, args=[item.pk]) for name in ("close-item", "resolve", "put-paper")]
    for address in (*pages, reverse("confirm-minutes", args=[meeting.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403


def test_a_meeting_is_added(cast: Cast) -> None:
    client = as_(cast.democratic)
    given = {"on_day": "8", "on_month": "Sep", "on_year": "2026", "at": "10.00 am", "venue": "Remote", "remote": "yes"}
    response = client.post(reverse("add-meeting"), given | {"at": "late", "venue": ""})
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"at", "venue"})
    response = client.post(reverse("add-meeting"), given)
    meeting = BoardMeeting.objects.get()
    assert response.headers["Location"] == reverse("meeting", args=[meeting.pk])
    assert (meeting.on.isoformat(), meeting.at, meeting.remote) == ("2026-09-08", time(10), True)
    response = client.post(reverse("add-meeting"), given)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"on"})


def test_a_title_that_names_somebody_asks_for_a_tick_and_then_stands(
    cast: Cast, meeting: BoardMeeting, review: Review
) -> None:
    client, address = as_(cast.democratic), reverse("add-item", args=[meeting.pk])
    assert "names_checked" not in text(client.get(address))
    given = {"title": "The death of Zephyrine", "kind": "report", "review": str(review.pk)}
    response = client.post(address, given)
    assert response.status_code == 422
    assert 'name="names_checked"' in text(response)
    assert "The death of Zephyrine" in text(response)
    assert client.post(address, given | {"names_checked": "on"}).status_code == 302
    assert AgendaItem.objects.get().title == "The death of Zephyrine"


def test_the_paper_is_shown_as_the_package_above_says(cast: Cast, meeting: BoardMeeting, item: AgendaItem) -> None:
    put_paper(item, by=cast.officer, paper=PAPER)
    address = reverse("meeting", args=[meeting.pk])
    public, named = text(as_(cast.democratic).get(address)), text(as_(cast.board_member).get(address))
    assert PLACEHOLDER in public
    assert "overview report" not in public
    assert str(PAPER) not in public
    assert f'href="/papers/{PAPER}/"' in named


def test_without_that_package_the_paper_is_restricted(
    cast: Cast, meeting: BoardMeeting, item: AgendaItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_paper(item, by=cast.officer, paper=PAPER)
    monkeypatch.setattr(papers, "_known", {})
    page = text(as_(cast.board_member).get(reverse("meeting", args=[meeting.pk])))
    assert "Document is Restricted" in page
    assert str(PAPER) not in page


def test_the_officer_puts_a_paper_and_nobody_is_ticked_beforehand(
    cast: Cast, meeting: BoardMeeting, item: AgendaItem
) -> None:
    client, address = as_(cast.officer), reverse("put-paper", args=[item.pk])
    assert "checked" not in text(client.get(address))
    assert client.post(address, {"paper": str(uuid4())}).status_code == 422
    assert client.post(address, {"paper": str(PAPER), "readers": [str(cast.stranger.pk)]}).status_code == 422
    assert client.post(address, {"paper": str(PAPER), "readers": [str(cast.board_member.pk)]}).status_code == 302
    item.refresh_from_db()
    assert item.paper == PAPER
    assert [reader.user for reader in item.readers.named()] == [cast.board_member]
    page = reverse("meeting", args=[meeting.pk])
    assert "May open the paper: Ben Board" in text(client.get(page))
    assert "May open the paper" not in text(as_(cast.democratic).get(page))


@pytest.mark.parametrize("key", ["second_officer", "democratic"])
def test_only_the_reviews_own_officer_puts_a_paper(cast: Cast, item: AgendaItem, key: str) -> None:
    client, address = as_(getattr(cast, key)), reverse("put-paper", args=[item.pk])
    assert client.get(address).status_code == client.post(address, {"paper": str(PAPER)}).status_code == 403


def test_short_notice_is_said_and_not_refused(cast: Cast, item: AgendaItem) -> None:
    soon = add_meeting(
        cast.partnership, by=cast.officer, on=clock.today() + timedelta(days=1), at=time(9), venue="Here"
    )
    add_item(soon, by=cast.officer, title="DHR update")
    client, address = as_(cast.democratic), reverse("issue-agenda", args=[soon.pk])
    assert "0 clear working days" in text(client.get(address))
    page = text(client.post(address, follow=True))
    assert "The agenda has been issued" in page
    assert "0 clear working days" in page
    assert "clear working" not in text(client.get(reverse("issue-agenda", args=[item.meeting_id])))


def test_an_item_is_closed(cast: Cast, meeting: BoardMeeting, item: AgendaItem) -> None:
    client, address = as_(cast.democratic), reverse("close-item", args=[item.pk])
    assert client.get(address).status_code == 200
    page = text(client.post(address, follow=True))
    assert "Closed" in page
    assert address not in page


def test_a_further_report_is_shown_where_it_is_due(cast: Cast, meeting: BoardMeeting, item: AgendaItem) -> None:
    later = add_meeting(
        cast.partnership, by=cast.officer, on=meeting.on + timedelta(days=90), at=time(10), venue="Town Hall"
    )
    client, address = as_(cast.democratic), reverse("resolve", args=[item.pk])
    wording = "That a further report on the recruitment of chairs be submitted."
    given = {"kind": "further_report", "due_meeting": str(later.pk), "text": wording}
    assert client.post(address, given | {"text": ""}).status_code == 422
    assert client.post(address, given | {"due_meeting": str(meeting.pk)}).status_code == 422
    assert client.post(address, given).status_code == 302
    assert Resolution.objects.get().due_meeting == later
    for page in (meeting, later):
        assert wording in text(client.get(reverse("meeting", args=[page.pk])))


def test_minutes_are_confirmed_with_their_day(cast: Cast) -> None:
    on = clock.today() - timedelta(days=20)
    meeting = add_meeting(cast.partnership, by=cast.democratic, on=on, at=time(10), venue="Town Hall")
    client, address = as_(cast.democratic), reverse("confirm-minutes", args=[meeting.pk])
    assert address in text(client.get(reverse("meeting", args=[meeting.pk])))

    def day(when: Any) -> dict[str, str]:
        return {f"confirmed_on_{part}": str(getattr(when, part)) for part in ("day", "month", "year")}

    assert client.post(address, day(on - timedelta(days=1))).status_code == 422
    assert client.post(address, day(clock.today())).status_code == 302
    assert "Not confirmed" not in text(client.get(reverse("meetings")))


def test_an_agenda_takes_as_many_queries_for_twelve_items_as_for_one(
    cast: Cast, meeting: BoardMeeting, item: AgendaItem
) -> None:
    resolve(item, by=cast.democratic, text="That the report be noted.", kind="noted")
    issue_agenda(meeting, by=cast.democratic)
    client, address = as_(cast.democratic), reverse("meeting", args=[meeting.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    queries()  # the session's first page writes to it
    for_one = queries()
    for number in range(11):
        more = add_item(meeting, by=cast.democratic, title=f"Item {number}", review=item.review)
        resolve(more, by=cast.democratic, text="That the report be noted.", kind="noted")
        close_item(more, by=cast.democratic)
    assert queries() == for_one <= 22
