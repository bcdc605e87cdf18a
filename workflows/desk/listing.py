"""Lists of reviews: narrowed, sorted, as rows and as a file. Nothing in them says more than codes, dates and pseudonyms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, IntegerField, Min, OuterRef, Prefetch, Q, Subquery, Value, When
from django.urls import reverse

from dhr import clock
from dhr.govuk.dates import written
from dhr.govuk.fields import MultipleChoice, Radios, TextField
from dhr.govuk.forms import GovukForm
from dhr.govuk.parts import Cell, Column
from dhr.govuk.spreadsheets import harmless
from dhr.reviews.models import Review
from dhr.reviews.vocabulary import STAGES, Stage
from dhr.usecase import record, use_case

from ..models import Step
from ..nodes import StepNode
from .jobs import days, node_of, role_that_may

DHR = re.compile(r"^(?:DHR)?\s*(\d{1,6})$", re.IGNORECASE)
NOTIFICATION = re.compile(r"^N-?(\d{4})(?:-(\d{1,6}))?-?$", re.IGNORECASE)
SORTS = {
    "reference": ("number", "notification_year", "notification_number"),
    "stage": ("stage_place", "stage_since"),
    "since": ("stage_since",),
    "due": ("next_due",),
}
WAITS = "Appointed chairs (declaration)"
COLUMNS = (
    Column("Reference", "reference"),
    Column("Known as"),
    Column("Stage", "stage"),
    Column("In stage", "since"),
    Column("Due", "due"),
    Column("Late by"),
    Column("Next"),
)


class ReviewFilter(GovukForm):
    """What the list of reviews is narrowed to. Only codes and references: its answers stand in the address."""

    mark_optional = False
    reference = TextField(label="Reference", required=False, width=10, max_length=20, help_text="DHR12, or N-2026-03")
    stage = MultipleChoice(label="Stage", choices=[(code, Stage(code).label) for code in STAGES[:-1]], required=False)
    only = MultipleChoice(label="Only", choices=[("late", "Late"), ("suspended", "Suspended")], required=False)
    state = Radios(
        label="Show", choices=[("", "Live"), ("closed", "Closed"), ("all", "All")], required=False, inline=True
    )


class KnownAsForm(GovukForm):
    """Looking for a pseudonym. Sent in the body, because a real name typed here by mistake must not stand in an address."""

    mark_optional = False
    known_as = TextField(
        label="Known as",
        help_text="The pseudonym, or how it begins",
        width=20,
        max_length=60,
        error_messages={"required": "Type the pseudonym, or how it begins."},
    )


def with_progress(reviews: Any) -> Any:
    """The reviews with their open main tasks read along, and when the first of these is due."""
    # The least of a group, not the first of an order: for the first, SQLite would walk the index of all due dates each time.
    main = Step.objects.open().main().filter(review=OuterRef("pk")).order_by().values("review")
    first = main.annotate(first=Min("due_on")).values("first")
    places = [When(stage=code, then=Value(place)) for place, code in enumerate(STAGES)]
    ahead = Prefetch(
        "steps", Step.objects.open().main().select_related("owner").order_by("due_on", "pk"), to_attr="ahead"
    )
    annotated = reviews.annotate(
        next_due=Subquery(first), stage_place=Case(*places, default=Value(0), output_field=IntegerField())
    )
    return annotated.prefetch_related(ahead)


def narrowed(reviews: Any, asked: Mapping[str, Any]) -> Any:
    """The reviews that fit what was asked."""
    state = asked.get("state", "")
    if state != "all":
        reviews = reviews.filter(closed_at__isnull=state != "closed")
    if asked.get("stage"):
        reviews = reviews.filter(stage__in=asked["stage"])
    if "suspended" in asked.get("only", ()):
        reviews = reviews.suspended()
    if "late" in asked.get("only", ()):
        reviews = reviews.filter(next_due__lt=clock.today(), suspended_at__isnull=True)
    return reviews.filter(by_reference(asked.get("reference", "")))


def by_reference(text: str) -> Q:
    """Reviews with this reference; of a notification's reference the year is enough."""
    words = text.strip()
    if not words:
        return Q()
    if found := DHR.match(words):
        return Q(number=int(found[1]))
    if found := NOTIFICATION.match(words):
        year = Q(notification_year=int(found[1]))
        return year & Q(notification_number=int(found[2])) if found[2] else year
    return Q(pk__in=[])


def ordered(reviews: Any, sort: str) -> Any:
    """Sorted by a column of the list; by what is due first where none is named."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        return reviews.order_by("next_due", "-notification_year", "-notification_number")
    sign = "-" if sort.startswith("-") else ""
    return reviews.order_by(*(f"{sign}{field}" for field in SORTS[name]), "pk")


def late_days(review: Any) -> int:
    """Days after the first due date; 0 while suspended, when dates stand still."""
    if review.next_due is None or review.is_suspended or not review.is_open:
        return 0
    return max((clock.today() - review.next_due).days, 0)


def next_role(review: Any) -> str:
    """Whose turn it is, as a role: never as a name."""
    if not review.is_open:
        return ""
    nodes = [node_of(step) for step in review.ahead]
    roles = [role_that_may(node.permission) if isinstance(node, StepNode) else WAITS for node in nodes]
    return ", ".join(dict.fromkeys(roles))


def stage_words(review: Any) -> str:
    if not review.is_open:
        return str(review.get_ending_display())
    return f"{review.get_stage_display()}, suspended" if review.is_suspended else str(review.get_stage_display())


def facts_of(review: Any) -> list[str]:
    """One review as the words of one row, the same on the page and in the file."""
    late = late_days(review)
    return [
        review.reference,
        review.pseudonym,
        stage_words(review),
        days((clock.today() - review.stage_since).days),
        written(review.next_due) if review.next_due and review.is_open else "",
        days(late) if late else "",
        next_role(review),
    ]


def row_of(review: Any) -> list[Any]:
    reference, *others = facts_of(review)
    return [Cell(reference, url=reverse("review", args=[review.pk])), *others]


def as_csv(titles: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows as a CSV file that no spreadsheet takes for formulas."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([harmless(title) for title in titles])
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return file.getvalue()


@use_case(None)
def note_export(_: None, *, by: Any, results: int) -> None:
    """Put into the log that a list of reviews was downloaded, before it is."""
    record("list.exported", list="reviews", results=results)


@use_case(None)
def note_search(_: None, *, by: Any, results: int) -> None:
    """Put into the log that somebody looked for a pseudonym; never which."""
    record("list.searched", list="reviews", filters="pseudonym", results=results)


def visible_reviews(person: Any) -> Any:
    return Review.objects.visible_to(person, "reviews.view_review")
