"""A form that arrives when its session has ended: what was typed goes back to the browser, to be sent again.

Nothing is stored: the answers travel as hidden inputs of the page that says "sign in, then send again". Only a form
whose origin has been checked is answered so, because the button sends it on in the name of whoever presses it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

NOT_KEPT = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code", "credential"}


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form was a page of this service."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything typed into the form, except passwords, codes and files."""
    return [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]


def sign_in_and_send_again(request: HttpRequest, *, status: int = 401) -> HttpResponse:
    """The page that keeps what was typed. Served with 401, because nothing was done."""
    back = urlencode({"next": request.path})
    context = {
        "answers": typed(request),
        "has_files": bool(request.content_type and request.content_type.startswith("multipart/")),
        "signed_in": request.user.is_authenticated,
        "sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{back}",
    }
    response = render(request, "accounts/send_again.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
