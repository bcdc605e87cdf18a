"""The forms of the register, of soundings and of appointments. They check input only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from dhr import clock
from dhr.accounts.models import StandingRole, User
from dhr.govuk.fields import (
    Confirmation,
    DateField,
    LongTextField,
    MultipleChoice,
    NotAfter,
    NumberField,
    Question,
    Radios,
    SelectField,
    TextField,
)
from dhr.govuk.forms import Fieldset, GovukForm
from dhr.reviews.vocabulary import Means

from .models import ChairProfile
from .vocabulary import Answer, AppointedAs, PipelineStage, Service, Source, Specialism, Training

FUTURE = "The day a course was done cannot be in the future."


class MoneyField(Question, forms.DecimalField):
    """An amount of pounds."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": "Enter an amount in pounds, for example 450 or 450.50.",
        "min_value": "Enter an amount that is not below zero.",
        "max_digits": "Enter a smaller amount.",
        "max_whole_digits": "Enter a smaller amount.",
        "max_decimal_places": "Enter an amount with no more than two digits after the point.",
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal"}


class ChairForm(GovukForm):
    """An entry of the register."""

    name = TextField(label="Name", max_length=120, error_messages={"required": "Enter their name."})
    services = Radios(
        label="What they offer", choices=Service.choices, error_messages={"required": "Choose what they offer to do."}
    )
    stage = SelectField(
        label="Stage", choices=PipelineStage.choices, error_messages={"required": "Choose how far they are."}
    )
    source = SelectField(
        label="How the partnership found them",
        choices=Source.choices,
        error_messages={"required": "Choose how you found them."},
    )
    user = SelectField(
        label="Account",
        required=False,
        help_text="Somebody needs an account before they can be appointed. Invite them first.",
    )
    region = TextField(label="Region", max_length=80, required=False)
    max_live = NumberField(
        label="Most reviews at one time",
        min_value=0,
        max_value=20,
        width=2,
        error_messages={
            "required": "Enter how many reviews they are willing to take at one time.",
            "min_value": "Enter a number from 0 to 20.",
            "max_value": "Enter a number from 0 to 20.",
        },
    )
    day_rate = MoneyField(
        label="Day rate in pounds", min_value=0, max_digits=8, decimal_places=2, width=5, required=False
    )
    specialisms = MultipleChoice(label="Specialisms", choices=Specialism.choices, required=False)
    home_office_1 = DateField(
        label=Training.HOME_OFFICE_1.label, required=False, validators=[NotAfter(clock.today, FUTURE)]
    )
    home_office_2 = DateField(
        label=Training.HOME_OFFICE_2.label, required=False, validators=[NotAfter(clock.today, FUTURE)]
    )
    chairing_certificate = DateField(
        label=Training.CHAIRING_CERTIFICATE.label, required=False, validators=[NotAfter(clock.today, FUTURE)]
    )
    contact = LongTextField(
        label="How to reach them", rows=3, max_length=1000, required=False, help_text="Kept sealed."
    )
    employment_history = LongTextField(
        label="Where they worked, and until when",
        max_length=5000,
        required=False,
        help_text="Needed to see conflicts of interest. Kept sealed.",
    )
    notes = LongTextField(label="Notes", max_length=5000, required=False, help_text="Kept sealed.")
    review_on = DateField(label="Look at this entry again on", required=False)

    fieldsets = (
        Fieldset("Training", [str(code) for code in Training.values], "Leave the day empty for a course not done."),
        Fieldset("Private details", ["contact", "employment_history", "notes"]),
    )

    def __init__(self, *args: Any, chair: ChairProfile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = accounts_for(chair)
        choices = [("", "No account yet"), *((str(user.pk), f"{user.name} ({user.email})") for user in people)]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]
        self._people = {str(user.pk): user for user in people}

    def facts(self) -> dict[str, Any]:
        """The answers as the fields of an entry."""
        answers = dict(self.cleaned_data)
        done = {code: answers.pop(code) for code in Training.values}
        answers["training"] = {code: day.isoformat() for code, day in done.items() if day}
        answers["user"] = self._people.get(answers["user"])
        return answers


def accounts_for(chair: ChairProfile | None) -> list[User]:
    """Accounts that an entry can have: of people from outside, with no entry of their own."""
    entries = ChairProfile.objects.filter(user=OuterRef("pk")).exclude(pk__in=[chair.pk] if chair else [])
    inside = StandingRole.objects.today().filter(user=OuterRef("pk"))
    found = User.objects.filter(deactivated_at__isnull=True, is_superuser=False)
    return list(found.exclude(Exists(entries)).exclude(Exists(inside)))


class RegisterFilter(GovukForm):
    """What the list of the register is narrowed to."""

    mark_optional = False
    stage = SelectField(label="Stage", required=False, choices=[("", "Every stage"), *PipelineStage.choices])
    service = SelectField(label="Offering", required=False, choices=[("", "Anything"), *Service.choices[:2]])


class SoundOutForm(GovukForm):
    """Whom to ask about a review."""

    chair = SelectField(label="Whom did you ask?", error_messages={"required": "Choose somebody from the register."})
    note = LongTextField(
        label="Note", rows=3, max_length=2000, required=False, help_text="Kept sealed with the review."
    )

    def __init__(self, *args: Any, people: list[ChairProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Choose"), *((str(chair.pk), load_in_words(chair)) for chair in people)]
        self.fields["chair"].choices = choices  # type: ignore[attr-defined]


def load_in_words(chair: Any) -> str:
    """A person on the register, with their stage and how many reviews they have and would take."""
    return f"{chair.name} ({chair.get_stage_display()}, {chair.live} of {chair.max_live} reviews)"


class AppointForm(SoundOutForm):
    """One appointment more."""

    note = None  # type: ignore[assignment]
    role = Radios(
        label="Appoint as", choices=AppointedAs.choices, error_messages={"required": "Choose what to appoint them as."}
    )
    fee = MoneyField(
        label="Fee for the whole review, in pounds",
        min_value=0,
        max_digits=9,
        decimal_places=2,
        width=5,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].label = "Whom do you appoint?"


class AnswerForm(GovukForm):
    """What a possible chair answered."""

    answer = Radios(
        label="What did they answer?",
        choices=[(value, label) for value, label in Answer.choices if value != Answer.WAITING],
        error_messages={"required": "Choose what they answered."},
    )
    note = LongTextField(
        label="Note",
        rows=3,
        max_length=2000,
        required=False,
        help_text="Replaces the note made when they were asked. Kept sealed with the review.",
    )


class DeclarationForm(GovukForm):
    """A declaration of independence, made by the appointed person."""

    statement = LongTextField(
        label="How are you independent of the agencies in this review?",
        max_length=5000,
        error_messages={"required": "Say how you are independent. The report will say it too."},
    )
    associated_with = LongTextField(
        label="Agencies in this area you have worked for",
        rows=3,
        max_length=2000,
        required=False,
        help_text="Name each one, and say when you left.",
    )
    agreed = Confirmation(
        label="I have no part in, and no tie to, any agency or person in this review",
        error_messages={
            "required": "Tick this to declare. If you cannot, call the community safety team before going on."
        },
    )


class RecordedDeclarationForm(GovukForm):
    """A declaration that the officer records for the person who made it."""

    done_on = DateField(
        label="When did they declare it?",
        called="The day they declared it",
        validators=[NotAfter(clock.today, "The day they declared it cannot be in the future.")],
        error_messages={"required": "Enter the day they declared it."},
    )
    how = Radios(
        label="How did they declare it?",
        choices=[(value, label) for value, label in Means.choices if value != Means.HERE],
        error_messages={"required": "Choose how they declared it."},
    )
    statement = LongTextField(
        label="How are they independent of the agencies in this review?",
        max_length=5000,
        error_messages={"required": "Say how they are independent. The report will say it too."},
    )
    associated_with = LongTextField(
        label="Agencies in this area they have worked for",
        rows=3,
        max_length=2000,
        required=False,
        help_text="Name each one, and say when they left.",
    )


class StandDownForm(GovukForm):
    """Why an appointment ends."""

    reason = LongTextField(
        label="Why does this appointment end?",
        max_length=2000,
        help_text="Kept sealed with the review.",
        error_messages={"required": "Say why this appointment ends."},
    )
