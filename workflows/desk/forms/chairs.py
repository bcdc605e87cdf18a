"""Appointing chairs and a report author, and declaring independence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from chairs.models import ChairProfile
from chairs.vocabulary import AppointedAs
from dhr.govuk.fields import EmailField, SelectField, TextField
from dhr.govuk.forms import Fieldset
from restricted_docs.vocabulary import DocumentKind

from ...steps.recording import ChairToRegister, PersonToInvite
from .base import PaperWanted, StepForm, account
from .rows import RowsForm

ROLES = [("", "Choose a role"), *AppointedAs.choices]
NEW = ("new_name", "new_email", "new_role")


class AppointChairsForm(RowsForm):
    button = "Appoint"
    row_label = "Add another chair"
    new_name = TextField(label="Name", required=False, max_length=120)
    new_email = EmailField(
        label="E-mail address", required=False, help_text="They are invited to make their account, if they have none."
    )
    new_role = SelectField(label="Role on this review", required=False, choices=ROLES)
    fieldsets = (Fieldset("Somebody who is not on the register yet", NEW, "They are entered in the register, too."),)

    def prepare(self) -> None:
        on_it = ChairProfile.objects.of_partnership(self.review.partnership).on_the_register().select_related("user")
        self.chairs = {str(chair.pk): chair for chair in on_it}
        super().prepare()

    def facts(self) -> list[str]:
        return [
            "Choose one lead chair. Name a report author only where the chairs do not write the report themselves.",
            "Nobody sees anything of the review before they have declared their independence.",
        ]

    def questions(self) -> dict[str, Callable[[int], forms.Field]]:
        chairs = [("", "Choose from the register"), *((key, _called(chair)) for key, chair in self.chairs.items())]
        return {
            "chair": lambda number: SelectField(label=f"Person {number}", required=False, choices=chairs),
            "role": lambda number: SelectField(label=f"Role of person {number}", required=False, choices=ROLES),
        }

    def clean(self) -> dict[str, Any]:
        rows = list(self.filled_rows())
        for number, row in rows:
            self.demand(number, row, {"chair": "Choose the person.", "role": "Choose the role on this review."})
        given = self.cleaned_data
        begun = any(given.get(name) for name in NEW)
        if begun:
            self._demand_newcomer()
        if not rows and not begun and not self.errors:
            self.add_error("chair_1", "Choose at least one chair, or enter somebody new below.")
        return given

    def _demand_newcomer(self) -> None:
        sentences = ("Enter their name.", "Enter their e-mail address.", "Choose the role on this review.")
        for name, sentence in zip(NEW, sentences, strict=True):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence)

    def answers(self) -> dict[str, Any]:
        chosen: list[dict[str, Any]] = [
            {"chair": self.chairs[row["chair"]], "role": row["role"]} for _, row in self.filled_rows()
        ]
        given = self.cleaned_data
        if given.get("new_name"):
            person = PersonToInvite(given["new_name"], given["new_email"])
            chosen.append({"chair": ChairToRegister(person, given["new_role"]), "role": given["new_role"]})
        return {"appointments": chosen}


def _called(chair: ChairProfile) -> str:
    return chair.name if chair.user_id else f"{chair.name} (no account yet: enter them below to invite them)"


class DeclareIndependenceForm(StepForm):
    button = "Declare independence"
    paper = PaperWanted(
        DocumentKind.INDEPENDENCE_DECLARATION, "The signed declaration, if there is one", "Declaration of independence"
    )
    statement = account(
        "How are you independent of the agencies in this review?",
        missing="Say how you are independent of the agencies in this review.",
        hint="The 2016 statutory guidance asks every chair for this.",
    )
    associated_with = account("Agencies you have worked for, and when you left them", rows=3)


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("ReviewFlow", "appoint_chairs"): AppointChairsForm,
    ("AppointmentFlow", "declare_independence"): DeclareIndependenceForm,
}
