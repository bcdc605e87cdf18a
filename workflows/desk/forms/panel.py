"""Convening the panel, agreeing the terms of reference, and opening drafting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from dhr.access.roles import Role
from dhr.accounts.models import User
from dhr.govuk.fields import DateField, EmailField, SelectField, TextField
from dhr.govuk.forms import Fieldset
from dhr.reviews.models import Agency
from dhr.reviews.panel import outstanding

from ...steps.recording import PersonToInvite
from .base import StepForm, account, offer
from .rows import RowsForm

NEW = ("new_name", "new_email", "new_agency")


class ConvenePanelForm(RowsForm):
    button = "Convene the panel"
    row_label = "Add another member"
    new_name = TextField(label="Name", required=False, max_length=120)
    new_email = EmailField(label="E-mail address", required=False)
    new_agency = SelectField(label="Agency they sit for", required=False)
    fieldsets = (Fieldset("Invite somebody who has no account yet", NEW),)

    def prepare(self) -> None:
        people = User.objects.standing().filter(partnership=self.review.partnership, is_superuser=False)
        self.people = {str(person.pk): person for person in people}
        self.agencies = {str(agency.pk): agency for agency in Agency.objects.all()}
        self.offered = [("", "Choose the agency"), *((key, agency.name) for key, agency in self.agencies.items())]
        offer(self, "new_agency", self.offered)
        super().prepare()

    def facts(self) -> list[str]:
        current = self.review.membership_set.current().filter(role=Role.PANEL_MEMBER).select_related("user", "agency")
        sitting = [f"{m.user.name} ({m.agency.name})" if m.agency else m.user.name for m in current]
        return [f"On the panel already: {', '.join(sitting)}."] if sitting else []

    def questions(self) -> dict[str, Callable[[int], forms.Field]]:
        people = [("", "Choose a person"), *((key, _called(person)) for key, person in self.people.items())]
        return {
            "person": lambda number: SelectField(label=f"Member {number}", required=False, choices=people),
            "agency": lambda number: SelectField(
                label=f"Agency of member {number}", required=False, choices=self.offered
            ),
        }

    def clean(self) -> dict[str, Any]:
        for number, row in self.filled_rows():
            self.demand(number, row, {"person": "Choose the person.", "agency": "Choose the agency they sit for."})
        if any(self.cleaned_data.get(name) for name in NEW):
            sentences = ("Enter their name.", "Enter their e-mail address.", "Choose the agency they sit for.")
            for name, sentence in zip(NEW, sentences, strict=True):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        members: list[tuple[Any, Agency]] = [
            (self.people[row["person"]], self.agencies[row["agency"]]) for _, row in self.filled_rows()
        ]
        given = self.cleaned_data
        if given.get("new_name"):
            agency = self.agencies[given["new_agency"]]
            members.append((PersonToInvite(given["new_name"], given["new_email"], agency.name), agency))
        return {"members": members}


def _called(person: User) -> str:
    return f"{person.name}, {person.organisation}" if person.organisation else person.name


class AgreeTermsForm(StepForm):
    button = "Record the agreed terms"
    looks_from = DateField(
        label="The review looks at the time from", required=False, called="The first day the review looks at"
    )
    looks_until = DateField(label="Until", required=False, called="The last day the review looks at")
    questions = account("What does the review ask?", missing="Enter the questions that the review asks.", rows=8)
    reason = account("Agencies that are left out, and why", rows=3)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("looks_from"), self.cleaned_data.get("looks_until")
        if first and last and last < first:
            self.add_error("looks_until", "The end of the period cannot be before its start.")
        return self.cleaned_data


class OpenDraftingForm(StepForm):
    button = "Open drafting"

    def facts(self) -> list[str]:
        still_out = outstanding(self.review)
        if not still_out:
            return ["No agency request is outstanding."]
        return [
            "Still outstanding: " + "; ".join(str(commission) for commission in still_out) + ".",
            "Drafting does not wait for them. Board sign-off does.",
        ]


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("ReviewFlow", "convene_panel"): ConvenePanelForm,
    ("ReviewFlow", "agree_terms"): AgreeTermsForm,
    ("ReviewFlow", "open_drafting"): OpenDraftingForm,
}
