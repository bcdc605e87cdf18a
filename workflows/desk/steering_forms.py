"""What is asked when a review is suspended, resumed, cancelled, handed over, or a step undone or given to somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dhr.accounts.models import User
from dhr.govuk.fields import DateField, LongTextField, Radios, SelectField
from dhr.govuk.forms import GovukForm
from dhr.reviews.vocabulary import SuspensionReason

SEALED = "Sealed: only people who may read this review's account see it."


def required(sentence: str) -> dict[str, Any]:
    """A question that must be answered, and the sentence that says so."""
    return {"error_messages": {"required": sentence}}


def people_choices(people: Iterable[Any], first: str) -> list[tuple[str, str]]:
    return [("", first), *((str(person.pk), person.name) for person in people)]


class PersonField(SelectField):
    """One of the people offered; gives the account."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people: dict[str, Any] = {}

    def offer(self, people: Iterable[Any], first: str = "Choose a person") -> None:
        found = list(people)
        self.people = {str(person.pk): person for person in found}
        self.choices = people_choices(found, first)

    def clean(self, value: Any) -> Any:
        return self.people.get(str(super().clean(value)))


class SuspendForm(GovukForm):
    code = Radios(
        label="Why is the review suspended?",
        help_text="Lists and the board see this.",
        choices=SuspensionReason.choices,
        **required("Choose why the review is suspended."),
    )
    reason = LongTextField(
        label="The full reason", help_text=SEALED, **required("Give the reason for suspending the review.")
    )
    look_again_on = DateField(label="When do you look again?", called="The day to look again", required=False)


class ReasonForm(GovukForm):
    """Only a reason."""

    reason = LongTextField(label="Reason", help_text=SEALED, **required("Give the reason."))


class ReassignForm(ReasonForm):
    field_order = ["to", "reason"]
    to = PersonField(label="Whose task is it?", **required("Choose whose task it is."))

    def __init__(self, data: Any = None, *, people: Iterable[Any]) -> None:
        super().__init__(data)
        self.fields["to"].offer(people)  # type: ignore[attr-defined]


class HandOverForm(ReasonForm):
    field_order = ["absent", "to", "reason"]
    absent = PersonField(label="Whose reviews?", **required("Choose the officer who is away."))
    to = PersonField(label="Who takes them over?", **required("Choose the officer who takes over."))

    def __init__(self, data: Any = None, *, absent: Iterable[User], takers: Iterable[User]) -> None:
        super().__init__(data)
        self.fields["absent"].offer(absent, "Choose an officer")  # type: ignore[attr-defined]
        self.fields["to"].offer(takers, "Choose an officer")  # type: ignore[attr-defined]
