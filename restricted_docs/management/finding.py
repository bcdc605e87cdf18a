"""What commands are told on the command line: a review by its reference, a person by their address."""

from __future__ import annotations

from django.core.management.base import CommandError

from dhr.accounts.models import User
from dhr.reviews.models import Review


def review_called(reference: str) -> Review:
    """The review with this reference, DHR12 or N-2026-03, or its id. Raises CommandError."""
    wanted = reference.strip().casefold()
    for review in Review.objects.all():
        if wanted in {review.reference.casefold(), review.notification_reference.casefold(), str(review.pk)}:
            return review
    raise CommandError(f"No review is called {reference}. Give its reference as on its page: DHR12 or N-2026-03.")


def person_at(email: str) -> User:
    """The person who signs in with this address. Raises CommandError."""
    person = User.objects.with_email(email).first()
    if person is None:
        raise CommandError("No account has this address. The people page lists them all.")
    return person
