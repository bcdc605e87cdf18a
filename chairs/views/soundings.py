"""Asking a possible chair about a review, and recording the answer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chairs.forms import AnswerForm, SoundOutForm
from chairs.models import ChairProfile, Sounding
from chairs.register import APPOINT, record_answer, sound_out
from dhr.govuk.pages import UseCasePage
from dhr.reviews.models import Review
from dhr.usecase import ask, one_of

VIEW = "reviews.view_review"


def review_for(user: Any, pk: Any) -> Review:
    """The review, for those who may see it; for everybody else it does not exist."""
    found: Review = one_of(Review.objects.visible_to(user, VIEW), pk, by=user, permission=VIEW)
    return found


def people_for(review: Review) -> list[Any]:
    """Everybody on the register of the review's partnership, with how many reviews they have now."""
    return list(ChairProfile.objects.of_partnership(review.partnership_id).on_the_register().with_load())


class SoundOut(UseCasePage):
    """At any stage, also while the review is suspended."""

    form_class = SoundOutForm
    done = "Recorded. Record the answer when it comes."
    extra_context = {"submit_text": "Record that you asked"}

    @cached_property
    def review(self) -> Review:
        return review_for(self.request.user, self.kwargs["pk"])

    def check(self, user: Any) -> None:
        ask(user, APPOINT, self.review)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": people_for(self.review)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("chairs")
        words = {"heading": "Ask a possible chair", "caption": self.review.reference, "back_url": back}
        return super().get_context_data(**kwargs) | words

    def perform(self, form: Any) -> str:
        chair = get_object_or_404(ChairProfile, pk=form.cleaned_data["chair"])
        sounding = sound_out(self.review, by=self.request.user, chair=chair, note=form.cleaned_data["note"])
        return reverse("chair", args=[sounding.chair_id])


class RecordAnswer(UseCasePage):
    form_class = AnswerForm
    done = "The answer has been recorded."

    @cached_property
    def sounding(self) -> Sounding:
        user = self.request.user
        seen = Review.objects.visible_to(user, VIEW).values("pk")
        asked = Sounding.objects.filter(review__in=seen).select_related("review", "chair")
        found: Sounding = one_of(asked, self.kwargs["pk"], by=user, permission=VIEW)
        return found

    def check(self, user: Any) -> None:
        ask(user, APPOINT, self.sounding.review)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("chair", args=[self.sounding.chair_id])
        words = {
            "heading": f"Answer of {self.sounding.chair.name}",
            "caption": self.sounding.review.reference,
            "back_url": back,
        }
        return super().get_context_data(**kwargs) | words

    def perform(self, form: Any) -> str:
        record_answer(self.sounding, by=self.request.user, **form.cleaned_data)
        return reverse("chair", args=[self.sounding.chair_id])
