"""What the form of every step has in common: what it is about, its words, and its answers as the use case takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict

from dhr import clock
from dhr.govuk.dates import ApproximateDate, written
from dhr.govuk.fields import Confirmation, DateField, LongTextField, NotAfter
from dhr.govuk.wording import WordingForm
from dhr.reviews.identities import check_words
from restricted_docs.file_field import SealedFileField
from restricted_docs.models import Document
from restricted_docs.vocabulary import DocumentKind

from ... import engine
from ...models import Step

SEALED = "Only people who may read this review's account will see this."
FUTURE = "The date cannot be in the future. Check the day, month and year."


def account(label: str, *, missing: str = "", hint: str = "", rows: int = 5) -> LongTextField:
    """A question whose answer is sealed. `missing` is the sentence for an empty answer; without it the question is optional."""
    return LongTextField(
        label=label,
        help_text=f"{hint} {SEALED}".strip(),
        rows=rows,
        required=bool(missing),
        error_messages={"required": missing} if missing else None,
    )


def past_day(label: str, *, missing: str = "", hint: str = "", called: str = "The date") -> DateField:
    """A day that is over, or today."""
    return DateField(
        label=label,
        help_text=hint,
        called=called,
        required=bool(missing),
        error_messages={"required": missing} if missing else None,
        validators=[NotAfter(clock.today, FUTURE)],
    )


@dataclass(frozen=True)
class PaperWanted:
    """The paper that shows a step. `missing` is the sentence where the step cannot be recorded without it."""

    kind: DocumentKind
    label: str
    title: str
    missing: str = ""


class KeptForm(WordingForm):
    """A form that can show answers typed earlier without finding fault with them: `unfinished` ones are not judged yet."""

    def __init__(self, *args: Any, unfinished: bool = False, **kwargs: Any) -> None:
        self.unfinished = unfinished
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        if self.unfinished:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def read_back(self) -> Iterator[tuple[str, str]]:
        """Each question that was answered, and the answer in words: to read before somebody confirms it."""
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            unanswered = value in (None, "", []) or (value is False and isinstance(field, Confirmation))
            if not unanswered and not field.widget.is_hidden:
                yield str(field.label), in_words(value, field)


def in_words(value: Any, field: Any) -> str:
    """A clean answer as people write it."""
    if isinstance(field, SealedFileField):
        return str(value.name)
    if isinstance(value, date):
        return written(value)
    if isinstance(value, ApproximateDate):
        return str(value)
    if isinstance(field, Confirmation) or value in (True, False):
        return "Yes" if value else "No"
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    chosen = value if isinstance(value, list) else [value]
    return "\n".join(labels.get(str(each), str(each)) for each in chosen)


class StepForm(KeptForm):
    """The questions of one step. Its fields carry the names of the use case's answers wherever they can.

    `asks_when`: the question about the day, where the step happens outside this service; `asks_how`: by which means, too.
    `paper`: the paper that shows it. `button` says what sending the form does. `has_pack`: the Home Office pack can be taken
    from its page.
    """

    button = "Save and continue"
    asks_when = ""
    asks_how = False
    has_pack = False
    paper: PaperWanted | None = None

    def __init__(self, *args: Any, step: Step, by: Any, **kwargs: Any) -> None:
        self.step, self.by, self.review = step, by, step.review
        self.subject = engine.subject_of(step)
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Offer the choices that depend on the review."""

    def facts(self) -> list[str]:
        """What to know before answering, one sentence each."""
        return []

    def add_row(self) -> None:
        """Offer one more row, where the form has rows."""

    def check_words(self) -> None:
        """As the use case will: raise ValidationError where words in the clear seem to name somebody of the review."""
        words = {name: str(self.cleaned_data.get(name) or "") for name in self.in_clear}
        check_words(self.review, names_checked=bool(self.cleaned_data.get("names_checked")), **words)

    def answers(self) -> dict[str, Any]:
        """The answers, by the names that the step's use case gives them."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a question its choices, where they depend on the review."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def papers(review: Any, by: Any, *kinds: str) -> list[Document]:
    """The filed papers of these kinds (all, where none is named) that this person may open."""
    found = Document.objects.visible_to(by, "restricted_docs.view_document").filter(review=review)
    if kinds:
        found = found.filter(kind__in=kinds)
    return list(found.prefetch_related("versions"))


def newest(document: Document) -> int:
    """The number of a paper's newest version."""
    return max((version.number for version in document.versions.all()), default=1)


def versions_to_choose(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Choices "id:version" of the newest version of each paper."""
    return [(f"{paper.pk}:{newest(paper)}", f"{paper.title}, version {newest(paper)}") for paper in documents]


def chosen_version(choice: str) -> Mapping[str, Any]:
    """What such a choice stands for: {"document": id as text, "version": number}."""
    document, _, version = choice.partition(":")
    return {"document": document, "version": int(version)}
