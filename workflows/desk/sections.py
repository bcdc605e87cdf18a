"""The sections of a review's page. Each has an address of its own, and the same head."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from dhr.govuk.parts import Cell, Column, Task
from dhr.govuk.pictures import describe, draw
from dhr.reviews import identities as names
from dhr.reviews.models import Pack, Review, SealedIdentity
from restricted_docs.models import Document

from ..nodes import NoUndo
from . import details, report
from .access import NARRATIVE, open_narrative, review_or_404, sighted_page
from .asking import demand
from .head import KEEPS_IN_TOUCH, READS_ALL, Head, by_urgency
from .history import history_of
from .jobs import Job
from .picture import listed, process_picture


class Section(View):
    """One section: found, allowed, written down as seen, drawn."""

    name = "review"
    template_name = "workflows/tasks.html"
    needs: tuple[str, ...] = ()

    def get(self, request: HttpRequest, review: UUID) -> HttpResponse:
        found = review_or_404(request, review)
        if self.needs:
            demand(request, found, *self.needs)
        head = Head(found, request.user, self.name)
        self.sight(head)
        return render(request, self.template_name, {"head": head, "review": found} | self.content(head))

    def sight(self, head: Head) -> None:
        """Write down that it was looked at, before anything is read."""
        sighted_page(self.request, head.review)

    def content(self, head: Head) -> dict[str, Any]:
        return {}


class Account(Section):
    """A section that shows the review's sealed account: the line in the log comes first."""

    def sight(self, head: Head) -> None:
        open_narrative(self.request, head.review, self.name.removeprefix("review-"))


class Tasks(Section):
    def content(self, head: Head) -> dict[str, Any]:
        steers = head.may("reviews.record_progress") and head.review.is_open
        undo = undoable(head) if head.may("reviews.correct_record") else None
        waiting = by_urgency(job for job in head.jobs if job.step.is_open)
        return {
            "main": [task_line(job, head) for job in waiting if job.step.is_main],
            "side": [task_line(job, head) for job in waiting if not job.step.is_main],
            "done": [(job, undo is not None and job.step == undo.step) for job in reversed(done_jobs(head))],
            "cannot_undo": why_not_undone(undo),
            "steers": steers,
            "assignable": [job for job in waiting if not job.step.waits] if steers else [],
        }


def done_jobs(head: Head) -> list[Job]:
    """What was done and stands, in the order it was done."""
    done = [job for job in head.jobs if job.step.done_at and not job.step.undone_at]
    return sorted(done, key=lambda job: (job.step.done_at, job.step.pk))


def undoable(head: Head) -> Job | None:
    """The latest main step, the only one of the main path that can be undone."""
    return next((job for job in reversed(done_jobs(head)) if job.step.is_main), None)


def why_not_undone(job: Job | None) -> str:
    if job is None or not isinstance(job.node.undoing, NoUndo):
        return ""
    return f"“{job.title}” cannot be undone. {job.node.undoing.why}"


def task_line(job: Job, head: Head) -> Task:
    """A line of the task list: a link for whoever can open it, a sentence that says what unlocks it where it is locked."""
    who = "Yours" if job.mine and not job.step.waits else job.holder
    facts = f"{who}. {job.due}"
    if job.step.waits:
        return Task(job.title, "Waiting", hint=facts)
    if job.locked:
        return Task(job.title, "Cannot start yet", hint=f"{facts}. {job.locked}")
    colour = "red" if job.days_late else "blue" if job.mine else "grey"
    status = "Late" if job.days_late else "To do" if job.mine else "Waiting"
    return Task(job.title, status, job.url if head.may_open(job) else "", colour, facts)


class Details(Account):
    name = "review-details"
    template_name = "workflows/details.html"
    needs = (NARRATIVE,)

    def content(self, head: Head) -> dict[str, Any]:
        review, keeps = head.review, head.may_any(KEEPS_IN_TOUCH)
        parts = details.until_decided(review, corrects=head.may("reviews.correct_record"))
        if head.may_any(READS_ALL):
            parts += details.after_the_decision(review)
            parts += [details.learning(review, adds=keeps), details.meetings(review, adds=keeps)]
        return {
            "parts": parts,
            "identities": details.identities(review) if head.may("reviews.reveal_identity") else [],
            "may_correct": head.may("reviews.correct_record"),
            "records_names": head.may("reviews.record_progress"),
        }


class Family(Account):
    name = "review-family"
    template_name = "workflows/family.html"
    needs = KEEPS_IN_TOUCH

    def content(self, head: Head) -> dict[str, Any]:
        return {"parts": details.relatives(head.review)}


class Report(Account):
    """What became of the report: the panel's view, checks, sign-off, the Home Office, publication."""

    name = "review-report"
    template_name = "workflows/report.html"
    needs = READS_ALL

    def content(self, head: Head) -> dict[str, Any]:
        return {"happenings": report.report_of(head.review)}


class RevealName(View):
    """One real name on a page of its own, after a line in the log: one line each time it is asked for."""

    def get(self, request: HttpRequest, review: UUID, identity: UUID) -> HttpResponse:
        found = review_or_404(request, review, "reviews.reveal_identity")
        return redirect("review-details", found.pk)

    def post(self, request: HttpRequest, review: UUID, identity: UUID) -> HttpResponse:
        found = review_or_404(request, review, "reviews.reveal_identity")
        person = get_object_or_404(SealedIdentity.objects.select_related("review"), pk=identity, review=found)
        name, born = names.reveal(person, by=request.user)
        context = {"review": found, "identity": person, "name": name, "born": born}
        response = render(request, "workflows/revealed.html", context)
        response["Cache-Control"] = "no-store"
        return response


class Documents(Section):
    name = "review-documents"
    template_name = "workflows/documents.html"

    def content(self, head: Head) -> dict[str, Any]:
        papers = Document.objects.visible_to(head.person, "restricted_docs.view_document").filter(review=head.review)
        found = papers.prefetch_related("versions", "restrictions").order_by("kind", "-filed_at")
        return {
            "columns": [
                Column("Paper"),
                Column("Kind"),
                Column("Version", "", True),
                Column("Who may open it"),
                Column("Restriction"),
            ],
            "rows": [paper_row(head.review, paper) for paper in found],
            "may_file": head.may("restricted_docs.file_document") and head.review.is_open,
            "has_pack": head.may("reviews.submit_review")
            and Pack.objects.standing().filter(review=head.review).exists(),
        }


def paper_row(review: Review, paper: Document) -> list[Any]:
    """A paper as the list shows it: its title, never what its file was called."""
    newest = max((version.number for version in paper.versions.all()), default=0)
    restriction = next((each for each in paper.restrictions.all() if each.counts), None)
    words = {"proposed": "Counts as restricted: proposed", "decided": "Restricted"}
    shown = Cell(words[restriction.state], colour="orange") if restriction else "Not restricted"
    address = reverse("document", args=[review.pk, paper.pk])
    return [Cell(paper.title, url=address), paper.get_kind_display(), newest, paper.get_audience_display(), shown]


class History(Section):
    name = "review-history"
    template_name = "workflows/history.html"

    def content(self, head: Head) -> dict[str, Any]:
        reads = head.may_any(READS_ALL)
        return {"happenings": history_of(head.review, head.jobs, with_reasons=reads), "reads": reads}

    def sight(self, head: Head) -> None:
        if head.may_any(READS_ALL):
            open_narrative(self.request, head.review, "history")
        else:
            super().sight(head)


class Process(Section):
    name = "review-process"
    template_name = "workflows/process.html"

    def content(self, head: Head) -> dict[str, Any]:
        picture = process_picture(head.review, head.steps)
        urls = {job.step.node: job.url for job in head.open_jobs if not job.step.waits}
        rows = [[Cell(step, url=url), stage, state] for step, stage, state, url in listed(picture, urls)]
        return {
            "svg": draw(picture),
            "lines": describe(picture),
            "columns": [Column("Step"), Column("Stage"), Column("State")],
            "rows": rows,
        }
