"""Proposing a restriction, and the monitoring officer's list and decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from dhr.audit import log
from dhr.audit.line import Line
from dhr.usecase import ask

from ..fields import reading
from ..forms import DecideRestrictionForm, ProposeRestrictionForm, kind_in_words
from ..grant_source import VIEW_DOCUMENT
from ..models import Restriction
from ..reading import note_refusal
from ..restricting import DECIDE, PROPOSE, decide_restriction, may_propose, propose_restriction, take_up_proposal
from ..vocabulary import RestrictionState
from .filing import DocumentFormPage
from .gate import FormPage, document_url, refuse


class ProposeRestriction(DocumentFormPage):
    """Propose to restrict a document under Schedule 12A."""

    form_class = ProposeRestrictionForm
    heading = "Propose a restriction"
    submit_text = "Propose to the monitoring officer"

    def ask(self) -> None:
        if not may_propose(self.request.user, self.paper):
            refuse(PROPOSE, self.paper)

    def act(self, form: ProposeRestrictionForm) -> str:
        propose_restriction(self.paper, by=self.request.user, **form.cleaned_data)
        return "Proposed. The document counts as restricted until the monitoring officer has decided."


def own_restriction_or_404(user: Any, pk: UUID) -> Restriction:
    found = (
        Restriction.objects.select_related("review__partnership", "document__review", "proposed_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    if found.review.partnership_id != user.partnership_id:
        note_refusal(user, DECIDE, found)
        raise Http404
    return found


class Restrictions(View):
    """What waits for the monitoring officer, what is to be looked at again, and what was decided lately."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        ask(user, DECIDE, None)
        related = "review", "document", "proposed_by", "decided_by"
        known = Restriction.objects.in_partnership(user.partnership_id).select_related(*related)
        context = {
            "open": _listed(known.open().order_by("proposed_at")),
            "due": _listed(known.due_for_review().order_by("review_on")),
            "decided": _listed(known.exclude(state=RestrictionState.PROPOSED).order_by("-decided_at")[:20]),
        }
        return render(request, "restricted_docs/restrictions.html", context)


def _listed(restrictions: Any) -> list[dict[str, Any]]:
    return [
        {
            "restriction": restriction,
            "kind": kind_in_words(restriction.document),
            "paragraphs": ", ".join(map(str, restriction.paragraphs)),
            "url": reverse("decide-restriction", args=[restriction.pk]),
        }
        for restriction in restrictions
    ]


class DecideRestriction(FormPage):
    """The monitoring officer reads the paper and the reasons, and decides."""

    form_class = DecideRestrictionForm
    template_name = "restricted_docs/decide_restriction.html"
    heading = "Decide a restriction"
    submit_text = "Save the decision"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ask(request.user, DECIDE, None)
        self.restriction = own_restriction_or_404(request.user, kwargs["restriction"])
        return super().dispatch(request, *args, **kwargs)

    def act(self, form: DecideRestrictionForm) -> str:
        decide_restriction(self.restriction, by=self.request.user, **form.cleaned_data)
        return "The decision has been saved. The paper is closed to you again."

    def back_url(self) -> str:
        return reverse("restrictions")

    def more(self) -> dict[str, Any]:
        user: Any = self.request.user
        restriction = self.restriction
        line = Line(
            event="review.viewed", person=user.pk, details={"page": "restriction"}, **restriction.review.logged_as()
        )
        with reading(log.sighted(line, container=restriction.review_id)):
            interest, reason = restriction.public_interest, restriction.reason
        sees = user.has_perm(VIEW_DOCUMENT, restriction.document)
        return {
            "restriction": restriction,
            "document": restriction.document,
            "kind": kind_in_words(restriction.document),
            "caption": restriction.review.reference,
            "public_interest": interest,
            "reason": reason,
            "open": restriction.state == RestrictionState.PROPOSED,
            "own": restriction.proposed_by_id == user.pk,
            "paper_url": document_url(restriction.document) if sees else "",
        }


class TakeUpProposal(View):
    """A monitoring officer who came after the proposal gets to see its paper."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, restriction: UUID) -> HttpResponse:
        ask(request.user, DECIDE, None)
        take_up_proposal(own_restriction_or_404(request.user, restriction), by=request.user)
        messages.success(request, "You can open the paper until it is decided.")
        return redirect("decide-restriction", restriction)
