"""The board's meetings: what is public, who may open a paper and until when, and what was resolved."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access.roles import Role
from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.board import papers
from dhr.board.meetings import add_item, add_meeting, close_item, confirm_minutes, issue_agenda, resolve
from dhr.board.models import AgendaItem, BoardMeeting, PaperReader
from dhr.board.notice import clear_days, short_notice
from dhr.board.reading import members_of_the_board, put_paper
from dhr.govuk.wording import NAMES
from dhr.reviews import memberships
from dhr.reviews.models import Membership, Review
from dhr.usecase import AlreadyDone, NotYet, Refused
from tests import build
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return build.notify(cast)


def meeting_in(cast: Cast, days: int) -> BoardMeeting:
    on = clock.today() + timedelta(days=days)
    made: BoardMeeting = add_meeting(cast.partnership, by=cast.democratic, on=on, at=time(10), venue="Town Hall")
    return made


@pytest.fixture
def meeting(cast: Cast) -> BoardMeeting:
    return meeting_in(cast, 30)


def item_on(meeting: BoardMeeting, cast: Cast, review: Review | None, **facts: Any) -> AgendaItem:
    made: AgendaItem = add_item(meeting, by=cast.democratic, review=review, **{"title": "DHR update"} | facts)
    return made


def readers_of(paper: Any) -> set[int]:
    """Who has a membership for this paper that counts now."""
    held = Membership.objects.current().filter(role=Role.BOARD_READER, paper=paper, ended_at=None)
    return set(held.values_list("user_id", flat=True))


def events(name: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=name).order_by("seq"))


# ---- meetings and agendas


def test_only_those_who_keep_meetings_add_one(cast: Cast) -> None:
    for by in (cast.board_chair, cast.board_member, cast.team_manager, cast.auditor, cast.stranger):
        with pytest.raises(Refused):
            add_meeting(cast.partnership, by=by, on=clock.today(), at=time(10), venue="Town Hall")
    meeting_in(cast, 3)
    assert BoardMeeting.objects.count() == 1
    assert len(events("board.meeting_added")) == 1


def test_one_time_has_one_meeting(cast: Cast, meeting: BoardMeeting) -> None:
    with pytest.raises(ValidationError) as refused:
        add_meeting(cast.partnership, by=cast.officer, on=meeting.on, at=meeting.at, venue="Remote")
    assert list(refused.value.message_dict) == ["on"]


def test_another_partnerships_meeting_is_left_alone(cast: Cast, meeting: BoardMeeting) -> None:
    other = make_cast(" Elsewhere")
    item = item_on(meeting, cast, None)
    for attempt in (
        lambda: add_item(meeting, by=other.democratic, title="Theirs"),
        lambda: issue_agenda(meeting, by=other.democratic),
        lambda: close_item(item, by=other.democratic),
        lambda: resolve(item, by=other.democratic, text="That it be noted.", kind="noted"),
        lambda: confirm_minutes(meeting, by=other.democratic, confirmed_on=meeting.on),
    ):
        with pytest.raises(Refused):
            attempt()


def test_items_are_numbered_in_the_order_they_are_added(cast: Cast, meeting: BoardMeeting, review: Review) -> None:
    assert [item_on(meeting, cast, about).number for about in (None, review, None)] == [1, 2, 3]
    line = events("board.item_added")[1]
    assert (line.review, line.reference) == (review.pk, review.reference)


@pytest.mark.parametrize("field", ["title", "presented_by"])
@pytest.mark.parametrize("text", ["The death of Zephyrine", "Lena Leadchair"])
def test_public_wording_that_names_somebody_of_the_review_is_refused_until_checked(
    cast: Cast, meeting: BoardMeeting, review: Review, field: str, text: str
) -> None:
    memberships_of_a_chair(review, cast)
    with pytest.raises(ValidationError) as refused:
        item_on(meeting, cast, review, **{field: text})
    assert [error.code for error in refused.value.error_dict[field]] == [NAMES]
    assert "Zephyrine" not in str(refused.value)
    item_on(meeting, cast, review, **{field: text}, names_checked=True)
    item_on(meeting, cast, None, **{field: text})


def memberships_of_a_chair(review: Review, cast: Cast) -> None:
    memberships.add_member(review, by=cast.officer, user=cast.lead_chair, role=Role.PANEL_MEMBER, agency=cast.police)


def test_an_empty_agenda_is_not_issued_and_one_is_issued_once(cast: Cast, meeting: BoardMeeting) -> None:
    with pytest.raises(NotYet):
        issue_agenda(meeting, by=cast.democratic)
    item_on(meeting, cast, None)
    issue_agenda(meeting, by=cast.democratic)
    assert meeting.agenda_issued_on == clock.today()
    with pytest.raises(AlreadyDone):
        issue_agenda(meeting, by=cast.democratic)


def test_clear_days_count_neither_end_and_no_weekend() -> None:
    thursday = date(2022, 9, 8)
    assert clear_days(date(2022, 8, 31), thursday) == 5
    assert short_notice(date(2022, 8, 31), thursday) == ""
    assert "are 4 clear working days" in short_notice(date(2022, 9, 1), thursday)
    assert "is 1 clear working day;" in short_notice(date(2022, 9, 6), thursday)
    assert clear_days(thursday, thursday) == clear_days(date(2022, 9, 9), thursday) == 0


# ---- who may open a paper


def test_nobody_may_open_a_paper_unless_named(cast: Cast, meeting: BoardMeeting, review: Review) -> None:
    item, paper = item_on(meeting, cast, review), uuid4()
    put_paper(item, by=cast.officer, paper=paper)
    issue_agenda(meeting, by=cast.democratic)
    assert (item.paper, readers_of(paper)) == (paper, set())
    assert events("board.paper_named") == []


def test_a_named_member_may_open_it_from_the_agendas_issue_until_the_item_closes(
    cast: Cast, meeting: BoardMeeting, review: Review
) -> None:
    item, paper = item_on(meeting, cast, review), uuid4()
    put_paper(item, by=cast.officer, paper=paper, readers=[cast.board_member])
    assert readers_of(paper) == set()
    issue_agenda(meeting, by=cast.democratic)
    assert readers_of(paper) == {cast.board_member.pk}
    assert not User.objects.get(pk=cast.board_member.pk).has_perm("reviews.view_review", review)
    close_item(item, by=cast.democratic)
    assert readers_of(paper) == set()
    assert not item.readers.named().exists()
    assert [line.facts["whom"] for line in events("board.paper_named")] == [cast.board_member.pk]
    with pytest.raises(AlreadyDone):
        close_item(item, by=cast.democratic)


def test_naming_after_the_issue_counts_at_once_and_naming_again_replaces(
    cast: Cast, meeting: BoardMeeting, review: Review
) -> None:
    item, paper, other = item_on(meeting, cast, review), uuid4(), uuid4()
    issue_agenda(meeting, by=cast.democratic)
    put_paper(item, by=cast.officer, paper=paper, readers=[cast.board_member, cast.board_chair])
    assert readers_of(paper) == {cast.board_member.pk, cast.board_chair.pk}
    put_paper(item, by=cast.officer, paper=paper, readers=[cast.board_chair])
    assert readers_of(paper) == {cast.board_chair.pk}
    assert PaperReader.objects.filter(item=item, user=cast.board_chair).count() == 1
    put_paper(item, by=cast.officer, paper=other, readers=[cast.board_chair])
    assert (readers_of(paper), readers_of(other)) == (set(), {cast.board_chair.pk})


def test_a_paper_on_two_agendas_stays_open_until_the_second_item_closes(cast: Cast, review: Review) -> None:
    paper, items = uuid4(), []
    for days in (10, 40):
        meeting = meeting_in(cast, days)
        items.append(item_on(meeting, cast, review))
        issue_agenda(meeting, by=cast.democratic)
        put_paper(items[-1], by=cast.officer, paper=paper, readers=[cast.board_member])
    close_item(items[0], by=cast.democratic)
    assert readers_of(paper) == {cast.board_member.pk}
    close_item(items[1], by=cast.democratic)
    assert readers_of(paper) == set()


def test_an_item_closed_before_the_issue_gives_nobody_access(cast: Cast, meeting: BoardMeeting, review: Review) -> None:
    item, paper = item_on(meeting, cast, review), uuid4()
    put_paper(item, by=cast.officer, paper=paper, readers=[cast.board_member])
    close_item(item, by=cast.democratic)
    issue_agenda(meeting, by=cast.democratic)
    assert readers_of(paper) == set()
    with pytest.raises(NotYet, match="closed"):
        put_paper(item, by=cast.officer, paper=paper, readers=[cast.board_member])


@pytest.mark.parametrize("key", ["democratic", "lead_chair", "stranger", "monitoring"])
def test_only_members_of_the_board_are_named(cast: Cast, meeting: BoardMeeting, review: Review, key: str) -> None:
    item = item_on(meeting, cast, review)
    with pytest.raises(ValidationError, match="not on the board"):
        put_paper(item, by=cast.officer, paper=uuid4(), readers=[getattr(cast, key)])


def test_another_boards_member_is_not_named(cast: Cast, meeting: BoardMeeting, review: Review) -> None:
    other = make_cast(" Elsewhere")
    with pytest.raises(ValidationError, match="not on the board"):
        put_paper(item_on(meeting, cast, review), by=cast.officer, paper=uuid4(), readers=[other.board_member])
    assert members_of_the_board(cast.partnership) == [cast.board_chair, cast.board_member]


def test_only_the_reviews_officer_puts_a_paper_and_only_to_an_item_about_it(
    cast: Cast, meeting: BoardMeeting, review: Review
) -> None:
    item = item_on(meeting, cast, review)
    for by in (cast.democratic, cast.second_officer, cast.board_chair):
        with pytest.raises(Refused):
            put_paper(item, by=by, paper=uuid4(), readers=[cast.board_member])
    with pytest.raises(NotYet, match="about no review"):
        put_paper(item_on(meeting, cast, None), by=cast.officer, paper=uuid4())


# ---- resolutions and minutes


def test_a_resolution_is_public_and_names_nobody(cast: Cast, meeting: BoardMeeting, review: Review) -> None:
    item = item_on(meeting, cast, review)
    with pytest.raises(ValidationError) as refused:
        resolve(item, by=cast.democratic, text="That Quillfeather be noted.", kind="noted")
    assert list(refused.value.error_dict) == ["text"]
    resolve(item, by=cast.democratic, text="That the report be noted.", kind="noted")
    assert [line.facts["outcome"] for line in events("board.meeting_changed")] == ["noted"]


def test_a_further_report_is_due_at_a_later_meeting(cast: Cast, meeting: BoardMeeting) -> None:
    item, later = item_on(meeting, cast, None), meeting_in(cast, 60)
    text = "That a further report be submitted on the recruitment of chairs."
    for due, kind in ((later, "noted"), (meeting, "further_report"), (meeting_in(cast, 5), "further_report")):
        with pytest.raises(ValidationError) as refused:
            resolve(item, by=cast.democratic, text=text, kind=kind, due_meeting=due)
        assert list(refused.value.error_dict) == ["due_meeting"]
    resolution = resolve(item, by=cast.democratic, text=text, kind="further_report", due_meeting=later)
    assert list(later.reports_due.all()) == [resolution]


def test_minutes_are_confirmed_once_and_after_the_meeting(cast: Cast) -> None:
    meeting = meeting_in(cast, -30)
    for day in (meeting.on - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(ValidationError):
            confirm_minutes(meeting, by=cast.democratic, confirmed_on=day)
    confirm_minutes(meeting, by=cast.democratic, confirmed_on=clock.today())
    with pytest.raises(AlreadyDone):
        confirm_minutes(meeting, by=cast.democratic, confirmed_on=clock.today())


def test_without_the_package_that_knows_papers_every_paper_is_restricted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "_known", {})
    assert papers.line_of(uuid4(), cast.officer) == papers.PaperLine("Document is Restricted")
    assert papers.choices_for(None, cast.officer) == []
    paper = uuid4()
    papers.register(lambda _, user: papers.PaperLine(user.name, "/there/"), lambda review, user: [(paper, "A paper")])
    assert papers.line_of(paper, cast.officer) == papers.PaperLine("Olive Officer", "/there/")
    assert papers.choices_for(None, cast.officer) == [(str(paper), "A paper")]
