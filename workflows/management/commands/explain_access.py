"""manage.py explain_access PERSON REVIEW: each permission on a review, yes or no, and why. Opens nothing of the review."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from dhr.access import grants
from dhr.access.backends import stands
from dhr.access.roles import ROLE_NAMES
from dhr.accounts.models import User
from dhr.govuk.dates import written
from dhr.reviews.models import Membership, Review
from workflows.desk.listing import by_reference

OUTSIDE = ("reviews.record_notification", "reviews.view_caseload", "reviews.hand_over_reviews")


def veto_of(person: User) -> str:
    """Why this person is refused everything, or nothing."""
    if person.is_superuser:
        return "a superuser has no permission on reviews"
    if not person.is_active:
        return "the account is closed"
    if not stands(person):
        return "the account has expired"
    return ""


def dates_of(membership: Membership) -> str:
    until = f" until {written(membership.ends_on)}" if membership.ends_on else ""
    ended = ", ended" if membership.ended_at else ""
    return f"{ROLE_NAMES[membership.role]} from {written(membership.starts_on)}{until}{ended}"


def reason_of(person: User, review: Review, permission: str) -> tuple[bool, str]:
    """Whether the person has the permission on the review today, and why (not)."""
    if veto := veto_of(person):
        return False, veto
    held = {membership.pk: membership for membership in person.memberships.filter(review=review)}
    table = grants.table_for(review)
    app, codename = permission.split(".")
    rows: list[Any] = []
    if table is not None:
        wanted = Q(permission__content_type__app_label=app, permission__codename=codename)
        rows = list(table.objects.live().filter(wanted, user_id=person.pk, content_object=review))
    if person.has_perm(permission, review):
        return True, "; ".join(sorted(dates_of(held[row.source]) for row in rows if row.source in held)) or "a grant"
    if not held:
        return False, "no role on this review"
    return False, "not given by: " + "; ".join(sorted(dates_of(each) for each in held.values()))


def permissions_on_a_review() -> list[str]:
    own = [f"reviews.{codename}" for codename, _ in Review._meta.permissions]
    beside = ["restricted_docs.file_document", "restricted_docs.propose_restriction"]
    return [permission for permission in own if permission not in OUTSIDE] + beside


class Command(BaseCommand):
    help = "Says for each permission on a review whether a person has it today, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="Email address of the account.")
        parser.add_argument("review", help="Reference of the review: DHR12, or N-2026-03.")

    def handle(self, *args: Any, person: str, review: str, **options: Any) -> None:
        user = User.objects.with_email(person).first()
        if user is None:
            raise CommandError(f"There is no account with the address {person}.")
        found = list(Review.objects.filter(by_reference(review))[:2])
        if len(found) != 1:
            raise CommandError(
                f"{review} names {'no' if not found else 'more than one'} review. Give it as DHR12 or N-2026-03."
            )
        print(f"{user.name} on {found[0].reference}:")
        for permission in permissions_on_a_review():
            yes, why = reason_of(user, found[0], permission)
            print(f"  {'yes' if yes else 'no ':3} {permission}: {why}")
