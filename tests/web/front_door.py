"""Somebody at the door: people with a password, signing in, and what the log says of it."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from dhr.access.roles import Standing
from dhr.accounts.models import StandingRole, User
from dhr.audit.models import AuditEntry

GOOD = "three calm otters"


def somebody() -> User:
    return User.objects.create_user("olu@example.org", "Olu Example", GOOD)


def an_administrator() -> User:
    ada = User.objects.create_user("ada@example.org", "Ada Example", GOOD)
    StandingRole.objects.create(user=ada, role=Standing.ADMINISTRATOR)
    return ada


def sign_in(client: Client, email: str = "olu@example.org", password: str = GOOD, **more: str) -> Any:
    return client.post(reverse("sign-in"), {"login": email, "password": password, **more})


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.partition("<main")[2])
    assert found
    return found[1]


def events() -> list[tuple[str, int | None]]:
    return list(AuditEntry.objects.order_by("seq").values_list("event", "person"))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
