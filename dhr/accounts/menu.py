"""What this package adds to the service's menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from dhr.govuk.navigation import Item

from .outbox import may_view_outbox
from .standing import MANAGE_PEOPLE


def items(request: HttpRequest) -> Iterator[Item]:
    user = request.user
    if not user.is_authenticated:
        return
    if user.has_perm(MANAGE_PEOPLE):
        yield Item("People", reverse("people"), order=70)
    if may_view_outbox(user):
        yield Item("Outbox", reverse("outbox"), order=80)
    yield Item("Your account", reverse("your-account"), order=90)
