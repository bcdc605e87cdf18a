"""What happened on a review, newest first: steps, stages, pauses, who came and went. Reasons only to readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from chairs.models import Appointment
from dhr.access.roles import ROLE_NAMES
from dhr.govuk.dates import written
from dhr.govuk.parts import Happening
from dhr.reviews.models import Cancellation, Membership, Review, StageChange, Steering, Suspension
from dhr.reviews.vocabulary import Ending, Stage

from .jobs import Job


class Dated(NamedTuple):
    """A happening with the day and the moment it sorts by."""

    day: date
    moment: Any
    happening: Happening


def history_of(review: Review, jobs: Sequence[Job], *, with_reasons: bool) -> list[Happening]:
    """Everything, newest first. `with_reasons` needs a receipt for the review's account."""
    found = [
        *_steps(jobs),
        *_stages(review),
        *_pauses(review, with_reasons=with_reasons),
        *_turns(review, jobs, with_reasons=with_reasons),
        *_memberships(review),
        *_appointments(review),
    ]
    return [entry.happening for entry in sorted(found, key=lambda entry: (entry.day, entry.moment), reverse=True)]


def _day_of(moment: Any) -> date:
    return localtime(moment).date()


def _steps(jobs: Iterable[Job]) -> Iterator[Dated]:
    for job in jobs:
        step = job.step
        if step.done_at is not None and step.done_on is not None:
            when, _, by = job.done.partition(", ")
            gone = "Undone since: set aside, not deleted." if step.undone_at else ""
            yield Dated(step.done_on, step.done_at, Happening(job.title, when, by, gone))


def _stages(review: Review) -> Iterator[Dated]:
    for change in StageChange.objects.filter(review=review).select_related("by"):
        stage = Stage(change.stage)
        words = f"Stage: {stage.label}"
        if stage == Stage.CLOSED and review.ending:
            words = f"Ended: {Ending(review.ending).label}"
        by = change.by.name if change.by else ""
        yield Dated(change.entered_on, change.entered_at, Happening(words, written(change.entered_on), by))


def _pauses(review: Review, *, with_reasons: bool) -> Iterator[Dated]:
    for pause in Suspension.objects.filter(review=review).select_related("done_by"):
        text = str(pause.reason) if with_reasons else ""
        title = f"Suspended: {pause.get_code_display()}"
        yield Dated(
            pause.done_on, pause.recorded_at, Happening(title, written(pause.done_on), pause.done_by.name, text)
        )
        if pause.resumed_on:
            lasted = (pause.resumed_on - pause.done_on).days
            words = f"It had paused {lasted} day{'' if lasted == 1 else 's'}; due dates moved by as many."
            title = "Main tasks go on"
            yield Dated(pause.resumed_on, pause.recorded_at, Happening(title, written(pause.resumed_on), "", words))
    for end in Cancellation.objects.filter(review=review).select_related("done_by"):
        text = str(end.reason) if with_reasons else ""
        yield Dated(end.done_on, end.recorded_at, Happening("Cancelled", written(end.done_on), end.done_by.name, text))


def _turns(review: Review, jobs: Iterable[Job], *, with_reasons: bool) -> Iterator[Dated]:
    """What changed the course of the review by hand, with its reason."""
    titles = {job.step.pk: job.title for job in jobs}
    for turn in Steering.objects.filter(review=review).select_related("done_by", "whom"):
        about = titles.get(turn.task, "") if turn.task else ""
        words = ": ".join(filter(None, [turn.get_turn_display(), about, turn.whom.name if turn.whom else ""]))
        text = str(turn.reason) if with_reasons else ""
        yield Dated(turn.done_on, turn.recorded_at, Happening(words, written(turn.done_on), turn.done_by.name, text))


def _memberships(review: Review) -> Iterator[Dated]:
    for member in Membership.objects.filter(review=review).select_related("user", "agency"):
        agency = f", {member.agency}" if member.agency else ""
        who = f"{member.user.name} as {ROLE_NAMES[member.role]}{agency}"
        # A membership knows its first day, not its moment: it stands after the steps of that day.
        yield Dated(member.starts_on, review.recorded_at, Happening(f"Joined: {who}", written(member.starts_on)))
        if member.ended_at is not None:
            day = _day_of(member.ended_at)
            yield Dated(day, member.ended_at, Happening(f"Left: {who}", written(day)))


def _appointments(review: Review) -> Iterator[Dated]:
    found = Appointment.objects.filter(review=review, stood_down_on__isnull=False).select_related(
        "user", "stood_down_by"
    )
    for one in found:
        by = one.stood_down_by.name if one.stood_down_by else ""
        title = f"Stood down: {one.user.name} ({one.get_role_display()})"
        yield Dated(one.stood_down_on, review.recorded_at, Happening(title, written(one.stood_down_on), by))
