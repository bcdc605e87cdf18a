"""Inviting people. Nobody signs up: an administrator, or an officer for a review, prepares an account and its link."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from dhr import clock
from dhr.access.backends import stands
from dhr.access.roles import Standing
from dhr.usecase import AlreadyDone, NotYet, Refused, record, use_case

from . import notices
from .models import Invitation, Partnership, StandingRole, User
from .models.invitations import fingerprint
from .standing import ask_to_manage, withdraw_unanswered

USED = "This invitation has been used already. Sign in with the password you chose then, or ask for a new one."
GONE = "This invitation no longer works. Ask the person who invited you to send it again."
HAS_ACCOUNT = "There is already an account for this address. Choose this person from the list instead."
WAS_DEACTIVATED = "The account for this address has been deactivated. Ask an administrator to reactivate it."


@use_case(None)
def invite(
    partnership: Partnership | None,
    *,
    by: User | None,
    email: str,
    name: str,
    organisation: str = "",
    roles: Iterable[str] = (),
    expires_on: date | None = None,
) -> Invitation:
    """Prepare an account with standing roles and send its link. by=None: the first administrator, invited by command.

    Raises Refused for somebody who does not look after accounts, and NotYet for an address that has an account.
    The answer's `link` is the only copy of the link outside the e-mail.
    """
    ask_to_manage(by)
    home = partnership or (by.partnership if by else None)
    person = _prepare(email, name, organisation, home, expires_on)
    held = person.standing_roles()
    for role in roles:
        if Standing(role) not in held:
            StandingRole.objects.create(user=person, role=Standing(role))
            record("account.role_given", person, whom=person.pk, role=role)
    return _send_link(person, by)


@use_case(None)
def invite_for_review(
    partnership: Partnership | None, *, by: User, email: str, name: str, organisation: str = ""
) -> Invitation:
    """Prepare an account without any standing role, for a chair, panel member or agency author. An officer may do this.

    The caller gives the membership to the answer's `person`; it counts from the moment the invitation is accepted.
    Somebody who has an account already is found with User.objects.with_email; inviting them again raises NotYet.
    """
    if not stands(by) or Standing.COMMUNITY_SAFETY_OFFICER not in by.standing_roles():
        raise Refused("Only a community safety officer can invite people to a review. Ask the community safety team.")
    return _send_link(_prepare(email, name, organisation, partnership or by.partnership, None), by)


@use_case(None)
def send_again(person: User, *, by: User | None) -> Invitation:
    """Send a fresh link to somebody who has not accepted yet; the link they had stops working."""
    ask_to_manage(by)
    if not person.invited_and_not_yet_here:
        raise AlreadyDone("This person has accepted the invitation, or the account has been deactivated.")
    return _send_link(person, by)


@use_case(None)
def withdraw_invitation(person: User, *, by: User | None) -> User:
    """Make an unanswered invitation useless. The account stays, without working, so that the log can name it."""
    ask_to_manage(by)
    if not withdraw_unanswered(person):
        raise AlreadyDone("There is no invitation to withdraw: it has been used or withdrawn already.")
    record("account.invitation_withdrawn", person, whom=person.pk)
    return person


def accept_invitation(token: str, *, password: str) -> User:
    """Make the account work, with this password, by the secret of its link. Works once, for 14 days.

    The caller has validated the password. Raises AlreadyDone when the link was used, NotYet when it no longer works.
    """
    invitation = check_usable(Invitation.objects.with_token(token).select_related("person").first())
    person: User = _accept(invitation, by=invitation.person, password=password)
    return person


@use_case(None)
def _accept(invitation: Invitation, *, by: User, password: str) -> User:
    """The secret is the permission: only `accept_invitation` calls this, with the invitation that the secret led to."""
    invitation = check_usable(Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk))
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not person.invited_and_not_yet_here:
        raise NotYet(GONE)
    person.set_password(password)
    person.is_active = True
    person.save(update_fields=["password", "is_active"])
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])
    record("account.invitation_used", person, whom=person.pk)
    return person


def check_usable(invitation: Invitation | None) -> Invitation:
    """The invitation; raises AlreadyDone if it was used, NotYet if it is unknown, withdrawn or out of date."""
    if invitation is not None and invitation.used_at is not None:
        raise AlreadyDone(USED)
    if invitation is None or invitation.withdrawn_at is not None or invitation.has_run_out:
        raise NotYet(GONE)
    return invitation


def _prepare(email: str, name: str, organisation: str, home: Partnership | None, expires_on: date | None) -> User:
    """The account this address has been invited to before, or a new one that does not work yet."""
    found = User.objects.select_for_update(no_key=True).with_email(email).first()
    if found is None:
        details: dict[str, Any] = {"organisation": organisation, "partnership": home, "expires_on": expires_on}
        return User.objects.create_user(email.strip(), name, is_active=False, **details)
    if found.deactivated_at is not None:
        raise NotYet(WAS_DEACTIVATED)
    if found.is_active:
        raise NotYet(HAS_ACCOUNT)
    found.name, found.organisation, found.expires_on = name, organisation, expires_on
    found.save(update_fields=["name", "organisation", "expires_on"])
    return found


def _send_link(person: User, by: User | None) -> Invitation:
    withdraw_unanswered(person)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(person=person, token_hash=fingerprint(token), invited_by=by)
    invitation.link = settings.DHR_URL.rstrip("/") + reverse("invitation", args=[token])
    notices.send_secret_link(person, invitation.link, shown=reverse("accept-invitation"))
    until_on = invitation.expires_at.date()
    record("account.invited", person, whom=person.pk, until_on=until_on, expires_on=person.expires_on)
    return invitation
