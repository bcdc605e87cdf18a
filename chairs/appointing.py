"""Appointing chairs and report authors, choosing who leads, and standing down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access import grants
from dhr.access.backends import forget
from dhr.access.roles import Role
from dhr.accounts import notices
from dhr.accounts.models import NoticeKind
from dhr.reviews import memberships
from dhr.reviews.models import Membership, Review
from dhr.reviews.models.facts import Credit, own
from dhr.reviews.recording import step, told
from dhr.usecase import AlreadyDone, NotYet, ask, record, use_case

from . import process
from .models import Appointment, ChairProfile
from .register import APPOINT
from .vocabulary import AppointedAs, PipelineStage, Service

DECLARE = "chairs.declare_independence"
NOT_INDEPENDENT = (Role.OFFICER, Role.DECIDING_CHAIR, Role.PANEL_MEMBER, Role.AGENCY_AUTHOR, Role.AGENCY_SIGNATORY)


@step(APPOINT)
def appoint_chairs(
    review: Review, *, by: Any, credit: Credit, appointments: Sequence[Mapping[str, Any]]
) -> list[Appointment]:
    """Appoint chairs, one of them the lead, and a separate report author if there is one.

    Each appointment is a mapping: `chair` (ChairProfile), `role` (AppointedAs), and if wanted `user` (the account, where the
    entry has none yet) and `fee` (pounds). Nobody has access before they declare their independence. Counts together with the
    appointments that stand, so that a chair can be added or replaced later. Raises ValidationError with a sentence.
    """
    return _appoint_all(review, appointments, credit)


@use_case(APPOINT)
def appoint_another(
    review: Review, *, by: Any, chair: ChairProfile, role: str, fee: Decimal | None = None
) -> Appointment:
    """Appoint one more person once the chairs were appointed: a new lead after the last one stood down, a report author."""
    if not review.is_open:
        raise NotYet("This review is closed, so nobody can be appointed to it any more.")
    if not Appointment.objects.filter(review=review).exists():
        raise NotYet("The first chairs are appointed in the review's task for it. Open the review to see what is next.")
    appointment = _appoint_all(review, [{"chair": chair, "role": role, "fee": fee}], own(by))[0]
    if does := process.registered():
        does.appointed(review)
    return appointment


def _appoint_all(review: Review, appointments: Sequence[Mapping[str, Any]], credit: Credit) -> list[Appointment]:
    if not appointments:
        raise ValidationError("Choose at least one chair.")
    people = [_account_of(entry["chair"], entry.get("user")) for entry in appointments]
    _check_roles(review, [entry["role"] for entry in appointments])
    _check_people(review, people)
    return [_appoint(review, entry, user=user, credit=credit) for entry, user in zip(appointments, people, strict=True)]


def _account_of(chair: ChairProfile, user: Any) -> Any:
    """The account of somebody on the register; one given now is kept on their entry."""
    if chair.stage == PipelineStage.REMOVED:
        raise ValidationError(f"{chair.name} was removed from the register. Choose somebody else.")
    if user is not None and chair.user_id not in (None, user.pk):
        raise ValidationError(f"{chair.name} has another account on the register. Change their entry first.")
    if user is None and chair.user is None:
        raise ValidationError(
            f"{chair.name} has no account yet. Invite them, choose the account on their entry in the register, then appoint them."
        )
    if user is not None and ChairProfile.objects.filter(user=user).exclude(pk=chair.pk).exists():
        raise ValidationError(
            f"The account chosen for {chair.name} belongs to another entry of the register. Use that entry."
        )
    return user or chair.user


def _check_roles(review: Review, roles: Sequence[str]) -> None:
    if unknown := set(roles) - set(AppointedAs.values):
        raise ValidationError(f"Nobody can be appointed as {', '.join(sorted(unknown))}.")
    held = [*roles, *standing_appointments(review).values_list("role", flat=True)]
    if held.count(AppointedAs.LEAD_CHAIR) != 1:
        raise ValidationError("Choose one lead chair: not none, and not more than one.")
    if held.count(AppointedAs.REPORT_AUTHOR) > 1:
        raise ValidationError("Choose one report author, or none if the chairs write the report.")


def _check_people(review: Review, people: Sequence[Any]) -> None:
    appointed = set(standing_appointments(review).values_list("user_id", flat=True))
    taking_part = set(
        review.membership_set.current().filter(role__in=NOT_INDEPENDENT).values_list("user_id", flat=True)
    )
    for user in people:
        if user.pk in appointed:
            raise ValidationError(f"{user.name} is chosen twice, or appointed already. Choose each person once.")
        appointed.add(user.pk)
        if user.pk in taking_part or user.standing_roles() or user.is_superuser:
            raise ValidationError(
                f"{user.name} takes part in this review or works for the partnership, so is not independent."
            )


def _appoint(review: Review, entry: Mapping[str, Any], *, user: Any, credit: Credit) -> Appointment:
    chair, role = entry["chair"], entry["role"]
    if chair.services == (Service.CHAIR if role == AppointedAs.REPORT_AUTHOR else Service.AUTHOR):
        raise ValidationError(f"{chair.name} does not offer this on the register. Change their entry first.")
    facts = {
        "appointed_on": credit.done_on,
        "appointed_by": credit.done_by,
        "step": credit.step,
        "fee": entry.get("fee"),
    }
    appointment = Appointment.objects.create(review=review, chair=chair, user=user, role=role, **facts)
    chair.user, chair.stage = user, PipelineStage.APPOINTED
    chair.save(update_fields=["user", "stage"])
    grants.give(appointment, user, [DECLARE])
    forget(user)
    lead = role == AppointedAs.LEAD_CHAIR
    record("chair.appointed", appointment, chair=chair.pk, whom=user.pk, role=role, lead=lead, **told(credit))
    notices.send(
        NoticeKind.APPOINTED, [user], reference=review.reference, link=f"/chairs/appointments/{appointment.pk}/"
    )
    return appointment


def standing_appointments(review: Review) -> Any:
    """The appointments that were not ended, with the person and register entry read along."""
    return Appointment.objects.filter(review=review).standing().select_related("user", "chair", "review")


def all_declared(review: Review) -> bool:
    """Whether there is a lead chair, and everybody appointed has declared their independence."""
    found = list(standing_appointments(review))
    return any(one.role == AppointedAs.LEAD_CHAIR for one in found) and all(one.is_declared for one in found)


@use_case(None)
def stand_down(appointment: Appointment, *, by: Any, reason: str) -> Appointment:
    """End an appointment: access goes at once. Also the last lead may go, because people fall ill; then the review's page
    asks for a new lead."""
    ask(by, APPOINT, appointment.review)
    _check_standing(appointment)
    _end(appointment, by, reason)
    if does := process.registered():
        does.stood_down(appointment)
    return appointment


def _check_standing(appointment: Appointment) -> None:
    if not appointment.is_standing:
        raise AlreadyDone("This appointment has ended already.")


def _end(appointment: Appointment, by: Any, reason: str) -> None:
    appointment.stood_down_on, appointment.stood_down_by, appointment.reason = clock.today(), by, reason
    appointment.save()
    for membership in _memberships_of(appointment):
        memberships.leave(membership)
    grants.take(appointment)
    forget(appointment.user)
    _free(appointment.chair)
    record("chair.stood_down", appointment, chair=appointment.chair_id, whom=appointment.user_id, role=appointment.role)


def _free(chair: ChairProfile) -> None:
    """Available again, if no other open review has this person."""
    live = Appointment.objects.standing().filter(chair=chair, review__closed_at__isnull=True)
    if chair.stage == PipelineStage.APPOINTED and not live.exists():
        chair.stage = PipelineStage.AVAILABLE
        chair.save(update_fields=["stage"])


def _memberships_of(appointment: Appointment) -> list[Membership]:
    held = appointment.review.membership_set.filter(ended_at__isnull=True, user=appointment.user, role=appointment.role)
    return list(held.select_related("user", "review"))


@use_case(None)
def make_lead(appointment: Appointment, *, by: Any) -> Appointment:
    """Let another of the appointed chairs lead. Whoever led before stays on as chair."""
    ask(by, APPOINT, appointment.review)
    _check_standing(appointment)
    if appointment.role == AppointedAs.LEAD_CHAIR:
        raise AlreadyDone(f"{appointment.chair.name} leads this review already.")
    if appointment.role != AppointedAs.CHAIR:
        raise NotYet("A report author cannot lead the review. Choose one of its chairs.")
    for leading in standing_appointments(appointment.review).filter(role=AppointedAs.LEAD_CHAIR):
        _change_role(leading, AppointedAs.CHAIR)
    _change_role(appointment, AppointedAs.LEAD_CHAIR)
    if does := process.registered():
        does.lead_changed(appointment.review)
    return appointment


def _change_role(appointment: Appointment, role: str) -> None:
    held = _memberships_of(appointment)
    appointment.role = role
    appointment.save(update_fields=["role"])
    for membership in held:
        memberships.leave(membership)
        memberships.join(appointment.review, appointment.user, role)
    facts: dict[str, Any] = {"whom": appointment.user_id, "role": role, "lead": role == AppointedAs.LEAD_CHAIR}
    record("chair.appointed", appointment, chair=appointment.chair_id, **facts)


@use_case(APPOINT)
def undo_appointments(review: Review, *, by: Any, done_by_step: int) -> list[Appointment]:
    """Take back the appointments that one task recorded, as long as nobody has declared their independence on them."""
    found = list(standing_appointments(review).filter(step=done_by_step))
    if not found:
        raise NotYet("No appointment of that step is left to take back.")
    if any(one.is_declared for one in found):
        raise NotYet("Somebody has declared their independence already. Record that they stand down instead.")
    for appointment in found:
        _end(appointment, by, "")
    return found
