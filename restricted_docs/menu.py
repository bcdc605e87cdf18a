"""What this package adds to the service's menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from dhr.govuk.navigation import Item

from .restricting import DECIDE


def items(request: HttpRequest) -> Iterator[Item]:
    if request.user.is_authenticated and request.user.has_perm(DECIDE):
        yield Item("Restrictions", reverse("restrictions"), order=50)
