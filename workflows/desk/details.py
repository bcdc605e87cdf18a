"""The account of a review as rows to show: what was reported, decided, agreed and said. Every reader needs a receipt first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from dhr.govuk.dates import ApproximateDate, written
from dhr.govuk.parts import Row
from dhr.reviews.models import (
    ContactNote,
    EarlyLearning,
    InformationGathered,
    Notification,
    PanelMeeting,
    Relative,
    Review,
    ReviewDecision,
    ScrutinyAnswer,
    SealedIdentity,
    Telling,
    TermsOfReference,
)
from dhr.reviews.vocabulary import Criterion

NOT_KNOWN = "Not known"
YES_NO = {True: "Yes", False: "No", None: NOT_KNOWN}


@dataclass
class Part:
    """One heading of the page with its rows; `links` are what can be added or changed."""

    title: str
    rows: list[Row]
    links: list[tuple[str, str]] = field(default_factory=list)
    empty: str = ""


def _rows(*pairs: tuple[str, Any]) -> list[Row]:
    """Rows with something in them: an empty field tells nobody anything."""
    return [Row(key, value) for key, value in pairs if value not in (None, "")]


def _by(fact: Any) -> str:
    recorded = f", recorded by {fact.recorded_by.name}" if fact.recorded_by_id != fact.done_by_id else ""
    return f"{written(fact.done_on)}, {fact.done_by.name}{recorded}"


def _standing(model: Any, review: Review) -> Any:
    return model.objects.standing().filter(review=review).select_related("done_by", "recorded_by")


def until_decided(review: Review, *, corrects: bool) -> list[Part]:
    """What the statutory decision rests on, and the decision."""
    parts = [_notification(review, corrects=corrects)]
    parts += [
        Part("Information gathered", _rows(("What was learned", fact.learned), ("Recorded", _by(fact))))
        for fact in _standing(InformationGathered, review)
    ]
    parts += [_decision(fact) for fact in _standing(ReviewDecision, review)]
    return parts


def _notification(review: Review, *, corrects: bool) -> Part:
    fact = _standing(Notification, review).select_related("notifying_agency").last()
    if fact is None:
        return Part("Notification", [], empty="Nothing is recorded.")
    rows = _rows(
        ("Told on", written(review.notified_on)),
        ("Told by", fact.notifying_agency),
        ("How", fact.get_channel_display()),
        ("Who notified", fact.notifier),
        ("Date of death", _death(fact)),
        ("Kind of death", fact.get_manner_display()),
        ("Relationship", fact.get_relationship_display()),
        ("Aged 16 or over", YES_NO[fact.aged_16_or_over]),
        ("Children in the household", YES_NO[fact.children_in_household]),
        ("Media interest", YES_NO[fact.media_interest]),
        ("Place of death", fact.place_of_death),
        ("Circumstances", fact.circumstances),
        ("Other references", fact.outside_references),
        ("Why it was corrected", fact.reason),
        ("Recorded", _by(fact)),
    )
    links = [("Correct the notification", reverse("correct-notification", args=[review.pk]))] if corrects else []
    return Part("Notification", rows, links)


def _death(fact: Notification) -> str:
    if fact.death_from is None:
        return NOT_KNOWN
    if fact.death_until is None:
        return str(ApproximateDate.known(fact.death_from))
    words = str(ApproximateDate.between(fact.death_from, fact.death_until))
    return words[:1].upper() + words[1:]


def _decision(fact: ReviewDecision) -> Part:
    criteria = "\n".join(str(Criterion(code).label) for code in fact.criteria)
    return Part(
        "Decision",
        _rows(
            ("Decided", fact.get_outcome_display()),
            ("Criteria met", criteria),
            ("Reasons", fact.reason),
            ("Who was consulted", fact.consulted),
            ("Information needed by", written(fact.answer_due_on) if fact.answer_due_on else ""),
            ("The review that leads", fact.leading_review),
            ("By", _by(fact)),
        ),
    )


def after_the_decision(review: Review) -> list[Part]:
    """Who was told, what the Home Office said of the decision, and the terms."""
    parts = [
        Part(
            f"Told: {fact.get_told_display()}",
            _rows(("Told", _told(fact)), ("Why not", fact.reason), ("Recorded", _by(fact))),
        )
        for fact in _standing(Telling, review)
    ]
    parts += [
        Part(
            "The Home Office on the decision",
            _rows(("Answer", f.get_answer_display()), ("Words", f.reason), ("By", _by(f))),
        )
        for f in _standing(ScrutinyAnswer, review)
    ]
    return parts + [_terms(fact) for fact in _standing(TermsOfReference, review)]


def _told(fact: Telling) -> str:
    if not fact.was_possible:
        return "Not possible"
    return "Yes, and advocacy was offered" if fact.advocacy_offered else "Yes"


def _terms(fact: TermsOfReference) -> Part:
    looks = " to ".join(written(day) for day in (fact.looks_from, fact.looks_until) if day)
    rows = _rows(
        ("Looks at", looks), ("Questions", fact.questions), ("Agencies left out", fact.reason), ("Agreed", _by(fact))
    )
    return Part("Terms of reference", rows)


def learning(review: Review, *, adds: bool) -> Part:
    rows = [Row(_by(fact), fact.learning) for fact in _standing(EarlyLearning, review)]
    links = [("Record early learning", reverse("add-learning", args=[review.pk]))] if adds else []
    return Part("Early learning", rows, links, empty="None is recorded yet.")


def meetings(review: Review, *, adds: bool) -> Part:
    found = _standing(PanelMeeting, review).prefetch_related("agencies")
    rows = [Row(f"{fact.get_kind_display()}, {written(fact.done_on)}", _met(fact)) for fact in found]
    links = [("Record a meeting", reverse("add-panel-meeting", args=[review.pk]))] if adds else []
    return Part("Panel meetings", rows, links, empty="None is recorded yet.")


def _met(fact: PanelMeeting) -> str:
    there = ", ".join(agency.name for agency in fact.agencies.all())
    return "\n".join(line for line in (f"There: {there}" if there else "", str(fact.notes)) if line) or "No notes"


def relatives(review: Review) -> list[Part]:
    """Each relative with their wishes and the contacts."""
    notes = Prefetch("notes", ContactNote.objects.select_related("by"))
    found = Relative.objects.filter(review=review).select_related("identity").prefetch_related(notes)
    return [_relative(relative, relative.notes.all()) for relative in found]


def _relative(relative: Relative, notes: Iterable[Any]) -> Part:
    wants = {True: "Wants contact", False: "Does not want contact", None: "Not asked yet"}[relative.wants_contact]
    rows = _rows(
        ("Contact", wants),
        ("Advocate", "Has an advocate" if relative.has_advocate else "Has no advocate"),
        ("Wishes", relative.wishes),
        ("How to reach them", relative.contact_route),
    )
    rows += [Row(f"{written(note.on)}, {note.by.name}", note.note or "No note") for note in notes]
    links = [
        ("Record a contact", reverse("add-contact", args=[relative.review_id, relative.pk])),
        ("Change their wishes", reverse("change-wishes", args=[relative.review_id, relative.pk])),
    ]
    return Part(relative.known_as, rows, links)


def identities(review: Review) -> list[SealedIdentity]:
    """The people whose real names are sealed; nothing here opens one."""
    return list(SealedIdentity.objects.filter(review=review).defer("name", "date_of_birth"))
