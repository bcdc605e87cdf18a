"""What the access log says of signing in, signing out and second factors. Never the address somebody typed."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from dhr import clock
from dhr.audit import log
from dhr.audit.line import Line

from .models import User

BEGAN, LAST_SEEN = "began", "last_seen"  # seconds since 1970, kept in the session on the server


def note(event: str, person: User | None, **details: str) -> None:
    """Write one line about an account, in a transaction of its own."""
    named = person.logged_as() if person is not None else {}
    line = Line(event=event, person=person.pk if person is not None else None, details=details, **named)
    with transaction.atomic():
        log.append([line])


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[BEGAN] = request.session[LAST_SEEN] = int(clock.now().timestamp())
    note("account.signed_in", user)


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        note("account.signed_out", user, **_how(getattr(request, "session_ended", "")))


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    typed = credentials.get("email") or credentials.get("username") or ""
    note("account.sign_in_failed", User.objects.with_email(str(typed)).first())


@receiver(authentication_failed)
def second_factor_failed(sender: Any, user: User, **kwargs: Any) -> None:
    note("account.sign_in_failed", user, factor="second")


@receiver(password_changed)
@receiver(password_reset)
def changed_password(sender: Any, user: User, **kwargs: Any) -> None:
    note("account.password_changed", user)


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def changed_factor(sender: Any, user: User, authenticator: Any, signal: Any, **kwargs: Any) -> None:
    how = {authenticator_added: "added", authenticator_removed: "removed"}.get(signal, "renewed")
    note("account.factor_changed", user, factor=str(authenticator.type), how=how)


def _how(ended: str) -> dict[str, str]:
    return {"how": ended} if ended else {}
