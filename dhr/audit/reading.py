"""Reading the access log: chainable queries, and each entry as one plain sentence."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from .events import EVENTS, Kind, event_named

if TYPE_CHECKING:
    from .models import AuditEntry

EPOCH = datetime.fromtimestamp(0, tz=timezone.get_fixed_timezone(0))
ABOUT_NO_REVIEW = re.compile(r" (?:on|of|about|for|from|to) \{review\}")


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01 00:00 UTC."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(at_us: int) -> datetime:
    """The other way round: aware, in the statute's time zone."""
    return timezone.localtime(EPOCH + timedelta(microseconds=at_us))


def first_moment(day: date) -> int:
    """The first microsecond of a day in the statute's time zone."""
    return microseconds(timezone.make_aware(datetime.combine(day, time.min)))


class EntryQuerySet(models.QuerySet["AuditEntry"]):
    """Entries of the access log. Reading them is itself an event: the page that shows them says so in the log."""

    def of_review(self, review: UUID) -> Self:
        return self.filter(review=review)

    def by_person(self, person: int) -> Self:
        """What this person did, or what was recorded for them by somebody else."""
        return self.filter(models.Q(person=person) | models.Q(on_behalf_of=person))

    def about(self, object_id: str) -> Self:
        return self.filter(object_id=object_id)

    def of_event(self, name: str) -> Self:
        """Raises UnknownEvent for a name outside the registry."""
        return self.filter(event=event_named(name).name)

    def of_kind(self, kind: Kind) -> Self:
        return self.filter(event__in=[event.name for event in EVENTS.values() if event.kind == kind])

    def between(self, first: date | None, last: date | None) -> Self:
        """Both days included, in the statute's time zone; None: without that end."""
        found = self if first is None else self.filter(at_us__gte=first_moment(first))
        return found if last is None else found.filter(at_us__lt=first_moment(last + timedelta(days=1)))

    def before(self, seq: int) -> Self:
        """Older than this entry: the next page of a newest-first list."""
        return self.filter(seq__lt=seq)

    def newest_first(self) -> Self:
        return self.order_by("-seq")

    def oldest_first(self) -> Self:
        return self.order_by("seq")


def sentence(entry: "AuditEntry", names: Mapping[int, str]) -> str:
    """The entry as one sentence without its time. `names` maps account numbers to the names to show."""
    event = event_named(entry.event)
    nobody = "somebody unknown" if event.kind == Kind.REFUSAL else "the system"
    facts = entry.facts
    shown = {**facts, "version": entry.version}
    if "whom" in facts:
        shown["whom"] = _name(int(facts["whom"]), names)
    about_none = entry.review is None and not entry.reference
    template = ABOUT_NO_REVIEW.sub("", event.sentence) if about_none else event.sentence
    told = template.format(
        **{key: value for key, value in shown.items() if key in event.needs},
        who=_name(entry.person, names) or nobody,
        review=entry.reference or "a review",
        object=_thing(entry),
    )
    if entry.on_behalf_of is not None:
        told += f", for {_name(entry.on_behalf_of, names)}"
    rest = [f"{key.replace('_', ' ')}: {shown[key]}" for key in facts if key not in event.needs]
    told = told[0].upper() + told[1:]
    return f"{told} ({'; '.join(rest)})." if rest else f"{told}."


def _name(person: int | None, names: Mapping[int, str]) -> str:
    return "" if person is None else names.get(person, f"person {person}")


def _thing(entry: "AuditEntry") -> str:
    if not entry.object:
        return "something"
    return f"{entry.object.replace('_', ' ')} {entry.object_id[:8]}".rstrip()
