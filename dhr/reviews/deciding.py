"""Scoping, the decision whether to hold a review, and telling people of it either way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from dhr import clock
from dhr.usecase import record

from .identities import check_words
from .models import InformationGathered, Review, ReviewDecision, ScrutinyAnswer, Telling
from .models.decisions import Told
from .models.facts import Credit
from .notifying import one_at_a_time
from .recording import step, told
from .vocabulary import Criterion, Outcome, Regime, Scrutiny


@step("reviews.record_progress")
def record_scoping(
    review: Review, *, by: Any, credit: Credit, learned: str = "", scoped: bool = True, reason: str = ""
) -> InformationGathered:
    """What asking the agencies showed; or that scoping was not needed, with the reason."""
    if not scoped and not reason.strip():
        raise ValidationError({"reason": "Say why scoping is not needed."})
    gathered = InformationGathered.objects.create(
        review=review, learned=learned, scoped=scoped, reason=reason, **credit.of_fact()
    )
    record("review.scoped", review, outcome="scoped" if scoped else "not needed", **told(credit))
    return gathered


@step("reviews.decide_review", weighty=True)
def decide_review(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    outcome: str,
    criteria: Sequence[str] = (),
    reason: str,
    consulted: str = "",
    answer_due_on: date | None = None,
    leading_review: str = "",
    regime: str = Regime.DHR_S9,
    names_checked: bool = False,
) -> ReviewDecision:
    """The statutory decision (2004 Act s.9), with reasons. A review gets its number: DHR12."""
    _check_decision(outcome, reason, answer_due_on, leading_review)
    if not set(criteria) <= set(Criterion.values):
        raise ValidationError({"criteria": "Choose only criteria of section 9(1)."})
    check_words(review, names_checked=names_checked, leading_review=leading_review)
    decision = ReviewDecision.objects.create(
        review=review,
        outcome=outcome,
        criteria=list(criteria),
        reason=reason,
        consulted=consulted,
        answer_due_on=answer_due_on,
        leading_review=leading_review,
        **credit.of_fact(),
    )
    if outcome == Outcome.REVIEW:
        give_number(review, regime)
    event = "review.more_information_asked" if outcome == Outcome.MORE_INFORMATION else "review.decided"
    record(event, review, outcome=outcome, due_on=answer_due_on, **told(credit))
    return decision


def _check_decision(outcome: str, reason: str, answer_due_on: date | None, leading_review: str) -> None:
    problems: dict[str, str] = {}
    if not reason.strip():
        problems["reason"] = "Give the reasons for the decision. Departing from the guidance needs a recorded reason."
    if outcome == Outcome.MORE_INFORMATION:
        if answer_due_on is None:
            problems["answer_due_on"] = "Say by when the information is needed."
        elif answer_due_on < clock.today():
            problems["answer_due_on"] = "The date by which information is needed cannot be in the past."
    if outcome in {Outcome.OTHER_REVIEW, Outcome.SAME_DEATH} and not leading_review.strip():
        problems["leading_review"] = "Give the reference of the other review or notification."
    if problems:
        raise ValidationError(problems)


def give_number(review: Review, regime: str) -> None:
    """The review's own number, and the law it is held under: both fixed from here on."""
    if review.number is None:
        one_at_a_time(review.partnership_id)
        last = Review.objects.filter(partnership_id=review.partnership_id).aggregate(last=Max("number"))["last"]
        review.number = (last or 0) + 1
    review.regime = regime
    review.save(update_fields=["number", "regime"])


@step("reviews.record_progress")
def tell_home_office(review: Review, *, by: Any, credit: Credit) -> Telling:
    """The Home Office was told of the decision, either way."""
    telling = Telling.objects.create(review=review, told=Told.HOME_OFFICE, **credit.of_fact())
    record("review.home_office_told", review, **told(credit))
    return telling


@step("reviews.record_progress")
def tell_family(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    was_possible: bool = True,
    advocacy_offered: bool = False,
    reason: str = "",
) -> Telling:
    """The family was told of the decision and offered advocacy; or why that was not possible."""
    if not was_possible and not reason.strip():
        raise ValidationError({"reason": "Say why the family could not be told."})
    telling = Telling.objects.create(
        review=review,
        told=Told.FAMILY,
        was_possible=was_possible,
        advocacy_offered=advocacy_offered,
        reason=reason,
        **credit.of_fact(),
    )
    record("review.family_told", review, outcome="told" if was_possible else "not possible", **told(credit))
    return telling


@step("reviews.record_progress")
def record_scrutiny(
    review: Review, *, by: Any, credit: Credit, answer: str, reason: str = "", regime: str = Regime.DHR_S9
) -> ScrutinyAnswer:
    """What the Home Office said of a decision not to review. A direction (s.9(2)) makes it a review."""
    scrutiny = ScrutinyAnswer.objects.create(review=review, answer=answer, reason=reason, **credit.of_fact())
    if answer == Scrutiny.DIRECTED:
        give_number(review, regime)
    record(
        "review.direction_received" if answer == Scrutiny.DIRECTED else "review.scrutiny_upheld", review, **told(credit)
    )
    return scrutiny


def decision_of(review: Review) -> ReviewDecision | None:
    """The decision that stands."""
    return ReviewDecision.objects.standing().filter(review=review).last()
