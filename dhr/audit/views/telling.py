"""Entries in words. A line that was changed may hold anything, so each is told as far as it can be."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.timezone import localtime

from dhr.audit.events import LONGEST_VALUE, Kind
from dhr.audit.models import AuditEntry
from dhr.audit.questions import QUESTIONS
from dhr.audit.reading import EntryQuerySet, sentence

UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, OverflowError)  # what a line of no append may raise
CANNOT_BE_TOLD = "This line cannot be read. Verify the log now."


def people() -> dict[int, str]:
    """The name of every account, also of those deactivated since."""
    return {person.pk: str(person) for person in get_user_model()._base_manager.all()}


def narrowed(answers: Mapping[str, Any]) -> EntryQuerySet:
    """The entries that a LogFilter asks for, newest first."""
    entries: EntryQuerySet = AuditEntry.objects.newest_first()
    if answers["person"]:
        entries = entries.by_person(int(answers["person"]))
    if answers["reference"]:
        named = AuditEntry.objects.filter(reference=answers["reference"])
        same = named.filter(review__isnull=False).order_by().values("review")
        entries = entries.filter(Q(reference=answers["reference"]) | Q(review__in=same))
    if answers["kind"]:
        entries = entries.of_kind(Kind(answers["kind"]))
    if answers["event"]:
        entries = entries.of_event(answers["event"])
    if answers["document"]:
        entries = entries.about(answers["document"])
    if answers["since"] or answers["until"]:
        entries = entries.between(answers["since"], answers["until"])
    if answers["question"]:
        entries = QUESTIONS[answers["question"]].find(entries)
    return entries


def filters_told(answers: Mapping[str, Any]) -> str:
    """What was looked for, as the log may hold it: names and codes, or the names alone where that is too long."""
    given = {name: value for name, value in answers.items() if value}
    told = ", ".join(f"{name}:{value}" for name, value in given.items())
    return told if len(told) <= LONGEST_VALUE else ", ".join(given)


def told(entry: AuditEntry, names: Mapping[int, str]) -> str:
    try:
        return sentence(entry, names)
    except UNREADABLE:
        return CANNOT_BE_TOLD


def moment(entry: AuditEntry, month: str = "%B") -> str:
    """When, in the statute's time zone, to the second."""
    try:
        return f"{localtime(entry.at):%-d {month} %Y, %H:%M:%S}"
    except UNREADABLE:
        return "not known"


def facts(entry: AuditEntry, names: Mapping[int, str]) -> str:
    """The details, one a line; a person's number with the name."""
    try:
        shown = {key: name_of(int(value), names) if key == "whom" else value for key, value in entry.facts.items()}
        return "\n".join(f"{key.replace('_', ' ')}: {value}" for key, value in shown.items())
    except UNREADABLE:
        return CANNOT_BE_TOLD


def name_of(person: int | None, names: Mapping[int, str]) -> str:
    return "" if person is None else f"{names.get(person, 'Somebody unknown')} (account {person})"
