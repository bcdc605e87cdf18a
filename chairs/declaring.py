"""Declaring independence: what turns an appointment into access."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dhr.access import grants
from dhr.access.backends import forget
from dhr.reviews import memberships
from dhr.reviews.models.facts import Credit
from dhr.reviews.recording import RECORD, step, told
from dhr.usecase import AlreadyDone, NotYet, Refused, record, use_case

from . import process
from .appointing import DECLARE
from .models import Appointment


def declare(appointment: Appointment, *, by: Any, credit: Credit | None = None, **answers: Any) -> Appointment:
    """As declare_independence, through the open task of the process where there is one: what pages call."""
    does = process.registered()
    declared: Appointment = (does.declare if does else declare_independence)(
        appointment, by=by, credit=credit, **answers
    )
    return declared


@use_case(None)
def declare_independence(
    appointment: Appointment,
    *,
    by: Any,
    credit: Credit | None = None,
    statement: str,
    evidence: UUID | None = None,
    associated_with: str = "",
) -> Appointment:
    """Declare independence of the agencies in a review: by the appointed person, or recorded for them by the officer.

    `statement` says how they are independent; `associated_with` names agencies they once worked for, and when they left;
    `evidence` is the filed, signed declaration. Access to the review starts with it. Raises Refused, NotYet and AlreadyDone.
    """
    _check_open(appointment, by)
    answers = {"statement": statement, "evidence": evidence, "associated_with": associated_with}
    return _declare(appointment, by=by, credit=credit, **answers)


def _check_open(appointment: Appointment, by: Any) -> None:
    """Say that it is over to those who may know of the appointment; the right to declare has gone from everybody."""
    if by is None or not (by == appointment.user or by.has_perm(RECORD, appointment.review)):
        return
    if not appointment.is_standing:
        raise NotYet("This appointment has ended. If that is wrong, ask the community safety team.")
    if appointment.is_declared:
        raise AlreadyDone("Independence has been declared for this appointment already.")


@step(DECLARE)
def _declare(
    appointment: Appointment, *, by: Any, credit: Credit, statement: str, evidence: UUID | None, associated_with: str
) -> Appointment:
    if credit.done_by != appointment.user:
        raise Refused(
            "Only the person appointed can declare their independence. Record it as done by them.",
            needs=DECLARE,
            subject=appointment,
        )
    appointment.declared_on, appointment.declared_how = credit.done_on, credit.how
    appointment.declaration_recorded_by = credit.recorded_by
    appointment.evidence = evidence or credit.evidence
    appointment.statement, appointment.associated_with = statement, associated_with
    appointment.save()
    memberships.join(appointment.review, appointment.user, appointment.role)
    grants.take(appointment)
    for person in (appointment.user, by):
        forget(person)
    facts = told(credit) | {"evidence": appointment.evidence}
    record("chair.declared_independence", appointment, chair=appointment.chair_id, role=appointment.role, **facts)
    return appointment


declare_independence.permission = DECLARE  # type: ignore[attr-defined]
