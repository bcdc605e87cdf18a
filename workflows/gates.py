"""The questions the flow asks. Each reads the facts that stand; none changes anything."""

from __future__ import annotations

from typing import Any

from dhr.reviews.deciding import decision_of
from dhr.reviews.drafting import settled_kinds, sign_off_of, standing_checks
from dhr.reviews.models import PanelAgreement, ScrutinyAnswer
from dhr.reviews.models.drafting import SignOff
from dhr.reviews.publishing import publication_of
from dhr.reviews.submitting import answer_of, plan_of
from dhr.reviews.vocabulary import Answer, CheckKind, CheckResult, Outcome, PublicationForm, Scrutiny

TELLS = {Outcome.REVIEW, Outcome.NO_REVIEW, Outcome.OTHER_REVIEW}


def _review(activation: Any) -> Any:
    return activation.process.review


def outcome(activation: Any) -> str:
    decision = decision_of(_review(activation))
    return decision.outcome if decision else ""


def needs_more_information(activation: Any) -> bool:
    return outcome(activation) == Outcome.MORE_INFORMATION


def must_people_be_told(activation: Any) -> bool:
    return outcome(activation) in TELLS


def is_review_required(activation: Any) -> bool:
    return outcome(activation) == Outcome.REVIEW


def is_no_review(activation: Any) -> bool:
    return outcome(activation) == Outcome.NO_REVIEW


def was_a_review_directed(activation: Any) -> bool:
    newest = ScrutinyAnswer.objects.standing().filter(review=_review(activation)).last()
    return newest is not None and newest.answer == Scrutiny.DIRECTED


def is_draft_agreed(activation: Any) -> bool:
    newest = PanelAgreement.objects.standing().filter(review=_review(activation)).last()
    return newest is not None and newest.agreed


def needs(kind: str) -> Any:
    """Whether this check has to be made (again) on the version in hand."""

    def question(activation: Any) -> bool:
        return kind not in settled_kinds(_review(activation))

    return question


def is_any_check_needed(activation: Any) -> bool:
    return set(CheckKind.values) != settled_kinds(_review(activation))


def do_the_checks_ask_for_changes(activation: Any) -> bool:
    return any(check.result == CheckResult.CHANGES for check in standing_checks(_review(activation)))


def must_the_board_see_it(activation: Any) -> bool:
    """The first time always; after the Home Office's answer only where the officer and the chair say so."""
    review = _review(activation)
    signed = sign_off_of(review)
    if signed is None:
        return True
    plan = plan_of(review)
    return plan is not None and plan.board_sees_it_again and signed.recorded_at < plan.recorded_at


def did_the_board_sign_off(activation: Any) -> bool:
    newest = SignOff.objects.standing().filter(review=_review(activation)).last()
    return newest is not None and newest.signed_off


def must_it_go_to_the_home_office(activation: Any) -> bool:
    """Until it has been answered; and again where the answer was to resubmit."""
    answer = answer_of(_review(activation))
    return answer is None or answer.answer == Answer.RESUBMIT


def may_it_be_published_as_it_is(activation: Any) -> bool:
    answer = answer_of(_review(activation))
    return answer is not None and answer.answer == Answer.PUBLISH


def is_anything_published(activation: Any) -> bool:
    publication = publication_of(_review(activation))
    return publication is not None and publication.form != PublicationForm.WITHHELD
