"""How allauth behaves here: nobody signs up, and whoever no longer stands is told whom to ask."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from dhr.access.backends import stands


class InvitationOnly(DefaultAccountAdapter):
    """Accounts come from invitations only; every way in, passkeys too, asks whether the account stands."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **login: Any) -> HttpResponse | None:
        if not stands(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return None

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, "Your account does not work at the moment. Ask the community safety team.")
        return redirect("sign-in")

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.PARTNERSHIP_NAME}: {subject}"

    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL
