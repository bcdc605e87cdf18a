"""What to look for in the access log."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator

from dhr.govuk.fields import DateField, SelectField, TextField
from dhr.govuk.forms import GovukForm

from .questions import QUESTIONS
from .vocabulary import KIND_NAMES, events_by_kind

# "a": without it, signs of other alphabets that have an English letter as their small or large form would pass as that letter.
REFERENCE = r"(?ia)^[A-Z]{1,10}-?[0-9][0-9-]{0,15}\Z"
NUMBER = r"(?ia)^[0-9A-F-]{1,36}\Z"  # an id as the log holds it: digits, or a UUID

A_REFERENCE = RegexValidator(REFERENCE, "Enter a reference such as DHR12 or N-2026-03.")


class LogFilter(GovukForm):
    """Narrowing the log. All answers are codes: a name typed here would stand in the address and in the log itself."""

    mark_optional = False
    question = SelectField(
        label="Question",
        required=False,
        choices=[("", "No question"), *((code, question.title) for code, question in QUESTIONS.items())],
    )
    person = SelectField(
        label="Person", help_text="What they did, or what was recorded for them.", required=False, choices=[]
    )
    reference = TextField(
        label="Review",
        help_text="Its reference, for example DHR12. Finds it under its earlier reference too.",
        required=False,
        max_length=30,
        width=10,
        validators=[A_REFERENCE],
    )
    kind = SelectField(label="Kind", required=False, choices=[("", "All kinds"), *KIND_NAMES.items()])
    event = SelectField(label="Event", required=False, choices=[("", "All events"), *events_by_kind()])
    document = TextField(
        label="Paper",
        help_text="Its whole number, as the page of an entry shows it.",
        required=False,
        max_length=40,
        validators=[RegexValidator(NUMBER, "Enter the whole number of the paper, as the page of an entry shows it.")],
    )
    since = DateField(label="From", help_text="For example, 1 3 2026.", called="The first day", required=False)
    until = DateField(label="Until", help_text="For example, 31 3 2026.", called="The last day", required=False)

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_name = sorted(people.items(), key=lambda one: (one[1].casefold(), one[0]))
        choices = [("", "Everybody"), *((str(number), f"{name} (account {number})") for number, name in by_name)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()

    def clean_document(self) -> str:
        return str(self.cleaned_data["document"]).lower()

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = answers.get("since"), answers.get("until")
        if first and last and last < first:
            self.add_error("until", "The last day cannot be before the first day.")
        return answers


class ProofsForm(GovukForm):
    """Which lines of the log are shown in an export; the others are in it as hashes."""

    reference = TextField(
        label="Only one review",
        help_text="Its reference, for example DHR12. Shows its lines under its earlier reference too.",
        required=False,
        max_length=30,
        width=10,
        validators=[A_REFERENCE],
    )
    since = DateField(
        label="Only from a day on", help_text="For example, 1 3 2026.", called="The first day", required=False
    )

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).upper()
