"""Keeping the board's meetings: adding, putting items on the agenda, issuing it, closing items, resolving."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from dhr import clock
from dhr.accounts.models import Partnership
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, NotYet, Refused, record, use_case

from . import reading
from .leaks import check_wording
from .models import AgendaItem, BoardMeeting, Resolution
from .vocabulary import ItemKind, ResolutionKind

MANAGE = "board.manage_meeting"


def check_partnership(meeting: BoardMeeting, by: Any) -> None:
    """Raise Refused for another partnership's meeting."""
    if meeting.partnership_id != by.partnership_id:
        raise Refused(
            "This is another partnership's meeting. Ask their democratic services.", needs=MANAGE, subject=meeting
        )


@use_case(MANAGE, standing=True)
def add_meeting(
    partnership: Partnership, *, by: Any, on: date, at: time, venue: str, remote: bool = False
) -> BoardMeeting:
    """Add a meeting. One of the past can be added too, to record what was resolved there."""
    if BoardMeeting.objects.filter(partnership=partnership, on=on, at=at).exists():
        raise ValidationError({"on": "There is a meeting at this time already. Check the day and the time."})
    meeting = BoardMeeting.objects.create(partnership=partnership, on=on, at=at, venue=venue, remote=remote)
    record("board.meeting_added", meeting, meeting=meeting.pk, meeting_on=on)
    return meeting


@use_case(MANAGE, standing=True)
def add_item(
    meeting: BoardMeeting,
    *,
    by: Any,
    title: str,
    kind: str = ItemKind.REPORT,
    review: Review | None = None,
    presented_by: str = "",
    late: bool = False,
    names_checked: bool = False,
) -> AgendaItem:
    """Put an item on the agenda, also after it was issued. Raises ValidationError if the public title seems to name somebody
    of the review and nobody has checked it."""
    check_partnership(meeting, by)
    if review is not None and review.partnership_id != meeting.partnership_id:
        raise ValidationError({"review": "This review belongs to another partnership. Choose another one."})
    check_wording(review, "title", title, names_checked=names_checked)
    check_wording(review, "presented_by", presented_by, names_checked=names_checked)
    number = (meeting.items.aggregate(last=Max("number"))["last"] or 0) + 1
    facts = {"title": title, "kind": kind, "review": review, "presented_by": presented_by, "late": late}
    item = AgendaItem.objects.create(meeting=meeting, number=number, **facts)
    record("board.item_added", item, meeting=meeting.pk, item=number)
    return item


@use_case(MANAGE, standing=True)
def issue_agenda(meeting: BoardMeeting, *, by: Any) -> BoardMeeting:
    """Issue the agenda. From now on the members named for a paper may open it; too short a notice is said, not refused."""
    check_partnership(meeting, by)
    if meeting.is_issued:
        raise AlreadyDone("The agenda has been issued already.")
    if not meeting.items.exists():
        raise NotYet("There is nothing on the agenda yet. Add an item first.")
    meeting.agenda_issued_on = clock.today()
    meeting.save(update_fields=["agenda_issued_on"])
    reading.begin(meeting)
    record("board.meeting_changed", meeting, meeting=meeting.pk, outcome="agenda issued")
    return meeting


@use_case(MANAGE, standing=True)
def close_item(item: AgendaItem, *, by: Any) -> AgendaItem:
    """The board has dealt with the item: nobody named for its paper can open it any more."""
    check_partnership(item.meeting, by)
    if not item.is_open:
        raise AlreadyDone("This item has been closed already.")
    item.closed_at, item.closed_by = clock.now(), by
    item.save(update_fields=["closed_at", "closed_by"])
    reading.end(item.readers.named())
    record("board.item_closed", item, meeting=item.meeting_id, item=item.number)
    return item


@use_case(MANAGE, standing=True)
def resolve(
    item: AgendaItem,
    *,
    by: Any,
    text: str,
    kind: str,
    due_meeting: BoardMeeting | None = None,
    names_checked: bool = False,
) -> Resolution:
    """Record what the board resolved. Raises ValidationError if the public text seems to name somebody of the review."""
    check_partnership(item.meeting, by)
    _check_due(item, kind, due_meeting)
    check_wording(item.review, "text", text, names_checked=names_checked)
    resolution = Resolution.objects.create(item=item, text=text, kind=kind, due_meeting=due_meeting, recorded_by=by)
    record("board.meeting_changed", item, meeting=item.meeting_id, item=item.number, outcome=kind)
    return resolution


def _check_due(item: AgendaItem, kind: str, due: BoardMeeting | None) -> None:
    if due is None:
        return
    if kind != ResolutionKind.FURTHER_REPORT:
        raise ValidationError(
            {"due_meeting": "Only a further report is due at a meeting. Choose that, or leave this empty."}
        )
    if due.partnership_id != item.meeting.partnership_id or due.on <= item.meeting.on:
        raise ValidationError({"due_meeting": "Choose a meeting after this one."})


@use_case(MANAGE, standing=True)
def confirm_minutes(meeting: BoardMeeting, *, by: Any, confirmed_on: date) -> BoardMeeting:
    """The minutes were confirmed as a correct record, at a meeting on this day."""
    check_partnership(meeting, by)
    if meeting.minutes_confirmed_on is not None:
        raise AlreadyDone("These minutes have been confirmed already.")
    if not meeting.on <= confirmed_on <= clock.today():
        raise ValidationError(
            {"confirmed_on": "Minutes are confirmed after the meeting they are of, and not in the future."}
        )
    meeting.minutes_confirmed_on = confirmed_on
    meeting.save(update_fields=["minutes_confirmed_on"])
    record("board.meeting_changed", meeting, meeting=meeting.pk, meeting_on=confirmed_on, outcome="minutes confirmed")
    return meeting
