"""A page about one review that asks one thing: found, allowed, asked, done, or asked again with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from dhr.govuk.pages import blame
from dhr.reviews.models import Review
from dhr.usecase import NotYet, Refused

from .access import review_or_404

MAY_NOT = "Your part in this review does not include this. If you need it, ask the officer of the review."


def demand(request: HttpRequest, subject: Any, *permissions: str) -> None:
    """Refuse with 403 whoever holds none of these permissions on it (None: as a standing role); the refusal gets its line."""
    if any(request.user.has_perm(permission, subject) for permission in permissions):
        return
    raise Refused(MAY_NOT, needs=permissions[0], subject=subject)


def answer_form(
    request: HttpRequest, form: Any, context: dict[str, Any], act: Callable[[dict[str, Any]], HttpResponse]
) -> HttpResponse:
    """Draw the form, or do what it asks. What may not be is said beside the question, with everything that was typed."""
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return act(form.cleaned_data)
            except ValidationError as wrong:
                blame(wrong, form)
            except NotYet as no:
                form.add_error(None, no.sentence)
                status = 409
    return render(request, "workflows/act.html", context | {"form": form}, status=status)


class AskOfReview(View):
    """The shape of such a page. Subclasses say who `may` (any of these), the `form_class`, the words, and `act`."""

    may: tuple[str, ...] = ()
    form_class: Any = None
    heading = ""
    submit_text = "Save"
    consequence = ""
    done = ""
    section = "review"
    review: Review

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        review_id: UUID = kwargs.pop("review")
        self.review = review_or_404(request, review_id)
        demand(request, self.review, *self.may)
        self.find(**kwargs)
        return super().dispatch(request)

    def find(self, *args: Any, **kwargs: Any) -> None:
        """Look up what else the address names; 404 where it is not of this review."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form(request.POST))

    def form(self, data: Any) -> Any:
        return self.form_class(data)

    def answer(self, form: Any) -> HttpResponse:
        back = self.back()
        context = {
            "heading": self.heading,
            "caption": self.review.reference,
            "consequence": self.consequence,
            "submit_text": self.submit_text,
            "back_url": back,
            "cancel_url": back,
        }
        return answer_form(self.request, form, context, self._act)

    def _act(self, answers: dict[str, Any]) -> HttpResponse:
        self.act(**answers)
        if self.done:
            messages.success(self.request, self.done)
        return redirect(self.back())

    def act(self, **answers: Any) -> None:
        raise NotImplementedError

    def back(self) -> str:
        return reverse(self.section, args=[self.review.pk])
