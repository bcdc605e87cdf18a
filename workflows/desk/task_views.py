"""The page of one task: its questions, who is credited, saving for later, and what somebody reads who came too late."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views import View

from dhr.audit import log
from dhr.audit.line import Line
from dhr.reviews.models import Commission, Review
from dhr.usecase import AlreadyDone, NotYet, Refused
from restricted_docs.file_field import CALLED, PARKED, SealedFileField, names_of_waiting
from restricted_docs.models import Document
from restricted_docs.parking import take_up
from restricted_docs.upload_views import SealedUploadMixin

from .. import engine
from ..models import Step
from ..steps.drafting import report_of
from . import answers
from .access import VIEW, may_record, sighted_page, step_or_404
from .asked import Questions, as_sent
from .jobs import Job, read

LATER = "What you typed is saved. Come back at any time and go on from there."


def sighted(request: HttpRequest, step: Step) -> None:
    """Write down that this person looked at the review, or at the one agency request they have a part in."""
    if request.user.has_perm(VIEW, step.review) or not isinstance(engine.subject_of(step), Commission):
        sighted_page(request, step.review)
    else:
        line = Line(event="commission.viewed", person=request.user.pk, **step.review.logged_as())
        log.sighted(line, container=step.review.pk)


def where_from(person: Any, step: Step) -> str:
    """The page a task belongs to, for this person: the review's, else the one agency request's or appointment's."""
    if person.has_perm(VIEW, step.review):
        return reverse("review", args=[step.review_id])
    name = "request" if step.flow == "CommissionFlow" else "appointment"
    return reverse(name, args=[step.subject])


def may_act(request: HttpRequest, step: Step) -> bool:
    return engine.may_do(request.user, step) or may_record(request, step)


class TaskPage(SealedUploadMixin):
    """One task: asked, answered, done."""

    step: Step

    def review_for_upload(self) -> Review:
        self.step = step_or_404(self.request, self.kwargs["step"])
        if self.request.method == "POST" and not may_act(self.request, self.step):
            needs = engine.node_of(self.step).permission
            raise Refused(
                "This task is not yours to do. The task's page says who it waits for.", needs=needs, subject=self.step
            )
        return self.step.review

    def document_for_upload(self) -> Document | None:
        return report_of(self.step.review) if self.step.node == "upload_draft" else None

    def get(self, request: HttpRequest, step: int) -> HttpResponse:
        sighted(request, self.step)
        if not self.step.is_open:
            return already_done(request, self.step, status=200)
        if not may_act(request, self.step):
            return self.show(None)
        kept = answers.load_answers(self.step, by=request.user)
        if kept is None:
            return self.show(Questions(self.step, request.user))
        sent = as_sent(kept)
        questions = Questions(self.step, request.user, sent, self._waiting(sent), unfinished=True)
        self._offer_again(questions)
        return self.show(questions, kept=True)

    def post(self, request: HttpRequest, step: int) -> HttpResponse:
        if not self.step.is_open:
            return self._too_late()
        if "add_row" in request.POST:
            questions = Questions(self.step, request.user, request.POST, self.sealed_files(), unfinished=True)
            questions.form.add_row()
            return self.show(questions)
        if "save" in request.POST:
            return self._save()
        return self._answer(Questions(self.step, request.user, request.POST, self.sealed_files()))

    def _answer(self, questions: Questions) -> HttpResponse:
        if not questions.are_valid():
            return self._again(questions)
        try:
            if second := questions.credit.second_person():
                questions.check_words()
                return self._ask_second(second)
            questions.complete(by=self.request.user)
        except AlreadyDone:
            return self._too_late()
        except (ValidationError, NotYet) as problem:
            questions.blame(problem.sentence if isinstance(problem, NotYet) else problem)
            return self._again(questions)
        return self._done()

    def _again(self, questions: Questions) -> HttpResponse:
        self._offer_again(questions)
        return self.show(questions, status=422)

    def _offer_again(self, questions: Questions) -> None:
        for form in questions.forms:
            self.park_uploads(form)

    def _done(self) -> HttpResponse:
        title = engine.node_of(self.step).task_title
        messages.success(self.request, f"Done: {title}. {what_is_next(self.request.user, self.step)}".strip())
        return redirect(where_from(self.request.user, self.step))

    def _save(self) -> HttpResponse:
        answers.save_answers(self.step, by=self.request.user, typed=self._typed())
        messages.success(self.request, LATER)
        return redirect(where_from(self.request.user, self.step))

    def _ask_second(self, second: Any) -> HttpResponse:
        answers.save_answers(self.step, by=self.request.user, typed=self._typed(), confirm_by=second)
        messages.success(
            self.request, f"{second.name} has been asked to confirm it. Nothing is recorded until they do."
        )
        return redirect(where_from(self.request.user, self.step))

    def _too_late(self) -> HttpResponse:
        """Somebody was first. What this person typed is kept, so that they can read it and use it elsewhere."""
        self.step = step_or_404(self.request, self.step.pk)
        typed = self._typed()
        if self.step.recorded_by != self.request.user and any(
            value.strip() for each in typed.values() for value in each
        ):
            answers.save_answers(self.step, by=self.request.user, typed=typed)
        return already_done(self.request, self.step, status=409)

    def _typed(self) -> dict[str, list[str]]:
        """What was typed; a file that came with it is kept for a day, and named here so that it is found again."""
        typed = answers.typed_into(self.request.POST)
        questions = Questions(self.step, self.request.user, self.request.POST, self.sealed_files(), unfinished=True)
        self._offer_again(questions)
        for form in questions.forms:
            for name, field in form.fields.items():
                waiting = getattr(field.widget, "waiting", None) if isinstance(field, SealedFileField) else None
                if waiting is not None and waiting.parked is not None:
                    typed |= {f"{name}{PARKED}": [str(waiting.parked.token)], f"{name}{CALLED}": [waiting.name or ""]}
        return typed

    def _waiting(self, sent: QueryDict) -> MultiValueDict[str, Any]:
        """The files that were kept with saved answers, as far as they are still there."""
        files: MultiValueDict[str, Any] = MultiValueDict()
        place = {"owner": self.request.user, "review": self.review, "document": self.document}
        for name in names_of_waiting(sent):
            if upload := take_up(str(sent[f"{name}{PARKED}"]), str(sent.get(f"{name}{CALLED}", "")), **place):
                files[name] = upload
        return files

    def show(self, questions: Questions | None, *, status: int = 200, kept: bool = False) -> HttpResponse:
        job = read([self.step], self.request.user)[0]
        context = {
            "job": job,
            "step": self.step,
            "questions": questions,
            "form": questions.form if questions else None,
            "credit": questions.credit if questions else None,
            "kept": kept,
            "holders": ", ".join(person.name for person in engine.holders_of(self.step)) or job.holder,
            "back": where_from(self.request.user, self.step),
        }
        return render(self.request, "workflows/task.html", context, status=status)


def what_is_next(person: Any, step: Step) -> str:
    """A sentence on the next task of the main path, for somebody who sees the review."""
    if not step.is_main or not person.has_perm(VIEW, step.review):
        return ""
    following = Step.objects.filter(review=step.review_id).main().open().select_related("task", "review", "owner")
    waiting = [Job(each, engine.node_of(each)) for each in following]
    return "Next: " + "; ".join(f"{job.title} ({job.holder})" for job in waiting) + "." if waiting else ""


def already_done(request: HttpRequest, step: Step, *, status: int) -> HttpResponse:
    """Who did it, when and how; and the way to what this person had typed."""
    context = {
        "job": read([step], request.user)[0],
        "step": step,
        "typed": answers.are_kept(step, by=request.user),
        "came_too_late": status == 409,
        "back": where_from(request.user, step),
    }
    return render(request, "workflows/task_done.html", context, status=status)


class TypedAnswers(View):
    """What somebody typed into a task that another person finished first: to read, to copy, to throw away."""

    def get(self, request: HttpRequest, step: int) -> HttpResponse:
        found = step_or_404(request, step)
        kept = answers.load_answers(found, by=request.user)
        if kept is None:
            return redirect("task", found.pk)
        questions = Questions(found, request.user, as_sent(kept), unfinished=True)
        rows = [(str(bound.label), spelt(bound.value())) for form in questions.forms for bound in form.visible_fields()]
        context = {"step": found, "job": read([found], request.user)[0], "rows": [row for row in rows if row[1]]}
        return render(request, "workflows/task_typed.html", context)

    def post(self, request: HttpRequest, step: int) -> HttpResponse:
        found = step_or_404(request, step)
        answers.discard_answers(found, by=request.user)
        messages.success(request, "What you had typed has been thrown away.")
        return redirect(where_from(request.user, found))


def spelt(value: Any) -> str:
    """An answer as it was typed, whatever control it was typed into."""
    if isinstance(value, dict):
        return " ".join(part for part in (spelt(each) for each in value.values()) if part)
    if isinstance(value, list):
        return ", ".join(spelt(each) for each in value)
    return str(value) if value else ""
