"""What this package adds to the service's menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from dhr.govuk.navigation import Item

from .listing import visible_reviews


def items(request: HttpRequest) -> Iterator[Item]:
    user = request.user
    if not user.is_authenticated:
        return
    yield Item("Your work", reverse("your-work"), order=10)
    if visible_reviews(user).exists():
        yield Item("Reviews", reverse("reviews"), order=20)
    if user.has_perm("reviews.view_caseload"):
        yield Item("Caseload", reverse("caseload"), order=25)
    if user.has_perm("board.view_summary"):
        yield Item("Board summary", reverse("board-summary"), order=30)
