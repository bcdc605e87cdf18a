"""Recording the notification of a death: the form's function and the API's are the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from dhr import clock
from dhr.access.roles import Role, Standing
from dhr.accounts.models import Partnership, StandingRole, User
from dhr.usecase import NotYet, record, use_case
from restricted_docs.strongroom import vault

from . import identities, memberships
from .models import Notification, Review, StageChange
from .models.facts import own
from .models.notification import DateKnown
from .vocabulary import Stage


@dataclass(frozen=True)
class Named:
    """A real name to be sealed with the notification."""

    kind: str
    name: str
    date_of_birth: str = ""
    pseudonym: str = ""


@use_case("reviews.record_notification", standing=True)
def record_notification(
    partnership: Partnership,
    *,
    by: User,
    form_token: UUID,
    notified_on: date,
    people: Sequence[Named] = (),
    names_checked: bool = False,
    **facts: Any,
) -> Review:
    """Record that the partnership was told of a death. The same form sent twice (same `form_token`) makes one review.

    `facts` are the fields of Notification. Gives the officer and the board's chair (or today's deputy) their memberships.
    Raises ValidationError for impossible dates, NotYet where nobody can take the decision.
    """
    one_at_a_time(partnership.pk)
    earlier = Review.objects.select_for_update().filter(form_token=form_token, partnership=partnership).first()
    if earlier is not None:
        record("review.notified", earlier, outcome="sent twice")
        return earlier
    check_dates(notified_on, facts.get("death_from"), facts.get("death_until"), facts["death_date_known"])
    deciding = deciding_chair(partnership)
    review = Review.objects.create(
        partnership=partnership,
        form_token=form_token,
        notified_on=notified_on,
        notification_year=notified_on.year,
        notification_number=_next(partnership, notification_year=notified_on.year),
        stage_since=clock.today(),
        recorded_at=clock.now(),
    )
    vault().create_container(review.pk)
    record("review.notified", review)
    StageChange.objects.create(
        review=review, stage=Stage.NOTIFICATION, entered_on=clock.today(), entered_at=clock.now(), by=by
    )
    memberships.join(review, by, Role.OFFICER)
    memberships.join(review, deciding, Role.DECIDING_CHAIR)
    for person in people:
        identities.seal_identity(review, **vars(person), names_checked=True)
    for person in people:  # now that every name is there to compare with
        identities.check_words(review, names_checked=names_checked, pseudonym=person.pseudonym)
    notification = Notification(review=review, recorded_at=clock.now(), **own(by).of_fact(), **facts)
    notification.save()
    return review


def one_at_a_time(partnership: Any) -> None:
    """Numbers are given, and forms sent twice are recognised, under the partnership's own row: one person at a time."""
    Partnership.objects.select_for_update().get(pk=partnership)


def _next(partnership: Partnership, **year: int) -> int:
    numbers = Review.objects.filter(partnership=partnership, **year)
    return (numbers.aggregate(last=Max("notification_number"))["last"] or 0) + 1


def check_dates(notified_on: date, death_from: date | None, death_until: date | None, known: str) -> None:
    """Refuse what cannot have happened. "Not known" and "between two dates" are legitimate answers."""
    problems: dict[str, str] = {}
    if notified_on > clock.today():
        problems["notified_on"] = "The day you were told cannot be in the future."
    if known != DateKnown.NOT_KNOWN:
        if death_from is None:
            problems["death_date"] = "Enter the date of death, or say that it is not known."
        elif death_from > notified_on:
            problems["death_date"] = "The death cannot be after the day you were told of it. Check both dates."
        elif known == DateKnown.BETWEEN and (death_until is None or death_until < death_from):
            problems["death_date"] = "The second date must be the same as or after the first."
        elif death_until is not None and death_until > clock.today():
            problems["death_date"] = "The death cannot be in the future."
    if problems:
        raise ValidationError(problems)


def deciding_chair(partnership: Partnership) -> User:
    """Who takes the statutory decision today: the deputy where one is dated for today, else the chair of the board."""
    roles = StandingRole.objects.today().filter(
        role=Standing.BOARD_CHAIR, user__partnership=partnership, user__is_active=True
    )
    found = roles.order_by("-deputy", "-starts_on").select_related("user").first()
    if found is None:
        raise NotYet(
            "Nobody is recorded as chair of the board today. Ask the administrator to record the chair or a deputy."
        )
    return found.user
