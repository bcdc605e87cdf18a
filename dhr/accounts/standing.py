"""Whose account works, and what standing roles it has. People are deactivated, never deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q

from dhr import clock
from dhr.access.backends import forget
from dhr.access.roles import Standing
from dhr.usecase import AlreadyDone, NotYet, Refused, ask, record, use_case

from .models import Invitation, StandingRole, User

MANAGE_PEOPLE = "accounts.manage_people"
LAST_ADMINISTRATOR = "This is the last administrator. Give somebody else the role of administrator first."


def ask_to_manage(by: User | None) -> None:
    """Raise Refused unless this person looks after accounts. None is a command typed on the server itself."""
    if by is not None:
        ask(by, MANAGE_PEOPLE, None)


@use_case(None)
def give_role(
    person: User,
    *,
    by: User | None,
    role: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    deputy: bool = False,
) -> StandingRole:
    """Give a standing role, from today if not said. Raises Refused for a role that one may not give oneself."""
    ask_to_manage(by)
    if by is not None and by.pk == person.pk and role != Standing.ADMINISTRATOR:
        raise Refused(
            "You cannot give yourself a role. Ask another administrator.", needs=MANAGE_PEOPLE, subject=person
        )
    starts = starts_on or clock.today()
    if ends_on is not None and ends_on < starts:
        raise NotYet("The last day of a role cannot be before its first day. Change one of the two days.")
    _lock(person)
    if _overlapping(person, role, starts, ends_on).exists():
        raise AlreadyDone("This person has this role already on those days.")
    given = person.roles.create(role=Standing(role), starts_on=starts, ends_on=ends_on, deputy=deputy)
    forget(person)
    record("account.role_given", person, whom=person.pk, role=role, until_on=ends_on)
    return given


def _overlapping(person: User, role: str, starts: date, ends: date | None) -> Any:
    found = person.roles.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts), role=role, ended_at__isnull=True)
    return found if ends is None else found.filter(starts_on__lte=ends)


@use_case(None)
def end_role(given: StandingRole, *, by: User | None, ends_on: date | None = None) -> StandingRole:
    """End a standing role at once, or after a last day to come. Raises NotYet for the last administrator's."""
    ask_to_manage(by)
    _lock(given.user)
    given.refresh_from_db()
    if given.ended_at is not None:
        raise AlreadyDone("This role has been ended already.")
    if ends_on is not None and ends_on < max(clock.today(), given.starts_on):
        raise NotYet("The last day must be today or later, and not before the role starts.")
    if given.role == Standing.ADMINISTRATOR:
        _keep_an_administrator(given.user)
    _end([given], ends_on)
    record("account.role_ended", given.user, whom=given.user_id, role=given.role, until_on=ends_on)
    return given


@use_case(None)
def deactivate(person: User, *, by: User | None) -> User:
    """End an account at once: its sessions, standing roles and unanswered invitation. The person's record stays.

    Memberships stay as they are; the veto refuses them, and the officer hands over what was waiting for this person.
    """
    ask_to_manage(by)
    person = _lock(person)
    if person.deactivated_at is not None:
        raise AlreadyDone("This account has been deactivated already.")
    _keep_an_administrator(person)
    for given in _end(
        list(person.roles.filter(ended_at__isnull=True, ends_on__isnull=True)) + _ending_later(person), None
    ):
        record("account.role_ended", person, whom=person.pk, role=given.role)
    withdraw_unanswered(person)
    person.is_active, person.deactivated_at = False, clock.now()
    person.save(update_fields=["is_active", "deactivated_at"])
    end_sessions(person)
    record("account.deactivated", person, whom=person.pk, how="" if by else "command")
    return person


@use_case(None)
def reactivate(person: User, *, by: User | None) -> User:
    """Let a deactivated account work again, without the roles it had; if its invitation was never used, invite anew."""
    ask_to_manage(by)
    person = _lock(person)
    if person.deactivated_at is None:
        raise AlreadyDone("This account has not been deactivated.")
    invitations = person.invitations.all()
    person.is_active = not invitations or any(invitation.used_at for invitation in invitations)
    person.deactivated_at = None
    person.save(update_fields=["is_active", "deactivated_at"])
    forget(person)
    record("account.reactivated", person, whom=person.pk)
    return person


def withdraw_unanswered(person: User) -> int:
    """Make the link that this person has not used yet useless. Returns how many there were (0 or 1)."""
    return Invitation.objects.unanswered().filter(person=person).update(withdrawn_at=clock.now())


def end_sessions(person: User) -> int:
    """Sign this person out everywhere. Returns how many sessions there were."""
    live = Session.objects.filter(expire_date__gt=clock.now())
    theirs = [session.pk for session in live.iterator() if session.get_decoded().get(SESSION_KEY) == str(person.pk)]
    return Session.objects.filter(pk__in=theirs).delete()[0]


def _lock(person: User) -> User:
    """This person and every administrator, locked in one order, so that two cannot end each other at the same time."""
    administrators = User.objects.in_role(Standing.ADMINISTRATOR).values("pk")
    locked = (
        User.objects.select_for_update(no_key=True).filter(Q(pk=person.pk) | Q(pk__in=administrators)).order_by("pk")
    )
    return next(found for found in locked if found.pk == person.pk)


def _keep_an_administrator(person: User) -> None:
    administrators = User.objects.in_role(Standing.ADMINISTRATOR)
    if administrators.filter(pk=person.pk).exists() and not administrators.exclude(pk=person.pk).exists():
        raise NotYet(LAST_ADMINISTRATOR)


def _ending_later(person: User) -> list[StandingRole]:
    return list(person.roles.filter(ended_at__isnull=True, ends_on__gte=clock.today()))


def _end(roles: list[StandingRole], ends_on: date | None) -> list[StandingRole]:
    for given in roles:
        given.ends_on = ends_on or max(clock.today(), given.starts_on)
        given.ended_at = None if ends_on else clock.now()
        given.save(update_fields=["ends_on", "ended_at"])
        forget(given.user)
    return roles
