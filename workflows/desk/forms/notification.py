"""Recording the notification of a death. "Not known" is an answer to almost every question: nobody waits for certainty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from dhr import clock
from dhr.govuk.dates import ApproximateDate, DateKind
from dhr.govuk.fields import ApproximateDateField, NotAfter, Radios, SelectField, TextField, YesNo
from dhr.govuk.forms import Fieldset
from dhr.reviews.models import Agency
from dhr.reviews.notifying import Named
from dhr.reviews.vocabulary import Channel, IdentityKind, Manner, Relationship

from .base import KeptForm, account, offer, past_day

NAMES = "Sealed. Nobody sees a name without asking for it, and each time is written down."
SUSPECTS = 3
TOO_LONG = {"max_length": "Shorten this to 150 characters or fewer."}
NOBODY = {"required": "Enter the name of the person who died, or write “Not known”."}


def _suspect(number: int) -> TextField:
    return TextField(label=f"Alleged perpetrator {number}", required=False, max_length=150, error_messages=TOO_LONG)


class NotificationForm(KeptForm):
    """What the partnership was told. Everything about people is sealed, names apart from the rest."""

    form_token = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={
            "required": "This form was not whole. Open it again from Your work.",
            "invalid": "This form was not whole. Open it again from Your work.",
        },
    )
    notified_on = past_day(
        "When were you told of the death?",
        missing="Enter the day on which you were told.",
        hint="The statutory time runs from this day. For example, 27 3 2026.",
        called="The day you were told",
    )
    notifying_agency = SelectField(label="Which agency told you?", required=False)
    channel = Radios(
        label="How were you told?",
        choices=Channel.choices,
        error_messages={"required": "Choose how you were told."},
    )
    notifier = account("Who told you, and how to reach them", rows=2)
    outside_references = account(
        "References that others use", hint="For example, of the police or the coroner.", rows=2
    )
    death_date = ApproximateDateField(
        label="When did the person die?",
        called="The date of death",
        error_messages={"required": "Say whether the date of death is known."},
        validators=[NotAfter(clock.today, "The death cannot be in the future. Check the date.")],
    )
    manner = Radios(
        label="What kind of death is this thought to be?",
        choices=Manner.choices,
        error_messages={"required": "Choose what kind of death this is thought to be."},
    )
    relationship = Radios(
        label="How were they related?",
        choices=Relationship.choices,
        error_messages={"required": "Choose how they were related, or that it is not known yet."},
    )
    aged_16_or_over = YesNo(label="Was the person who died aged 16 or over?", required=False)
    children_in_household = YesNo(label="Are there children in the household?", required=False)
    media_interest = YesNo(
        label="Is there interest from the media?",
        error_messages={"required": "Say whether there is interest from the media."},
    )
    place_of_death = account("Where did they die?", rows=2)
    circumstances = account(
        "What is known of the circumstances?", missing="Say what is known, or write “Not known yet”.", rows=8
    )
    deceased = TextField(label="Name of the person who died", max_length=150, error_messages=NOBODY | TOO_LONG)
    born_on = past_day("Their date of birth", called="The date of birth")
    suspect_1, suspect_2, suspect_3 = (_suspect(number) for number in range(1, SUSPECTS + 1))

    fieldsets = (
        Fieldset("How you were told", ("notified_on", "notifying_agency", "channel", "notifier", "outside_references")),
        Fieldset(
            "The death",
            (
                *("death_date", "manner", "relationship", "aged_16_or_over", "children_in_household"),
                *("media_interest", "place_of_death", "circumstances"),
            ),
        ),
        Fieldset("Names", ("deceased", "born_on", "suspect_1", "suspect_2", "suspect_3"), NAMES),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in Agency.objects.all()}
        offered = [(key, agency.name) for key, agency in self.agencies.items()]
        offer(self, "notifying_agency", [("", "None, or not on this list"), *offered])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        death, born = given.get("death_date"), given.get("born_on")
        if death is not None and born is not None and death.end is not None and born > death.end:
            self.add_error("born_on", "The date of birth cannot be after the death. Check both dates.")
        return given

    def facts(self) -> dict[str, Any]:
        """The facts as workflows.starting.record_notification takes them."""
        given = dict(self.cleaned_data)
        people = list(self._people())
        for name in ("deceased", "born_on", *(f"suspect_{number}" for number in range(1, SUSPECTS + 1))):
            del given[name]
        given["notifying_agency"] = self.agencies.get(given["notifying_agency"])
        return given | _dates(given.pop("death_date")) | {"people": people}

    def _people(self) -> Iterator[Named]:
        given = self.cleaned_data
        born: date | None = given["born_on"]
        yield Named(IdentityKind.DECEASED, given["deceased"], date_of_birth=born.isoformat() if born else "")
        for number in range(1, SUSPECTS + 1):
            if name := given[f"suspect_{number}"]:
                yield Named(IdentityKind.SUSPECT, name)


def _dates(death: ApproximateDate) -> dict[str, Any]:
    until = death.end if death.kind is DateKind.BETWEEN else None
    return {"death_date_known": death.kind.value, "death_from": death.start, "death_until": until}
