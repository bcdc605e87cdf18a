"""A second person confirms what somebody recorded for another: their own act, after reading what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from dhr.usecase import AlreadyDone, NotYet

from .. import engine
from ..models import SavedAnswers
from . import answers
from .access import hidden
from .asked import Questions, as_sent
from .jobs import read
from .task_views import already_done, may_act, sighted, what_is_next, where_from

CHANGED = "This can no longer be confirmed as it was typed. Do not confirm it, and whoever typed it can mend it."


class Confirm(View):
    """Only for the person who was asked; for everybody else the page does not exist."""

    def get(self, request: HttpRequest, waiting: UUID) -> HttpResponse:
        kept = self._kept(request, waiting)
        sighted(request, kept.step)
        if not kept.step.is_open:
            return already_done(request, kept.step, status=200)
        return self._page(request, kept, self._questions(request, kept))

    def post(self, request: HttpRequest, waiting: UUID) -> HttpResponse:
        kept = self._kept(request, waiting)
        step = kept.step
        if "decline" in request.POST:
            answers.decline_to_confirm(step, by=request.user, waiting=kept.pk)
            messages.success(request, f"Not confirmed. {kept.person.name} has been told, and nothing was recorded.")
            return redirect(where_from(request.user, step))
        questions = self._questions(request, kept)
        if not questions.are_valid():
            return self._page(request, kept, questions, CHANGED)
        try:
            questions.complete(by=request.user, confirmed_by=request.user)
        except AlreadyDone:
            step.refresh_from_db()
            return already_done(request, step, status=409)
        except (ValidationError, NotYet) as problem:
            return self._page(request, kept, questions, problem.sentence if isinstance(problem, NotYet) else CHANGED)
        messages.success(request, f"Confirmed and recorded. {what_is_next(request.user, step)}".strip())
        return redirect(where_from(request.user, step))

    def _kept(self, request: HttpRequest, waiting: UUID) -> Any:
        found = SavedAnswers.objects.filter(pk=waiting, step__isnull=False)
        kept: Any = found.select_related("person", "review", "step__task", "step__review").first()
        if kept is None:
            raise Http404
        if kept.confirm_by_id != request.user.pk or not may_act(request, kept.step):
            raise hidden(request, kept.step, engine.node_of(kept.step).permission)
        return kept

    def _questions(self, request: HttpRequest, kept: Any) -> Questions:
        """The forms as the first person filled them in: their credit, their choices."""
        return Questions(kept.step, kept.person, as_sent(answers.open_answers(kept, by=request.user)))

    def _page(self, request: HttpRequest, kept: Any, questions: Questions, problem: str = "") -> HttpResponse:
        if not questions.are_valid():
            problem = problem or CHANGED
        context = {
            "kept": kept,
            "step": kept.step,
            "job": read([kept.step], request.user)[0],
            "rows": list(questions.read_back()),
            "problem": problem,
            "back": where_from(request.user, kept.step),
        }
        status = 409 if problem and request.method == "POST" else 200
        return render(request, "workflows/task_confirm.html", context, status=status)
