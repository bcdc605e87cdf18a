"""Publication, the Commissioner's copy, and the end of the action plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.validators import URLValidator

from dhr.govuk.fields import Radios, SelectField, TextField
from dhr.reviews.models import Action
from dhr.reviews.vocabulary import PublicationForm
from restricted_docs.vocabulary import DocumentKind

from .base import StepForm, account, chosen_version, offer, papers, versions_to_choose


class DecidePublicationForm(StepForm):
    button = "Record the decision"
    published = Radios(
        label="What is published?",
        choices=PublicationForm.choices,
        error_messages={"required": "Choose what is published."},
    )
    reason = account("Why less than the full report is published")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("published") not in (None, PublicationForm.FULL) and not given.get("reason"):
            self.add_error("reason", "Say why less than the full report is published.")
        return given

    def answers(self) -> dict[str, Any]:
        return {"form": self.cleaned_data["published"], "reason": self.cleaned_data["reason"]}


class PublishForm(StepForm):
    button = "Record the publication"
    asks_when = "On what day was it published?"
    in_clear = ("address",)
    address = TextField(
        label="Address of the page where it is published",
        help_text="For example, https://www.example.org/reviews",
        max_length=200,
        validators=[URLValidator(("http", "https"), message="Enter the whole address, with https:// in front.")],
        error_messages={
            "required": "Enter the address of the page where it is published.",
            "max_length": "Shorten the address to 200 characters or fewer.",
        },
    )


class CommissionersCopyForm(StepForm):
    button = "Record that the copy was sent"
    asks_when = "When was it sent?"
    asks_how = True
    copy = SelectField(
        label="Which version was sent?", error_messages={"required": "Choose the version of the report that was sent."}
    )
    in_clear = ("address",)
    address = TextField(
        label="Where was it sent to?",
        max_length=120,
        initial="Domestic Abuse Commissioner",
        error_messages={
            "required": "Enter where the copy was sent to.",
            "max_length": "Shorten the address to 120 characters or fewer.",
        },
    )

    def prepare(self) -> None:
        choices = versions_to_choose(papers(self.review, self.by, DocumentKind.OVERVIEW_REPORT))
        offer(self, "copy", choices or [("", "No report is filed yet")])

    def answers(self) -> dict[str, Any]:
        chosen = chosen_version(self.cleaned_data["copy"])
        given = super().answers()
        del given["copy"]
        return given | {"document": UUID(chosen["document"]), "version": chosen["version"]}


class CloseForm(StepForm):
    button = "Close the review"

    def facts(self) -> list[str]:
        still_open = Action.objects.filter(review=self.review).open().count()
        if still_open:
            noun = "action is" if still_open == 1 else "actions are"
            return [f"{still_open} {noun} still open. Record each as done, or as moved to another plan, then close."]
        return ["Every action is settled. Closing ends the review; its papers and its history stay."]


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("ReviewFlow", "decide_publication"): DecidePublicationForm,
    ("ReviewFlow", "publish"): PublishForm,
    ("ReviewFlow", "complete_action_plan"): CloseForm,
    ("CommissionersCopyFlow", "send_commissioners_copy"): CommissionersCopyForm,
}
