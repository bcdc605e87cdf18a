"""Who may open the log's pages, and the line that each look leaves behind before anything is shown."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import View

from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.vocabulary import VIEW_LOG
from restricted_docs.strongroom import PARTNERSHIP
from restricted_docs.vault.receipt import Scope

SENTENCE = "Only an auditor can see the access log."


class AuditorsOnly(View):
    """A page of the log. Whoever may not see it is told so with 403, and that is written down."""

    @staticmethod
    def are_for(user: Any) -> bool:
        """Whether this person may see these pages: asked here, and wherever a link leads here."""
        return bool(user.has_perm(VIEW_LOG))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.are_for(request.user):
            log.refuse(
                Line(
                    event="access.refused",
                    person=request.user.pk,
                    object="access_log",
                    details={"permission": VIEW_LOG},
                )
            )
            return render(request, "403.html", {"sentence": SENTENCE}, status=403)
        return super().dispatch(request, *args, **kwargs)


def note(request: HttpRequest, event: str, **details: str | int) -> int:
    """Commit the line that says who looked at the log, before it is shown; its number. Raises LogUnavailable."""
    told = {name: value for name, value in details.items() if value != ""}
    receipt = log.append_first(
        Line(event=event, person=request.user.pk, details=told), container=PARTNERSHIP, scope=Scope.NARRATIVE
    )
    return receipt.seq
