"""The pack, the submission, the answer, and what is done about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from dhr.govuk.fields import Radios, SelectField, TextField, YesNo
from dhr.govuk.forms import Fieldset
from dhr.reviews.vocabulary import Answer, PackItem
from restricted_docs.file_field import SealedFileField
from restricted_docs.vocabulary import DocumentKind

from ...steps.recording import PackPaperToFile
from .base import PaperWanted, StepForm, account, chosen_version, papers, past_day, versions_to_choose

NOT_NEEDED = "not_needed"


class PreparePackForm(StepForm):
    """For each item of the list a filed paper, a new one, or that it is not needed."""

    mark_optional = False
    button = "Prepare the pack"
    fieldsets = (Fieldset("Upload what is not filed yet", [f"{item}_file" for item in PackItem.values]),)
    reason = account("Why are the others not needed?", rows=3)

    def prepare(self) -> None:
        found = papers(self.review, self.by, *PackItem.values)
        for item in PackItem:
            choices = versions_to_choose(paper for paper in found if paper.kind == item.value)
            spare = [] if item == PackItem.OVERVIEW_REPORT else [(NOT_NEEDED, "Not needed")]
            label = str(item.label)
            self.fields[item.value] = SelectField(
                label=label,
                required=False,
                choices=[("", "Choose the paper, or upload it below"), *choices, *spare],
                initial=choices[0][0] if choices else "",
            )
            self.fields[f"{item.value}_file"] = SealedFileField(label=label, required=False)
        self.order_fields([*PackItem.values, "reason"])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for item in PackItem.values:
            if (
                not given.get(item)
                and not given.get(f"{item}_file")
                and not self.errors.keys() & {item, f"{item}_file"}
            ):
                self.add_error(item, "Choose the paper, upload it, or say that it is not needed.")
        if any(self._left_out(item) for item in PackItem.values) and not given.get("reason"):
            self.add_error("reason", "Say why these are not needed.")
        return given

    def _left_out(self, item: str) -> bool:
        return self.cleaned_data.get(item) == NOT_NEEDED and not self.cleaned_data.get(f"{item}_file")

    def answers(self) -> dict[str, Any]:
        items = {item.value: self._entry(item) for item in PackItem}
        return {"items": items, "reason": self.cleaned_data["reason"]}

    def _entry(self, item: PackItem) -> Any:
        upload = self.cleaned_data.get(f"{item.value}_file")
        if upload is not None:
            return PackPaperToFile(upload=upload, title=str(item.label), kind=DocumentKind(item.value))
        return {"not_needed": True} if self._left_out(item.value) else chosen_version(self.cleaned_data[item.value])


class SubmitForm(StepForm):
    button = "Record the submission"
    has_pack = True
    asks_when = "When was the pack sent?"
    asks_how = True
    paper = PaperWanted(
        DocumentKind.PROOF_OF_SUBMISSION,
        "Proof that it was sent",
        "Proof of submission",
        missing="Choose the proof that it was sent (for example the e-mail), or upload it.",
    )
    in_clear = ("address",)
    address = TextField(
        label="Where was it sent to?",
        max_length=120,
        error_messages={
            "required": "Enter where the pack was sent to.",
            "max_length": "Shorten the address to 120 characters or fewer.",
        },
    )

    def prepare(self) -> None:
        self.fields["address"].initial = settings.HOME_OFFICE_ADDRESS


class AnswerForm(StepForm):
    button = "Record the answer"
    paper = PaperWanted(
        DocumentKind.HOME_OFFICE_LETTER,
        "The Home Office letter",
        "Home Office letter",
        missing="Choose the Home Office letter, or upload it. Without it the review cannot be published.",
    )
    answer = Radios(
        label="What does the Home Office say?",
        choices=Answer.choices,
        error_messages={"required": "Choose what the Home Office says."},
    )
    letter_on = past_day("Date of the letter", missing="Enter the date of the letter.", called="The date of the letter")
    reason = account("What does the Home Office ask for?")


class PlanChangesForm(StepForm):
    button = "Record the plan"
    board_sees_it_again = YesNo(
        label="Must the board see the report again?",
        error_messages={"required": "Say whether the board must see the report again."},
    )
    reason = account("What is changed, and what the chair says to it")


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("ReviewFlow", "prepare_pack"): PreparePackForm,
    ("ReviewFlow", "submit_to_home_office"): SubmitForm,
    ("ReviewFlow", "record_answer"): AnswerForm,
    ("ReviewFlow", "plan_changes"): PlanChangesForm,
}
