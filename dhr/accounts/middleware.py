"""What holds for every request of a signed-in person: they stand today, the session is fresh, nothing is cached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers

from dhr import clock

from .kept import comes_from_here, sign_in_and_send_again
from .sign_in import BEGAN, LAST_SEEN

IDLE = timedelta(minutes=30)
WRITTEN_EVERY = timedelta(minutes=1)  # a session is written at most this often, so that reading a page seldom writes
SENTENCES = {
    "standing": "Your account no longer works. If it should, ask the community safety team.",
    "idle": "You were signed out because nothing happened for 30 minutes. Sign in to go on where you were.",
    "age": "You were signed out because you had been signed in for 8 hours. Sign in to go on where you were.",
}


class StandingMiddleware:
    """Signs out at once whoever no longer stands, and ends a session after 30 idle minutes or its full age.

    A form sent after the session ended comes back with everything that was typed, to be sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ended = why_ended(request)
        if ended:
            request.session_ended = ended  # type: ignore[attr-defined]
            logout(request)
            messages.info(request, SENTENCES[ended])
        elif request.user.is_authenticated:
            _seen(request)
        response = self.get_response(request)
        if request.method == "POST" and _leads_to_sign_in(request, response) and comes_from_here(request):
            response = sign_in_and_send_again(request)
        if ended or request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["Cookie"])
        return response


def why_ended(request: HttpRequest) -> str:
    """Why the session of this request may not go on: "standing", "idle", "age", or "" if it may or there is none."""
    if not request.user.is_authenticated:
        return "standing" if SESSION_KEY in request.session else ""
    now = clock.now().timestamp()
    if now - request.session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE:
        return "age"
    return "idle" if now - request.session.get(LAST_SEEN, 0) > IDLE.total_seconds() else ""


def _seen(request: HttpRequest) -> None:
    now = int(clock.now().timestamp())
    if now - request.session[LAST_SEEN] >= WRITTEN_EVERY.total_seconds():
        request.session[LAST_SEEN] = now
    until_old = request.session[BEGAN] + settings.SESSION_COOKIE_AGE - now
    request.session_seconds = min(IDLE.total_seconds(), until_old)  # type: ignore[attr-defined]


def _leads_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether LoginRequiredMiddleware sent this away, to come back afterwards."""
    asks = f"{resolve_url(settings.LOGIN_URL)}?next="
    sent_away = response.status_code == 302 and response["Location"].startswith(asks)
    return sent_away and not request.user.is_authenticated
