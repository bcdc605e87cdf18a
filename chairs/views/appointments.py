"""The appointed person's own page, with the declaration; for the officer also standing down and choosing who leads."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View

from chairs.appointing import DECLARE, appoint_another, make_lead, stand_down, standing_appointments
from chairs.declaring import declare
from chairs.forms import AppointForm, DeclarationForm, RecordedDeclarationForm, StandDownForm
from chairs.models import Appointment, ChairProfile
from chairs.register import APPOINT
from chairs.vocabulary import AppointedAs
from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.dates import written
from dhr.govuk.pages import UseCasePage
from dhr.reviews.models import Review
from dhr.reviews.models.facts import Credit
from dhr.usecase import ask, one_of
from restricted_docs import fields

from .soundings import VIEW, people_for, review_for

NO_LEAD = "This review has no lead chair now. Appoint a new lead, or let another of its chairs lead."


def appointment_for(user: Any, pk: Any) -> Appointment:
    """The appointment, for whoever may declare on it or see its review; for everybody else it does not exist."""
    declares = Q(pk__in=Appointment.objects.visible_to(user, DECLARE).values("pk"))
    sees = Q(review__in=Review.objects.visible_to(user, VIEW).values("pk"))
    found = Appointment.objects.filter(declares | sees).select_related("review", "chair", "user")
    appointment: Appointment = one_of(found, pk, by=user, permission=VIEW)
    return appointment


class AppointmentPage(UseCasePage):
    """Only the reference of the review: whoever has not declared yet knows nothing of it."""

    template_name = "chairs/appointment.html"
    done = "The declaration is recorded, and the review is open to the person who made it."

    @cached_property
    def appointment(self) -> Appointment:
        return appointment_for(self.request.user, self.kwargs["pk"])

    @cached_property
    def is_own(self) -> bool:
        return self.appointment.user == self.request.user

    @cached_property
    def is_officer(self) -> bool:
        return bool(self.request.user.has_perm(APPOINT, self.appointment.review))

    @cached_property
    def is_open(self) -> bool:
        return self.appointment.is_standing and not self.appointment.is_declared

    def check(self, user: Any) -> None:
        if self.appointment.user != user:
            ask(user, APPOINT, self.appointment.review)

    def get_form_class(self) -> Any:
        return DeclarationForm if self.is_own else RecordedDeclarationForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.appointment
        facts = {
            "appointment": one,
            "about": self.about(),
            "is_own": self.is_own,
            "is_open": self.is_open,
            "may_manage": self.is_officer and one.is_standing,
            "may_lead": self.is_officer and one.is_standing and one.role == AppointedAs.CHAIR,
            "warning": NO_LEAD if self.is_officer and not has_lead(one.review) else "",
            "declaration": self.declaration(),
        }
        return super().get_context_data(**kwargs) | facts

    def about(self) -> list[tuple[str, str]]:
        one = self.appointment
        rows = [
            ("Name", one.chair.name),
            ("Appointed as", one.get_role_display()),
            ("Appointed on", written(one.appointed_on)),
        ]
        if one.declared_on:
            rows.append(("Independence declared on", written(one.declared_on)))
        if one.stood_down_on:
            rows.append(("Stood down on", written(one.stood_down_on)))
        return rows

    def declaration(self) -> list[tuple[str, str]]:
        """What was declared, for those who may read the review's account; one line in the log a day."""
        one, user = self.appointment, self.request.user
        if not one.is_declared or not user.has_perm("reviews.view_narrative", one.review):
            return []
        details = {"page": "appointment", "part": "declaration"}
        line = Line(event="narrative.viewed", person=user.pk, details=details, **one.review.logged_as())
        with fields.reading(log.sighted(line, container=one.review_id)):
            return [
                ("Independent because", str(one.statement)),
                ("Worked before for", str(one.associated_with) or "None named"),
            ]

    def perform(self, form: Any) -> str:
        answers = dict(form.cleaned_data)
        answers.pop("agreed", None)
        credit = None if self.is_own else self._credit(answers.pop("done_on"), answers.pop("how"))
        declare(self.appointment, by=self.request.user, credit=credit, **answers)
        return reverse("appointment", args=[self.appointment.pk])

    def _credit(self, done_on: Any, how: str) -> Credit:
        return Credit(done_by=self.appointment.user, recorded_by=self.request.user, done_on=done_on, how=how)


def has_lead(review: Any) -> bool:
    return bool(standing_appointments(review).filter(role=AppointedAs.LEAD_CHAIR).exists())


class StandDown(UseCasePage):
    form_class = StandDownForm
    extra_context = {"submit_text": "End it now"}
    done = "The appointment has ended, and access with it."

    @cached_property
    def appointment(self) -> Appointment:
        return appointment_for(self.request.user, self.kwargs["pk"])

    def check(self, user: Any) -> None:
        ask(user, APPOINT, self.appointment.review)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.appointment
        words = {"heading": f"End the appointment of {one.chair.name}", "caption": one.review.reference}
        return super().get_context_data(**kwargs) | words | {"back_url": reverse("appointment", args=[one.pk])}

    def perform(self, form: Any) -> str:
        stand_down(self.appointment, by=self.request.user, reason=form.cleaned_data["reason"])
        return reverse("appointment", args=[self.appointment.pk])


class AppointAnother(UseCasePage):
    """For a review whose chairs were appointed before: a new lead, one more chair, a report author."""

    form_class = AppointForm
    done = "Appointed. They see the review as soon as they have declared their independence."
    extra_context = {"heading": "Appoint a chair or report author", "submit_text": "Appoint"}

    @cached_property
    def review(self) -> Review:
        return review_for(self.request.user, self.kwargs["pk"])

    def check(self, user: Any) -> None:
        ask(user, APPOINT, self.review)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": people_for(self.review)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"caption": self.review.reference, "back_url": reverse("chairs")}

    def perform(self, form: Any) -> str:
        chair = get_object_or_404(ChairProfile, pk=form.cleaned_data["chair"])
        answers = {"role": form.cleaned_data["role"], "fee": form.cleaned_data["fee"]}
        appointment = appoint_another(self.review, by=self.request.user, chair=chair, **answers)
        return reverse("appointment", args=[appointment.pk])


class MakeLead(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        appointment = make_lead(appointment_for(request.user, pk), by=request.user)
        messages.success(request, f"{appointment.chair.name} leads the review now.")
        return redirect("appointment", appointment.pk)
