"""Reading accounts: only whoever looks after them may, and each look is a line in the log."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q

from dhr import clock
from dhr.usecase import record, use_case

from .models import Invitation, StandingRole, User
from .models.people import PersonQuerySet
from .standing import ask_to_manage


@use_case(None)
def view_people(whom: User | None, *, by: User) -> PersonQuerySet:
    """Everybody with an account, their live roles and unanswered invitations with them. Raises Refused."""
    ask_to_manage(by)
    record("account.list_viewed", whom, **({"whom": whom.pk} if whom else {}))
    return User.objects.prefetch_related(
        Prefetch("roles", StandingRole.objects.filter(ended_at__isnull=True).order_by("role", "starts_on")),
        Prefetch("invitations", Invitation.objects.unanswered()),
    )


def narrowed(people: PersonQuerySet, *, q: str = "", state: str = "") -> Any:
    """Those whose name, address or organisation holds `q`, and whose account is "active", "invited" or "ended"."""
    ended = Q(deactivated_at__isnull=False) | Q(expires_on__lt=clock.today())
    states = {"ended": ended, "active": Q(is_active=True) & ~ended, "invited": Q(is_active=False) & ~ended}
    if q:
        people = people.filter(Q(name__icontains=q) | Q(email__icontains=q) | Q(organisation__icontains=q))
    return people.filter(states[state]) if state in states else people


def account_state(person: User) -> tuple[str, str]:
    """In words, and the colour that goes with them."""
    if person.deactivated_at is not None:
        return "Deactivated", "grey"
    if person.expires_on is not None and person.expires_on < clock.today():
        return "Ended", "grey"
    if person.is_active:
        return "Works", "green"
    unanswered = [
        invitation for invitation in person.invitations.all() if not invitation.withdrawn_at and not invitation.used_at
    ]
    if not unanswered:
        return "Invitation withdrawn", "grey"
    return ("Invitation ran out", "yellow") if unanswered[0].has_run_out else ("Invited", "blue")
