"""What this package adds to the service's menu."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from dhr.govuk.navigation import Item

from .vocabulary import VIEW_LOG


def items(request: HttpRequest) -> Iterator[Item]:
    if request.user.is_authenticated and request.user.has_perm(VIEW_LOG):
        yield Item("Access log", reverse("access-log"), order=75)
