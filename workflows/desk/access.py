"""Who may see a page of the desk: found and allowed, or 404. What exists and was asked for in vain is written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from dhr.audit import log
from dhr.audit.line import Line
from dhr.reviews.models import Commission, Review
from dhr.reviews.recording import RECORD
from dhr.usecase import ask
from restricted_docs import fields
from restricted_docs.vault.receipt import Scope

from .. import engine
from ..models import Step

VIEW = "reviews.view_review"
NARRATIVE = "reviews.view_narrative"


def review_or_404(request: HttpRequest, review_id: UUID, permission: str = VIEW) -> Review:
    """The review, for somebody with this permission on it. Who may see the review but lacks the permission is refused
    with a sentence; for everybody else it does not exist (404). Both are in the log."""
    review = Review.objects.select_related("partnership").filter(pk=review_id).first()
    if review is None:
        raise Http404
    if not request.user.has_perm(permission, review):
        if not request.user.has_perm(VIEW, review):
            raise hidden(request, review, permission)
        ask(request.user, permission, review)
    return review


def step_or_404(request: HttpRequest, step_id: int) -> Step:
    """The task, for who may do it, may record it for others, or may look at what it is about; 404 for everybody else."""
    found = Step.objects.of_people().select_related("task", "review", "owner", "done_by", "recorded_by", "confirmed_by")
    step = found.filter(pk=step_id).first()
    if step is None:
        raise Http404
    if not (engine.may_do(request.user, step) or may_record(request, step) or _may_look(request, step)):
        raise hidden(request, step, engine.node_of(step).permission)
    return step


def may_record(request: HttpRequest, step: Step) -> bool:
    """Whether this person may record the step for somebody else."""
    return bool(request.user.has_perm(RECORD, step.review))


def _may_look(request: HttpRequest, step: Step) -> bool:
    """Whether this person sees what the step is about, although the step is somebody else's to do."""
    subject = engine.subject_of(step)
    if isinstance(subject, Commission):
        return bool(request.user.has_perm("reviews.view_commission", subject))
    return bool(request.user.has_perm(VIEW, step.review))


def hidden(request: HttpRequest, subject: Any, permission: str) -> Http404:
    """The answer to somebody who may not know that this exists; their asking is in the log. Who sees the review knows that
    it exists, and is refused with a sentence instead: raises Refused."""
    if request.user.has_perm(VIEW, getattr(subject, "review", subject)):
        ask(request.user, permission, subject)
    details = {"permission": permission, "method": str(request.method)}
    if request.resolver_match is not None and request.resolver_match.url_name:
        details["view"] = request.resolver_match.url_name
    log.refuse(Line(event="access.refused", person=request.user.pk, details=details, **subject.logged_as()))
    return Http404()


def sighted_page(request: HttpRequest, review: Review) -> None:
    """Write down that this person looked at the review: one line per person, review and day."""
    log.sighted(Line(event="review.viewed", person=request.user.pk, **review.logged_as()), container=review.pk)


def open_narrative(request: HttpRequest, review: Review, page: str = "") -> None:
    """Let this request read the review's sealed free text, after a line in the log (one per person, review and day).

    Raises Refused for somebody without that permission, and LogUnavailable.
    """
    ask(request.user, NARRATIVE, review)
    details = {"page": page} if page else {}
    line = Line(event="narrative.viewed", person=request.user.pk, details=details, **review.logged_as())
    fields.allow(log.sighted(line, container=review.pk, scope=Scope.NARRATIVE))
