"""The Home Office: the pack, the submission, the answer, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.usecase import NotYet, record

from .drafting import sign_off_of
from .identities import check_words
from .models import ChangesPlan, HomeOfficeAnswer, Pack, Review, Submission
from .models.facts import Credit
from .recording import step, told
from .vocabulary import Answer, PackItem


@step("reviews.submit_review")
def prepare_pack(
    review: Review, *, by: Any, credit: Credit, items: Mapping[str, Mapping[str, Any]], reason: str = ""
) -> Pack:
    """Put the pack together: every item present, or not needed with a reason. The list is vocabulary.PackItem.

    `items`: {code: {"document": uuid text, "version": n}} or {code: {"not_needed": True}}.
    """
    problems = {
        code: "Choose the paper, or say that it is not needed." for code in PackItem.values if code not in items
    }
    left_out = [code for code, chosen in items.items() if chosen.get("not_needed")]
    if left_out and not reason.strip():
        problems["reason"] = "Say why these are not needed."
    if PackItem.OVERVIEW_REPORT in left_out:
        problems[PackItem.OVERVIEW_REPORT] = "A submission cannot go without the overview report."
    if problems:
        raise ValidationError(problems)
    pack = Pack(
        review=review, items={code: _entry(items[code]) for code in PackItem.values}, reason=reason, **credit.of_fact()
    )
    pack.save()
    record("submission.pack_prepared", pack, items=len(items) - len(left_out), **told(credit))
    return pack


def _entry(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """One item as it is kept, in the clear: which version of which paper, and nothing else that was given."""
    if chosen.get("not_needed"):
        return {"not_needed": True}
    return {"document": str(UUID(str(chosen["document"]))), "version": int(chosen["version"])}


@step("reviews.submit_review", weighty=True)
def record_submission(
    review: Review, *, by: Any, credit: Credit, address: str, names_checked: bool = False
) -> Submission:
    """The officer sent the pack, outside this service: on which day, where to, and what proves it (the evidence)."""
    check_words(review, names_checked=names_checked, address=address)
    if sign_off_of(review) is None:
        raise NotYet("The board has not signed the report off, so it cannot be submitted.")
    pack = Pack.objects.standing().filter(review=review).last()
    if pack is None:
        raise NotYet("There is no pack yet. Prepare the pack first.")
    if credit.evidence is None:
        raise ValidationError(
            {"evidence": "File the proof that it was sent (for example the e-mail), and choose it here."}
        )
    submission = Submission(review=review, pack=pack, address=address, **credit.of_fact())
    submission.save()
    record("submission.submitted", submission, sent_on=credit.done_on, **told(credit))
    return submission


@step("reviews.record_progress")
def record_answer(
    review: Review, *, by: Any, credit: Credit, answer: str, letter_on: date, reason: str = ""
) -> HomeOfficeAnswer:
    """The Home Office's letter came: what it says, and the letter itself on file."""
    submission = Submission.objects.standing().filter(review=review).last()
    if submission is None:
        raise NotYet("Nothing has been submitted yet.")
    problems: dict[str, str] = {}
    if credit.evidence is None:
        problems["evidence"] = (
            "File the Home Office letter and choose it here. Without it the review cannot be published."
        )
    if letter_on > clock.today():
        problems["letter_on"] = "The date of the letter cannot be in the future."
    elif letter_on < submission.done_on:
        problems["letter_on"] = "The letter cannot be older than the submission it answers. Check both dates."
    if problems:
        raise ValidationError(problems)
    answered = HomeOfficeAnswer(
        review=review, submission=submission, answer=answer, letter_on=letter_on, reason=reason, **credit.of_fact()
    )
    answered.save()
    record("submission.answered", answered, outcome=answer, answered_on=letter_on, **told(credit))
    return answered


@step("reviews.record_progress")
def plan_changes(
    review: Review, *, by: Any, credit: Credit, board_sees_it_again: bool, reason: str = ""
) -> ChangesPlan:
    """The officer and the chair say what is done about the answer, and whether the board must see the report again."""
    answer = answer_of(review)
    if answer is None:
        raise NotYet("There is no answer from the Home Office to plan for.")
    plan = ChangesPlan(
        review=review,
        answer=answer,
        board_sees_it_again=board_sees_it_again,
        resubmit=answer.answer == Answer.RESUBMIT,
        reason=reason,
        **credit.of_fact(),
    )
    plan.save()
    record("submission.answered", plan, board_again=board_sees_it_again, **told(credit))
    return plan


def answer_of(review: Review) -> HomeOfficeAnswer | None:
    """The newest answer that stands."""
    return HomeOfficeAnswer.objects.standing().filter(review=review).last()


def plan_of(review: Review) -> ChangesPlan | None:
    """What was planned about the newest answer, or None before any answer."""
    return ChangesPlan.objects.standing().filter(review=review).last()
