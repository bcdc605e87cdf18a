"""The forms of documents: they check input only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dhr import clock
from dhr.govuk.fields import (
    Confirmation,
    DateField,
    LongTextField,
    MultipleChoice,
    Radios,
    SelectField,
    TextField,
    YesNo,
)
from dhr.govuk.forms import GovukForm
from dhr.govuk.wording import WordingForm

from .file_field import SealedFileField
from .models import Document
from .schedule_12a import table_on
from .vocabulary import OF_AN_AGENCY, Audience, DocumentKind, DownloadReason, Marking

CHOOSE_A_FILE = {"required": "Choose the file."}


class PeopleForm(GovukForm):
    """A form that names people who have a part in the review."""

    def offer(self, name: str, people: Iterable[Any]) -> None:
        self.people = {str(person.pk): person for person in people}
        self.fields[name].choices = [(key, person.name) for key, person in self.people.items()]  # type: ignore[attr-defined]

    def clean_named(self) -> list[Any]:
        return [self.people[key] for key in self.cleaned_data["named"] or ()]


def audience_field(**options: Any) -> Radios:
    return Radios(
        label="Who may open it?",
        choices=Audience.choices,
        reveals={Audience.NAMED: "named"},
        error_messages={"required": "Choose who may open it."},
        **options,
    )


def named_field() -> MultipleChoice:
    return MultipleChoice(
        label="Which people?",
        help_text="Only people who have a part in this review. You are always among them.",
        error_messages={"required": "Choose at least one person."},
    )


class FileDocumentForm(WordingForm, PeopleForm):
    """File a document. An agency or a panel member is asked for the file, what it is and a title, nothing else."""

    in_clear = ("title",)
    file = SealedFileField(label="The file", error_messages=CHOOSE_A_FILE)
    title = TextField(
        label="Title",
        help_text="Titles are not sealed: no names. For example: Minutes of the second panel meeting.",
        max_length=150,
        error_messages={"required": "Enter a title.", "max_length": "Shorten the title to 150 characters or fewer."},
    )
    kind = SelectField(
        label="What is it?",
        choices=[("", "Choose"), *DocumentKind.choices],
        error_messages={"required": "Choose what kind of document it is."},
    )
    audience = audience_field(initial=Audience.OFFICERS_AND_CHAIRS)
    named = named_field()
    marking = Radios(
        label="Marking",
        choices=Marking.choices,
        initial=Marking.OFFICIAL_SENSITIVE,
        inline=True,
        error_messages={"required": "Choose the marking."},
    )
    on_behalf = SelectField(label="Filed for somebody else", choices=[("", "No")], required=False)

    def __init__(
        self, *args: Any, people: Iterable[Any], chooses: bool, officer: bool, agency: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not chooses:
            for name in ("audience", "named", "marking"):
                del self.fields[name]
        else:
            self.offer("named", people)
        if not officer:
            del self.fields["on_behalf"]
        else:
            others = [(key, person.name) for key, person in self.people.items()]
            self.fields["on_behalf"].choices = [("", "No"), *others]  # type: ignore[attr-defined]
        if agency:
            kinds = [(kind.value, kind.label) for kind in DocumentKind if kind in OF_AN_AGENCY]
            self.fields["kind"].choices = [("", "Choose"), *kinds]  # type: ignore[attr-defined]

    def clean_on_behalf(self) -> Any:
        return self.people.get(self.cleaned_data["on_behalf"])


class AddVersionForm(GovukForm):
    file = SealedFileField(label="The new version", error_messages=CHOOSE_A_FILE)


class TitleForm(WordingForm):
    in_clear = ("title",)
    title = TextField(
        label="Title",
        help_text="Titles are not sealed: no names.",
        max_length=150,
        error_messages={"required": "Enter a title.", "max_length": "Shorten the title to 150 characters or fewer."},
    )


class AudienceForm(PeopleForm):
    audience = audience_field()
    named = named_field()

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("named", people)


class ReleaseForm(GovukForm):
    confirmed = Confirmation(
        label="This may be shown to the whole panel",
        error_messages={"required": "Tick the box if the panel may open this, or go back."},
    )


class DownloadForm(GovukForm):
    reason = Radios(
        label="Why do you need a copy of your own?",
        help_text="Your answer is kept in the access log. A copy outside this service is yours to protect.",
        choices=DownloadReason.choices,
        error_messages={"required": "Choose why you need a copy of your own."},
    )


class PasswordForm(GovukForm):
    """The password of one file. It is never shown again, and kept nowhere."""

    password = TextField(
        label="Password of the file",
        help_text="It is used once, to show this file now. It is not kept.",
        strip=False,
        max_length=255,
        width=20,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter the password of the file.",
            "max_length": "A password has at most 255 characters.",
        },
    )


class ProposeRestrictionForm(GovukForm):
    paragraphs = MultipleChoice(
        label="Which paragraphs of Schedule 12A apply?",
        error_messages={"required": "Choose at least one paragraph."},
    )
    public_interest = LongTextField(
        label="Why does the public interest in keeping this closed outweigh the interest in publishing it?",
        help_text="Where both weigh the same, it is published. Your answer is sealed.",
        error_messages={"required": "Say why the public interest is better served by keeping this closed."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table = table_on(clock.today())
        self.fields["paragraphs"].choices = [(str(n), f"{n}. {words}") for n, words in table.paragraphs.items()]  # type: ignore[attr-defined]

    def clean_paragraphs(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["paragraphs"]]


class DecideRestrictionForm(GovukForm):
    upheld = YesNo(
        label="Is it restricted?",
        reveals={"yes": "review_on"},
        error_messages={"required": "Choose yes or no."},
    )
    review_on = DateField(
        label="When is this looked at again?",
        called="The day",
        error_messages={"required": "Enter the day on which this is looked at again."},
    )
    reason = LongTextField(
        label="Reason",
        help_text="Your answer is sealed.",
        error_messages={"required": "Give the reason for your decision."},
    )


def kind_in_words(document: Document) -> str:
    return str(DocumentKind(document.kind).label)
