"""What a person reads when a request cannot be answered: one plain sentence, and what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dhr.accounts.kept import comes_from_here, sign_in_and_send_again
from dhr.usecase import Refused


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in comes back to be sent again; a form from elsewhere is refused.

    Behind a proxy that is not set up, every form fails here: so the page says which setting to look at.
    """
    if request.method == "POST" and comes_from_here(request):
        return sign_in_and_send_again(request, status=403)
    asked = f"{request.scheme}://{request.get_host()}"
    sentence = ""
    if asked != settings.DHR_URL.rstrip("/"):
        sentence = f"For the administrator: this page was asked for at {asked}, but DHR_URL says {settings.DHR_URL}."
    return render(request, "403_csrf.html", {"sentence": sentence}, status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403, with the sentence that says who can help where a use case refused."""
    sentence = exception.sentence if isinstance(exception, Refused) else ""
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without asking the database or the session for anything: one of them may be the fault."""
    return render(None, "500.html", status=500)
