"""The action plan, and the page of one action: all that its owner sees of the review."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views import View

from dhr import clock
from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.dates import written
from dhr.govuk.parts import Cell, Column, Happening, Row
from dhr.reviews import actions, memberships
from dhr.reviews.models import Action
from dhr.reviews.vocabulary import ActionStatus
from dhr.usecase import ask
from restricted_docs import fields
from restricted_docs.vault.receipt import Scope

from ..steps.acting import add_action
from .access import NARRATIVE, VIEW, hidden, open_narrative
from .asking import AskOfReview
from .head import Head
from .recording_forms import ActionForm, AssignActionForm, ProgressForm
from .sections import Section

MANAGE = "reviews.manage_action"
SEE = "reviews.view_action"
OWN = "reviews.update_own_action"


class Actions(Section):
    name = "review-actions"
    template_name = "workflows/actions.html"

    def content(self, head: Head) -> dict[str, Any]:
        seen = Action.objects.visible_to(head.person, SEE).filter(review=head.review)
        found = list(seen.select_related("lead_agency", "owner"))
        reads = head.may(NARRATIVE)
        return {
            "columns": [Column("Action"), Column("Lead agency"), Column("Owner"), Column("Due"), Column("State")],
            "rows": [_row(action, reads=reads) for action in found],
            "manages": head.may(MANAGE),
        }

    def sight(self, head: Head) -> None:
        if head.may(NARRATIVE):
            open_narrative(self.request, head.review, "actions")
        else:
            super().sight(head)


def _row(action: Action, *, reads: bool) -> list[Any]:
    words = Truncator(str(action.text)).words(20) if reads else ""
    return [
        Cell(f"Action {action.number}", url=reverse("action", args=[action.pk]), hint=words),
        action.lead_agency.name,
        action.owner.name if action.owner else "Nobody yet",
        written(action.due_on) if action.due_on else "",
        state_of(action),
    ]


def state_of(action: Action) -> Cell:
    if action.status != ActionStatus.OPEN:
        return Cell(action.get_status_display(), colour="green")
    late = action.due_on is not None and action.due_on < clock.today()
    return Cell("Late", colour="red") if late else Cell("Open", colour="blue")


class AddAction(AskOfReview):
    may = (MANAGE,)
    form_class = ActionForm
    heading = "Add an action"
    submit_text = "Add the action"
    done = "The action is on the plan."
    section = "review-actions"

    def act(self, **answers: Any) -> None:
        add_action(self.review, by=self.request.user, **answers)


class AssignAction(AskOfReview):
    may = (MANAGE,)
    submit_text = "Save"
    consequence = "Another owner sees the action from now on, and the one before no longer does."
    done = "The action has been changed."
    section = "review-actions"
    found: Action

    def find(self, action: UUID) -> None:
        actions_here = Action.objects.select_related("review", "lead_agency", "owner")
        self.found = get_object_or_404(actions_here, pk=action, review=self.review)

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Owner and date of action {self.found.number}"

    def form(self, data: Any) -> AssignActionForm:
        owner = self.found.owner
        people = {member.user.pk: member.user for member in memberships.of_review(self.review)}
        if owner is not None:
            people.setdefault(owner.pk, owner)
        now = {
            "owner": str(owner.pk) if owner else "",
            "due_on": self.found.due_on,
            "monitored_by": self.found.monitored_by,
        }
        return AssignActionForm(data, people=people.values(), initial=now)

    def act(self, **answers: Any) -> None:
        actions.assign_action(self.review, by=self.request.user, action=self.found, **answers)

    def back(self) -> str:
        return reverse("action", args=[self.found.pk])


def action_or_404(request: HttpRequest, action_id: UUID) -> Action:
    """The action, for whoever may see it; for everybody else it does not exist."""
    found = Action.objects.select_related("review", "lead_agency", "owner").filter(pk=action_id).first()
    if found is None:
        raise Http404
    if not request.user.has_perm(SEE, found):
        raise hidden(request, found, SEE)
    return found


class ActionPage(View):
    """One action with its progress, and the form for its owner or the officer."""

    def get(self, request: HttpRequest, action: UUID) -> HttpResponse:
        return self._answer(request, action_or_404(request, action), None)

    def post(self, request: HttpRequest, action: UUID) -> HttpResponse:
        return self._answer(request, action_or_404(request, action), request.POST)

    def _answer(self, request: HttpRequest, action: Action, data: Any) -> HttpResponse:
        may = request.user.has_perm(OWN, action) or request.user.has_perm(MANAGE, action.review)
        if data is not None and not may:
            ask(request.user, OWN, action)
        form = ProgressForm(data, initial={"status": action.status}) if may else None
        status = 200
        if form is not None and data is not None:
            status = 422
            if form.is_valid():
                actions.record_action_progress(action, by=request.user, **form.cleaned_data)
                messages.success(request, "Your note on the action has been saved.")
                return redirect("action", action.pk)
        return render(request, "workflows/action.html", self._context(request, action) | {"form": form}, status=status)

    def _manages(self, request: HttpRequest, action: Action) -> bool:
        return bool(request.user.has_perm(MANAGE, action.review))

    def _context(self, request: HttpRequest, action: Action) -> dict[str, Any]:
        line = Line(
            event="action.viewed", person=request.user.pk, details={"action": action.number}, **action.logged_as()
        )
        fields.allow(log.append_first(line, container=action.review_id, scope=Scope.NARRATIVE))
        rows = [
            Row("Recommendation", action.recommendation),
            Row("Action", action.text),
            Row("Scope", action.get_scope_display()),
            Row("Lead agency", action.lead_agency),
            Row("Owner", action.owner or "Nobody yet"),
            Row("Due", written(action.due_on) if action.due_on else "No due date"),
            Row("Monitored by", action.monitored_by),
        ]
        notes = action.progress.select_related("by").order_by("-recorded_at")
        sees_review = request.user.has_perm(VIEW, action.review)
        return {
            "action": action,
            "rows": [row for row in rows if row.value],
            "state": state_of(action),
            "progress": [Happening(n.get_status_display(), written(n.on), n.by.name, str(n.note)) for n in notes],
            "change": reverse("assign-action", args=[action.review_id, action.pk])
            if self._manages(request, action)
            else "",
            "back": reverse("review-actions", args=[action.review_id]) if sees_review else "/",
        }
