"""What a person reads when something could not be done: one plain sentence for each fault, never a stack of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from viewflow.fsm import TransitionNotAllowed
from viewflow.workflow.exceptions import FlowLockFailed

from dhr.accounts.views import faults
from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.log import LogUnavailable
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, NotYet, Refused
from restricted_docs.vault.errors import Damaged, KeyMissing, NoReceipt, VaultError

NO_ANSWER = "The database did not answer; nothing was changed. Try again. If this comes back, tell your administrator."
SOMEBODY_FIRST = "Somebody else has just done this. Open the review again to see what is next."
CUT = "What you sent did not arrive whole, so nothing of it was kept. Check your connection and send it again."


@dataclass(frozen=True)
class Answer:
    """The page for one kind of fault. `standing_alone`: drawn without asking the database for anything."""

    status: int
    heading: str
    sentence: Callable[[Any], str] = str
    standing_alone: bool = False


def _its_own(fault: Any) -> str:
    return str(fault.sentence)


# The first that fits counts: special kinds of a fault stand before the general one.
ANSWERS: tuple[tuple[tuple[type[Exception], ...], Answer], ...] = (
    ((Refused,), Answer(403, "You cannot do this", _its_own)),
    ((AlreadyDone,), Answer(409, "This has been done already", _its_own)),
    ((NotYet,), Answer(409, "This cannot be done now", _its_own)),
    ((TransitionNotAllowed,), Answer(409, "This has been done already", lambda _: SOMEBODY_FIRST)),
    ((LogUnavailable,), Answer(503, "Sorry, try again in a minute", _its_own, standing_alone=True)),
    ((Damaged, KeyMissing, NoReceipt), Answer(409, "This cannot be opened")),
    ((VaultError,), Answer(503, "Sorry, the sealed store does not answer")),
    ((FlowLockFailed,), Answer(503, "Sorry, try again in a minute", lambda _: NO_ANSWER)),
    (
        (OperationalError, InterfaceError),
        Answer(503, "Sorry, try again in a minute", lambda _: NO_ANSWER, standing_alone=True),
    ),
    ((UnreadablePostError,), Answer(400, "This did not arrive", lambda _: CUT)),
)


class FaultMiddleware:
    """Turns what a view could not do into its page. Whatever was begun has been rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, Refused) and not fault.written_down:
            try:
                write_down(request, fault)
            except LogUnavailable as unavailable:
                fault = unavailable
        if isinstance(fault, Damaged):
            fault = _damage_told(request, fault)
        answer = next((answer for kinds, answer in ANSWERS if isinstance(fault, kinds)), None)
        return page(request, fault, answer) if answer is not None else None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault outside any view, where the session is read, say: an absent database is told from our own fault."""
    fault = sys.exc_info()[1]
    for kinds, answer in ANSWERS:
        if answer.standing_alone and isinstance(fault, kinds):
            return page(request, fault, answer)
    return faults.server_error(request)


def page(request: HttpRequest, fault: Exception, answer: Answer) -> HttpResponse:
    """The fault in words, with nothing of any review on the page."""
    words = {"heading": answer.heading, "sentence": answer.sentence(fault), "refused": isinstance(fault, Refused)}
    if answer.standing_alone:
        response = HttpResponse(render_to_string("workflows/faults/alone.html", words), status=answer.status)
    else:
        response = render(request, "workflows/faults/fault.html", words, status=answer.status)
    if answer.status == 503:
        response["Retry-After"] = "60"
    return response


def _damage_told(request: HttpRequest, fault: Damaged) -> Exception:
    """One line in the log for what somebody has changed in the store. The fault to tell: this one, or the log's own."""
    named = request.resolver_match.kwargs if request.resolver_match else {}
    review = Review.objects.filter(pk=named["review"]).first() if "review" in named else None
    line = Line(
        event="sealed.damaged",
        person=request.user.pk if request.user.is_authenticated else None,
        review=review.pk if review is not None else None,
        reference=review.reference if review is not None else "",
        object="document" if "document" in named else "",
        object_id=str(named.get("document", "")),
        details={"method": str(request.method)},
    )
    try:
        log.refuse(line)
    except LogUnavailable as unavailable:
        return unavailable
    return fault


def write_down(request: HttpRequest, refusal: Refused) -> None:
    """One line in the log for a page that was refused. Raises LogUnavailable."""
    named = refusal.subject.logged_as() if hasattr(refusal.subject, "logged_as") else {}
    details = {"permission": refusal.needs, "method": str(request.method)}
    person = request.user.pk if request.user.is_authenticated else None
    log.refuse(Line(event="access.refused", person=person, details={k: v for k, v in details.items() if v}, **named))
