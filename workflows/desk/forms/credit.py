"""Who did a step, on what day and how, and what shows it: kept apart from who types it in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.forms.boundfield import BoundField

from dhr import clock
from dhr.access import grants
from dhr.govuk.fields import SelectField
from dhr.reviews.models import Commission
from dhr.reviews.recording import RECORD
from dhr.reviews.vocabulary import Means
from restricted_docs.file_field import SealedFileField
from restricted_docs.filing import FILE, RETURN
from restricted_docs.vocabulary import DocumentKind

from ... import engine
from ...models import Step
from ...steps.recording import PaperToFile
from .base import KeptForm, PaperWanted, StepForm, offer, papers, past_day

MYSELF = "I did it myself"
FROM_OUTSIDE = "Somebody without an account here"
WHO = "Choose who did it"
WHEN = "Enter the day on which it was done."
HOW = "Choose how it was done: at a meeting, by phone, by e-mail or on paper."
NEEDS_SHOWING = "Choose the paper that shows it, upload it, or ask a second person to confirm it."


class CreditForm(KeptForm):
    """Credit for one step. People who cannot record for others see only what the step itself asks for."""

    mark_optional = False

    done_by = SelectField(label="Who did it?", required=False)
    done_on = past_day("On what day?", hint="For example, 27 3 2026.", called="The day it was done")
    how = SelectField(label="How?", required=False)
    confirm_by = SelectField(
        label="If no paper shows it: who can confirm it?",
        required=False,
        help_text="They see what you typed here, and nothing is recorded until they confirm it.",
    )
    evidence = SelectField(label="Which paper shows it?", required=False)
    evidence_file = SealedFileField(label="Or upload the paper now", required=False)

    def __init__(self, *args: Any, step: Step, by: Any, about: StepForm, **kwargs: Any) -> None:
        self.step, self.by, self.about = step, by, about
        self.node = engine.node_of(step)
        self.may_do, self.may_record = engine.may_do(by, step), by.has_perm(RECORD, step.review)
        super().__init__(*args, **kwargs)
        self._offer()

    # ---- what is asked

    def _offer(self) -> None:
        self._offer_people()
        must_say = self.about.asks_how or self.must_be_for_another
        means = [choice for choice in Means.choices if choice[0] != Means.HERE]
        offer(self, "how", [("", "Choose how" if must_say else "In this service"), *means])
        self._offer_papers()
        if self.about.asks_when:
            self.fields["done_on"].label = self.about.asks_when
            self.fields["done_on"].initial = clock.today()
        for name in set(self.fields) - self._asked():
            del self.fields[name]

    def _asked(self) -> set[str]:
        asked = {"done_by", "done_on", "how"} if self.may_record else set()
        asked |= {"done_on"} if self.about.asks_when else set()
        asked |= {"how"} if self.about.asks_how else set()
        if (self.may_record or self.about.paper) and self._may_file():
            asked |= {"evidence", "evidence_file"}
        return asked | ({"confirm_by"} if self.may_record and self.node.weighty else set())

    def _may_file(self) -> bool:
        own_request = isinstance(self.about.subject, Commission) and self.by.has_perm(RETURN, self.about.subject)
        return bool(own_request or self.by.has_perm(FILE, self.step.review))

    def _offer_people(self) -> None:
        self.people = {str(person.pk): person for person in self._holders() if person != self.by}
        first = [("", MYSELF if self.may_do else WHO if self.node.weighty else FROM_OUTSIDE)]
        offer(self, "done_by", first + _names(self.people.values()))
        if self.must_be_for_another and not self.node.weighty:
            self.fields["done_by"].initial = next(iter(self.people), "")
        officers = grants.holders(self.step.review, RECORD) if self.node.weighty else []
        seconds = {*officers, *self.people.values()} - {self.by}
        self.seconds = {str(person.pk): person for person in sorted(seconds, key=lambda person: person.name)}
        offer(self, "confirm_by", [("", "Nobody"), *_names(self.seconds.values())])

    def _holders(self) -> list[Any]:
        return sorted(grants.holders(self.about.subject, self.node.permission), key=lambda person: person.name)

    def _offer_papers(self) -> None:
        wanted = self.about.paper
        filed = papers(self.step.review, self.by)
        if wanted is not None:
            self.fields["evidence"].label = wanted.label
            filed.sort(key=lambda paper: paper.kind != wanted.kind)
        choices = [(str(paper.pk), f"{paper.title} ({paper.get_kind_display()})") for paper in filed]
        offer(self, "evidence", [("", "None of these" if choices else "No paper is filed yet"), *choices])

    # ---- how it is laid out

    def in_the_open(self) -> Sequence[BoundField]:
        """The questions that the step itself asks, whoever does it."""
        asked = {"done_on"} if self.about.asks_when else set()
        asked |= {"how"} if self.about.asks_how else set()
        asked |= {"evidence", "evidence_file"} if self.about.paper else set()
        return [self[name] for name in self.fields if name in asked]

    def for_another(self) -> Sequence[BoundField]:
        """The questions of the section "Record for somebody else"."""
        shown = {field.name for field in self.in_the_open()}
        return [self[name] for name in self.fields if name not in shown]

    @property
    def must_be_for_another(self) -> bool:
        """This person cannot do the step, only record that somebody else did."""
        return self.may_record and not self.may_do

    @property
    def opened(self) -> bool:
        """Whether the section has answers or faults to show."""
        return any(field.errors or _is_typed(field.value()) for field in self.for_another())

    # ---- what was answered

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self._is_for_another() or self.must_be_for_another:
            self._demand("done_on", WHEN)
            self._demand("how", HOW)
            if self.node.weighty:
                self._demand_proof()
        if self.about.asks_when:
            self._demand("done_on", WHEN)
        if self.about.asks_how:
            self._demand("how", HOW)
        wanted = self.about.paper
        if wanted and wanted.missing and "evidence" in self.fields and not self._has_paper():
            self.add_error("evidence", wanted.missing)
        return given

    def _is_for_another(self) -> bool:
        return bool(self.cleaned_data.get("done_by"))

    def _demand(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _demand_proof(self) -> None:
        if not self._is_for_another():
            self.add_error("done_by", "Choose who did it.")
        if self.cleaned_data.get("confirm_by") and self.cleaned_data["confirm_by"] == self.cleaned_data.get("done_by"):
            self.add_error("confirm_by", "Choose somebody other than who did it.")
        elif not self._has_paper() and not self.cleaned_data.get("confirm_by") and "evidence" not in self.errors:
            self.add_error("evidence" if "evidence" in self.fields else None, NEEDS_SHOWING)

    def _has_paper(self) -> bool:
        waiting = "evidence_file" in self.errors  # its own sentence says what is wrong with it
        return bool(waiting or self.cleaned_data.get("evidence") or self.cleaned_data.get("evidence_file"))

    def second_person(self) -> Any:
        """Who is asked to confirm this, or None where it is recorded at once."""
        return None if self._has_paper() else self.seconds.get(self.cleaned_data.get("confirm_by", ""))

    def credit(self) -> dict[str, Any]:
        """The fields of a Credit; `evidence` may be a paper that is filed first."""
        given = self.cleaned_data
        return {
            "done_by": self.people.get(given.get("done_by") or "", self.by),
            "recorded_by": self.by,
            "done_on": given.get("done_on") or clock.today(),
            "how": given.get("how") or Means.HERE,
            "evidence": self._evidence(),
        }

    def _evidence(self) -> UUID | PaperToFile | None:
        upload = self.cleaned_data.get("evidence_file")
        if upload is None:
            chosen = self.cleaned_data.get("evidence")
            return UUID(chosen) if chosen else None
        wanted = self.about.paper or PaperWanted(DocumentKind.EVIDENCE, "", title=f"Evidence: {self.node.task_title}")
        commission = self.about.subject if isinstance(self.about.subject, Commission) else None
        return PaperToFile(upload=upload, title=wanted.title, kind=wanted.kind, commission=commission)


def _is_typed(value: Any) -> bool:
    return any(value.values()) if isinstance(value, dict) else bool(value)


def _names(people: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(person.pk), person.name) for person in people]
