"""Which paper, and which day: what the auditor asks of the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.validators import RegexValidator

from dhr import clock
from dhr.audit.forms import A_REFERENCE
from dhr.govuk.fields import DateField, TextField
from dhr.govuk.forms import GovukForm

NUMBER = r"(?ia)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
A_NUMBER = RegexValidator(NUMBER, "Enter the whole number of the paper, as the page of a line about it shows it.")


class CouldOpenForm(GovukForm):
    """A paper by its number with a day; or a review, to choose one of its papers."""

    mark_optional = False
    document = TextField(
        label="Paper",
        help_text="Its whole number, as the page of a line about it shows it.",
        required=False,
        max_length=40,
        validators=[A_NUMBER],
    )
    reference = TextField(
        label="Or a review, to see its papers",
        help_text="Its reference, for example DHR12.",
        required=False,
        max_length=30,
        width=10,
        validators=[A_REFERENCE],
    )
    day = DateField(label="Day", help_text="For example, 1 3 2026.", called="The day", required=False)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()

    def clean_document(self) -> UUID | None:
        number = str(self.cleaned_data["document"])
        return UUID(number) if number else None

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        day = answers.get("day")
        if answers.get("document") and not day and "day" not in self.errors:
            self.add_error("day", "Enter the day.")
        if day and day > clock.today():
            self.add_error("day", "The day cannot be in the future.")
        return answers
