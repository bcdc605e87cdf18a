"""Recording a notification: the page that starts everything. A double click makes one review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View

from dhr.govuk.pages import blame
from dhr.reviews.models import Review
from dhr.usecase import NotYet, ask

from .. import starting
from . import answers
from .asked import as_sent
from .forms.notification import NotificationForm

RECORD_NOTIFICATION = "reviews.record_notification"


class NewNotification(View):
    """Asked in one page of sections, because the officer has the whole letter before them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ask(request.user, RECORD_NOTIFICATION, None)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = answers.load_answers(None, by=request.user)
        if kept is None:
            return self._page(NotificationForm())
        return self._page(NotificationForm(as_sent(kept), unfinished=True), kept=True)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "save" in request.POST:
            answers.save_answers(None, by=request.user, typed=answers.typed_into(request.POST))
            messages.success(request, "What you typed is saved. Come back at any time and go on from there.")
            return redirect("your-work")
        if "discard" in request.POST:
            answers.discard_answers(None, by=request.user)
            messages.success(request, "What you had typed has been thrown away.")
            return redirect("record-notification")
        form = NotificationForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        return self._record(form)

    def _record(self, form: NotificationForm) -> HttpResponse:
        by: Any = self.request.user
        facts = form.facts()
        try:
            review = starting.record_notification(by.partnership, by=by, **facts)
        except (ValidationError, NotYet) as problem:
            blame(problem if isinstance(problem, ValidationError) else ValidationError(problem.sentence), form)
            return self._page(form, status=422)
        except IntegrityError:  # the other click of a double click was a moment faster
            first = Review.objects.filter(form_token=facts["form_token"], partnership=by.partnership).first()
            if first is None:
                raise
            review = first
        messages.success(
            self.request, f"Recorded as {review.reference}. Next: scope with the agencies, then the decision."
        )
        return redirect("review", review.pk)

    def _page(self, form: NotificationForm, *, status: int = 200, kept: bool = False) -> HttpResponse:
        return render(self.request, "workflows/notification.html", {"form": form, "kept": kept}, status=status)
