"""Keeping the register of chairs, and asking those on it about a review."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.accounts.models import Partnership
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, Refused, ask, record, use_case

from .models import ChairProfile, Sounding
from .vocabulary import Answer, PipelineStage

MANAGE = "chairs.manage_register"
APPOINT = "reviews.appoint_chair"


@use_case(MANAGE, standing=True)
def add_chair_to_register(partnership: Partnership, *, by: Any, name: str, **facts: Any) -> ChairProfile:
    """Enter somebody in the register. `facts` are the fields of ChairProfile. Raises ValidationError for an account that
    belongs to the partnership's own people or to another entry."""
    _check_account(facts.get("user"), None)
    chair = ChairProfile(partnership=partnership, name=name, **facts)
    chair.save()
    record("chair.registered", chair, chair=chair.pk)
    return chair


@use_case(MANAGE, standing=True)
def update_chair(chair: ChairProfile, *, by: Any, **facts: Any) -> ChairProfile:
    """Change an entry. Removing somebody keeps the entry, and every appointment they had."""
    _check_partnership(chair, by)
    _check_account(facts.get("user"), chair)
    retired = facts.get("stage") == PipelineStage.REMOVED and chair.stage != PipelineStage.REMOVED
    for name, value in facts.items():
        setattr(chair, name, value)
    chair.save()
    record("chair.retired" if retired else "chair.updated", chair, chair=chair.pk)
    return chair


def _check_partnership(chair: ChairProfile, by: Any) -> None:
    if chair.partnership_id != by.partnership_id:
        raise Refused("This entry is in another register. Ask that partnership's team.", subject=chair, needs=MANAGE)


def _check_account(user: Any, chair: ChairProfile | None) -> None:
    if user is None:
        return
    if user.is_superuser or user.standing_roles():
        raise ValidationError(
            {
                "user": "This person works for the partnership, so they cannot be an independent chair. Choose another account."
            }
        )
    if ChairProfile.objects.filter(user=user).exclude(pk__in=[chair.pk] if chair else []).exists():
        raise ValidationError({"user": "This account belongs to another entry of the register. Use that entry."})


@use_case(APPOINT)
def sound_out(review: Review, *, by: Any, chair: ChairProfile, note: str = "") -> Sounding:
    """Ask a possible chair about a review: at any stage, also while it is suspended. It gives no access to anything."""
    if chair.stage == PipelineStage.REMOVED:
        raise ValidationError({"chair": "This person was removed from the register. Choose somebody else."})
    if Sounding.objects.filter(review=review, chair=chair, answer=Answer.WAITING).exists():
        raise AlreadyDone(f"{chair.name} has been asked about this review already. Record the answer when it comes.")
    sounding = Sounding(review=review, chair=chair, asked_by=by)
    sounding.note = note
    sounding.save()
    record("chair.sounded", sounding, chair=chair.pk, answer=Answer.WAITING)
    return sounding


@use_case(None)
def record_answer(sounding: Sounding, *, by: Any, answer: str, note: str = "") -> Sounding:
    """Record what a possible chair answered. A note replaces the one made when they were asked."""
    ask(by, APPOINT, sounding.review)
    if sounding.answer != Answer.WAITING:
        raise AlreadyDone("The answer has been recorded already.")
    if answer not in set(Answer.values) - {Answer.WAITING}:
        raise ValidationError({"answer": "Choose what they answered."})
    sounding.answer, sounding.answered_on = answer, clock.today()
    if note:
        sounding.note = note
    sounding.save()
    record("chair.sounded", sounding, chair=sounding.chair_id, answer=answer)
    return sounding
