"""Scoping, the decision, telling people of it, and the Home Office's look at a decision not to review."""

from __future__ import annotations

from typing import Any

from dhr import clock
from dhr.govuk.fields import Confirmation, DateField, MultipleChoice, NotBefore, Radios, TextField, YesNo
from dhr.reviews.vocabulary import Criterion, Outcome, Scrutiny

from .base import StepForm, account

OTHER_REFERENCE = "Enter the reference, for example N-2026-03."
HINTS: dict[str, str] = {
    Outcome.REVIEW: "The review gets its number, and the Home Office and the family are told.",
    Outcome.NO_REVIEW: "The Home Office and the family are told, and the Home Office looks at the decision.",
    Outcome.MORE_INFORMATION: "The decision comes back to you when the information is there.",
}


class ScopingForm(StepForm):
    button = "Record the scoping"
    scoped = YesNo(
        label="Have the agencies been asked whether they knew the people?",
        reveals={"yes": "learned", "no": "reason"},
        error_messages={"required": "Say whether the agencies have been asked."},
    )
    learned = account("What did they say?", missing="Say what the agencies told you.")
    reason = account("Why was asking them not needed?", missing="Say why scoping is not needed.")


class DecisionForm(StepForm):
    button = "Record the decision"
    in_clear = ("leading_review", "earlier_notification")
    outcome = Radios(
        label="What is decided?",
        choices=Outcome.choices,
        hints=HINTS,
        reveals={
            Outcome.MORE_INFORMATION: "answer_due_on",
            Outcome.OTHER_REVIEW: "leading_review",
            Outcome.SAME_DEATH: "earlier_notification",
        },
        error_messages={"required": "Choose what is decided."},
    )
    answer_due_on = DateField(
        label="By when is it needed?",
        called="The date by which it is needed",
        error_messages={"required": "Say by when the information is needed."},
        validators=[NotBefore(clock.today, "The date by which information is needed cannot be in the past.")],
    )
    leading_review = TextField(
        label="Reference of the review that leads",
        width=20,
        max_length=60,
        error_messages={"required": OTHER_REFERENCE, "max_length": "Shorten the reference to 60 characters or fewer."},
    )
    earlier_notification = TextField(
        label="Reference of the earlier notification",
        width=20,
        max_length=60,
        error_messages={"required": OTHER_REFERENCE, "max_length": "Shorten the reference to 60 characters or fewer."},
    )
    criteria = MultipleChoice(
        label="Which criteria of section 9(1) are met?",
        choices=Criterion.choices,
        required=False,
    )
    reason = account(
        "Reasons for the decision",
        missing="Give the reasons for the decision. Departing from the guidance needs a recorded reason.",
    )
    consulted = account("Who was consulted?", rows=2)

    def add_error(self, field: str | None, error: Any) -> None:
        # the use case knows one reference; it was typed where the answer chosen asks for it
        earlier = field == "leading_review" and self.cleaned_data.get("earlier_notification")
        super().add_error("earlier_notification" if earlier else field, error)

    def answers(self) -> dict[str, Any]:
        given = super().answers()
        earlier = given.pop("earlier_notification", "")
        return given | {"leading_review": given.get("leading_review") or earlier}


class TellHomeOfficeForm(StepForm):
    button = "Record that the Home Office was told"
    asks_when = "When was the Home Office told?"
    asks_how = True


class TellFamilyForm(StepForm):
    button = "Record that the family was told"
    asks_when = "When was the family told, or when was it found not to be possible?"
    asks_how = True
    was_possible = YesNo(
        label="Was the family told?",
        reveals={"yes": "advocacy_offered", "no": "reason"},
        error_messages={"required": "Say whether the family was told."},
    )
    advocacy_offered = Confirmation(label="They were offered an advocate", required=False)
    reason = account("Why was it not possible?", missing="Say why the family could not be told.")

    def answers(self) -> dict[str, Any]:
        return super().answers() | {"advocacy_offered": bool(self.cleaned_data["advocacy_offered"])}


class ScrutinyForm(StepForm):
    button = "Record the answer"
    asks_when = "When did the Home Office answer?"
    answer = Radios(
        label="What does the Home Office say?",
        choices=Scrutiny.choices,
        error_messages={"required": "Choose what the Home Office says."},
    )
    reason = account("What reasons does it give?")


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("ReviewFlow", "scope_with_agencies"): ScopingForm,
    ("ReviewFlow", "decide"): DecisionForm,
    ("ReviewFlow", "gather_information"): ScopingForm,
    ("ReviewFlow", "tell_home_office"): TellHomeOfficeForm,
    ("ReviewFlow", "tell_family"): TellFamilyForm,
    ("ReviewFlow", "await_scrutiny"): ScrutinyForm,
}
