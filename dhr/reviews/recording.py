"""Recording a step: for oneself, or for somebody else on the day and in the way they did it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.usecase import NotYet, Refused, ask, use_case

from .models.facts import Credit, own
from .vocabulary import Means

RECORD = "reviews.record_progress"


def review_of(subject: Any) -> Any:
    return getattr(subject, "review", subject)


def step(permission: str, *, weighty: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function the use case of a step. The person who did it needs `permission` on the subject; who records it
    for them needs to be the review's officer. A weighty step (decision, sign-off, submission) recorded for somebody
    else needs the paper that shows it, or a second person who confirms it.

    Raises Refused, NotYet, or ValidationError for an impossible date.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @use_case(None)
        @functools.wraps(function)
        def run(subject: Any, *, by: Any, credit: Credit | None = None, **answers: Any) -> Any:
            credit = credit or own(by)
            _check_day(credit)
            _check_credit(subject, by, credit, permission, weighty)
            return function(subject, by=by, credit=credit, **answers)

        run.permission = permission  # type: ignore[attr-defined]
        run.weighty = weighty  # type: ignore[attr-defined]
        return run

    return decorate


def _check_day(credit: Credit) -> None:
    if credit.done_on > clock.today():
        raise ValidationError({"done_on": "The day it was done cannot be in the future."})


def _check_credit(subject: Any, by: Any, credit: Credit, permission: str, weighty: bool) -> None:
    recorder = credit.recorded_by
    if by not in (recorder, credit.confirmed_by):
        raise Refused(
            "This was prepared by somebody else for another person to confirm.",
            needs=permission,
            subject=review_of(subject),
        )
    if credit.done_by == recorder and (credit.how == Means.HERE or recorder.has_perm(permission, subject)):
        ask(recorder, permission, subject)
        return
    ask(recorder, RECORD, review_of(subject))
    heard_from_outside = credit.done_by == recorder and not weighty  # an agency's return that came by e-mail, say
    if not heard_from_outside and not credit.done_by.has_perm(permission, subject):
        raise Refused(
            f"{credit.done_by.name} does not have the role that this step needs. Add them under People and access first.",
            needs=permission,
            subject=review_of(subject),
        )
    if weighty and credit.evidence is None and not _confirmed(subject, by, credit, permission):
        raise NotYet(
            "You are recording this for somebody else. Attach the paper that shows it, or ask a second person to confirm it."
        )


def _confirmed(subject: Any, by: Any, credit: Credit, permission: str) -> bool:
    second = credit.confirmed_by
    return (
        second is not None
        and second == by  # a confirmation is the second person's own act, never somebody's word for it
        and second not in (credit.recorded_by, credit.done_by)
        and (second.has_perm(RECORD, review_of(subject)) or second.has_perm(permission, subject))
    )


def told(credit: Credit) -> dict[str, Any]:
    """How a credit reads in the log: pass to `record` beside the event's own details."""
    return {
        "on_behalf_of": credit.done_by if credit.done_by != credit.recorded_by else None,
        "done_on": credit.done_on,
        "how": credit.how if credit.how != Means.HERE else None,
        "evidence": credit.evidence,
        "task": credit.step,
        "recorded_for_another": credit.for_another,
    }


def ask_either(by: Any, subject: Any, *permissions: str) -> None:
    """Raise Refused unless this person holds at least one of these permissions on the subject."""
    if not any(by.has_perm(permission, subject) for permission in permissions):
        ask(by, permissions[-1], subject)
