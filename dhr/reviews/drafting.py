"""Versions of the report: the panel's agreement, the checks that belong to a version, and the board's sign-off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.usecase import NotYet, Refused, record

from .identities import check_words
from .models import Check, PanelAgreement, Review
from .models.drafting import SignOff
from .models.facts import Credit
from .panel import outstanding
from .recording import step, told
from .vocabulary import CheckKind, CheckResult

MUST_BE_DONE = frozenset({CheckKind.FACT, CheckKind.LEGAL, CheckKind.ANONYMISATION})
SETTLES = frozenset({CheckResult.PASSED, CheckResult.DECLINED, CheckResult.NOT_POSSIBLE})


@step("reviews.upload_draft")
def offer_version(
    review: Review, *, by: Any, credit: Credit, document: UUID, version: int, lapses: Iterable[str] = ()
) -> None:
    """A version of the report is offered to the panel, and these earlier checks must be done again on it."""
    for check in standing_checks(review):
        if check.kind in set(lapses):
            check.lapsed_at = clock.now()
            check.save(update_fields=["lapsed_at"])
            record("draft.check_lapsed", check, check=check.kind, version=version)
    record("draft.added", review, document=document, version=version, **told(credit))


@step("reviews.chair_review")
def record_panel_agreement(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    document: UUID,
    version: int,
    agreed: bool,
    dissent_noted: bool = False,
    reason: str = "",
) -> PanelAgreement:
    """The panel agrees this version, or sends it back with what it wants changed."""
    if not agreed and not reason.strip():
        raise ValidationError({"reason": "Say what the panel wants changed."})
    agreement = PanelAgreement(
        review=review,
        document=document,
        version=version,
        agreed=agreed,
        dissent_noted=dissent_noted,
        reason=reason,
        **credit.of_fact(),
    )
    agreement.save()
    record("draft.agreed" if agreed else "draft.sent_back", review, document=document, version=version, **told(credit))
    return agreement


def _record_check(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    kind: str,
    document: UUID,
    version: int,
    result: str,
    reason: str = "",
    uploaded_by: Any = None,
) -> Check:
    """A check on one version. Anonymisation is checked by somebody other than who uploaded the version."""
    _check_result(kind, result, reason)
    if kind == CheckKind.ANONYMISATION and uploaded_by is not None and credit.done_by == uploaded_by:
        raise Refused("The anonymisation check needs a second person: you uploaded this version.", subject=review)
    check = Check(
        review=review, kind=kind, document=document, version=version, result=result, reason=reason, **credit.of_fact()
    )
    check.save()
    event = "draft.check_failed" if result == CheckResult.CHANGES else "draft.check_passed"
    record(event, check, check=kind, outcome=result, version=version, **told(credit))
    return check


record_check = step("reviews.record_progress")(_record_check)
record_family_reading = step("reviews.chair_review")(_record_check)  # the chair reads the draft with the family


def _check_result(kind: str, result: str, reason: str) -> None:
    if result in {CheckResult.DECLINED, CheckResult.NOT_POSSIBLE} and kind in MUST_BE_DONE:
        raise ValidationError(
            {"result": f"The {CheckKind(kind).label.lower()} must be done before the board can sign off."}
        )
    if result != CheckResult.PASSED and not reason.strip():
        raise ValidationError({"reason": "Give the reason."})


def standing_checks(review: Review) -> list[Check]:
    """The newest check of each kind that neither lapsed nor was undone."""
    newest: dict[str, Check] = {}
    for check in Check.objects.standing().filter(review=review, lapsed_at__isnull=True).order_by("recorded_at"):
        newest[check.kind] = check
    return list(newest.values())


def settled_kinds(review: Review) -> set[str]:
    """The kinds of check that stand and found nothing to change."""
    return {check.kind for check in standing_checks(review) if check.result in SETTLES}


@step("reviews.decide_review", weighty=True)
def sign_off(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    document: UUID,
    version: int,
    signed_off: bool,
    minute: str = "",
    reason: str = "",
    names_checked: bool = False,
) -> SignOff:
    """The board signs the report off, or asks for changes. It waits until every agency request for the report is settled."""
    check_words(review, names_checked=names_checked, minute=minute)
    if signed_off:
        waiting = outstanding(review)
        if waiting:
            names = "; ".join(str(commission) for commission in waiting)
            raise NotYet(
                f"Board sign-off waits for: {names}. Record each as returned, nil, withdrawn or not engaging, then come back."
            )
    elif not reason.strip():
        raise ValidationError({"reason": "Say what the board wants changed."})
    signed = SignOff(
        review=review,
        document=document,
        version=version,
        signed_off=signed_off,
        minute=minute,
        reason=reason,
        **credit.of_fact(),
    )
    signed.save()
    record(
        "draft.signed_off" if signed_off else "draft.not_signed_off",
        review,
        document=document,
        version=version,
        **told(credit),
    )
    return signed


def sign_off_of(review: Review) -> SignOff | None:
    """The newest sign-off that stands."""
    return SignOff.objects.standing().filter(review=review, signed_off=True).last()
