"""What is asked when something is added to a review's account beside its tasks: actions, requests, relatives, learning, names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dhr import clock
from dhr.govuk.dates import ApproximateDate, DateKind
from dhr.govuk.fields import (
    ApproximateDateField,
    DateField,
    EmailField,
    LongTextField,
    MultipleChoice,
    NotAfter,
    Radios,
    SelectField,
    TextField,
    YesNo,
)
from dhr.govuk.forms import GovukForm
from dhr.govuk.wording import WordingForm
from dhr.reviews.models import Agency, Notification, Review
from dhr.reviews.vocabulary import (
    ActionScope,
    ActionStatus,
    Channel,
    CommissionKind,
    IdentityKind,
    Manner,
    MeetingKind,
    Relationship,
)

from .people_forms import AgencyField
from .steering_forms import SEALED, PersonField, required

FUTURE = "The date cannot be in the future. Check the day, month and year."


class PseudonymForm(GovukForm):
    pseudonym = TextField(
        label="Pseudonym",
        help_text="The public name, chosen with the family. It stands in the clear, on lists and in the board's summary.",
        max_length=60,
        width=20,
        **required("Type the pseudonym."),
    )


class NameForm(WordingForm):
    in_clear = ("pseudonym",)
    kind = Radios(label="Who is it?", choices=IdentityKind.choices, **required("Choose who it is."))
    name = TextField(
        label="Real name", help_text=SEALED, max_length=120, autocomplete="off", **required("Type the real name.")
    )
    date_of_birth = TextField(label="Date of birth", help_text=SEALED, max_length=40, width=20, required=False)
    pseudonym = TextField(label="Known as", help_text="Stands in the clear.", max_length=60, width=20, required=False)


class RelativeForm(WordingForm):
    in_clear = ("known_as",)
    name = TextField(
        label="Real name", help_text=SEALED, max_length=120, autocomplete="off", **required("Type the real name.")
    )
    known_as = TextField(
        label="Known as",
        help_text="Stands in the clear: “Mother of Person A”, say.",
        max_length=60,
        width=20,
        **required("Say how this person is called on the pages."),
    )
    wants_contact = YesNo(
        label="Do they want contact with the review?", help_text="Leave empty if not asked yet.", required=False
    )
    has_advocate = YesNo(label="Do they have an advocate?", required=False)
    wishes = LongTextField(label="Their wishes", help_text=SEALED, required=False, rows=3)
    contact_route = LongTextField(label="How to reach them", help_text=SEALED, required=False, rows=3)


class WishesForm(GovukForm):
    wants_contact = YesNo(
        label="Do they want contact with the review?", help_text="Leave empty if not asked yet.", required=False
    )
    has_advocate = YesNo(label="Do they have an advocate?", required=False)
    wishes = LongTextField(label="Their wishes", help_text=SEALED, required=False, rows=3)
    contact_route = LongTextField(label="How to reach them", help_text=SEALED, required=False, rows=3)


class ContactForm(GovukForm):
    on = DateField(
        label="When was it?",
        called="The day of the contact",
        validators=[NotAfter(clock.today, FUTURE)],
        **required("Give the day of the contact."),
    )
    note = LongTextField(label="What was said", help_text=SEALED, **required("Say what was said or agreed."))


class LearningForm(GovukForm):
    learning = LongTextField(
        label="What was learned that cannot wait for the report?", help_text=SEALED, **required("Say what was learned.")
    )


class MeetingForm(GovukForm):
    on = DateField(
        label="When did the panel meet?",
        called="The day of the meeting",
        validators=[NotAfter(clock.today, FUTURE)],
        **required("Give the day of the meeting."),
    )
    kind = Radios(label="Kind of meeting", choices=MeetingKind.choices, **required("Choose the kind of meeting."))
    agencies = MultipleChoice(label="Which agencies were there?", required=False)
    notes = LongTextField(label="Notes", help_text=SEALED, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.by_key = {str(agency.pk): agency for agency in Agency.objects.all()}
        self.fields["agencies"].choices = [(key, agency.name) for key, agency in self.by_key.items()]  # type: ignore[attr-defined]

    def clean_agencies(self) -> list[Agency]:
        return [self.by_key[key] for key in self.cleaned_data["agencies"]]


class ActionForm(WordingForm):
    in_clear = ("monitored_by",)
    recommendation = LongTextField(label="Recommendation", help_text=SEALED, required=False, rows=3)
    text = LongTextField(
        label="Action", help_text=f"What is to be done. {SEALED}", rows=3, **required("Say what is to be done.")
    )
    scope = Radios(label="Scope", choices=ActionScope.choices, **required("Choose the scope."))
    lead_agency = AgencyField(label="Lead agency", **required("Choose the agency that leads."))
    owner = EmailField(
        label="Owner’s email address", help_text="They see this action and nothing else of the review.", required=False
    )
    owner_name = TextField(label="Owner’s name", help_text="Only for somebody who has no account yet.", required=False)
    due_on = DateField(label="Due", called="The due date", required=False)
    monitored_by = TextField(
        label="Monitored by",
        help_text="Another named body, where it is not the partnership.",
        max_length=120,
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["lead_agency"].offer("Choose an agency")  # type: ignore[attr-defined]


class AssignActionForm(WordingForm):
    in_clear = ("monitored_by",)
    owner = PersonField(label="Owner", help_text="They see this action and nothing else of the review.", required=False)
    due_on = DateField(label="Due", called="The due date", required=False)
    monitored_by = TextField(
        label="Monitored by",
        help_text="Another named body, where it is not the partnership.",
        max_length=120,
        required=False,
    )

    def __init__(self, data: Any = None, *, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["owner"].offer(people, "Nobody yet")  # type: ignore[attr-defined]


class ProgressForm(GovukForm):
    status = Radios(
        label="Where does the action stand?", choices=ActionStatus.choices, **required("Choose where it stands.")
    )
    note = LongTextField(label="What has been done", help_text=SEALED, rows=4, **required("Say what has been done."))


class AskAgencyForm(GovukForm):
    agency = AgencyField(label="Which agency?", **required("Choose the agency."))
    kind = Radios(
        label="What is it asked for?",
        choices=CommissionKind.choices,
        **required("Choose what the agency is asked for."),
    )
    scope = LongTextField(label="What should it cover?", help_text=SEALED, required=False)
    due_on = DateField(
        label="Needed by", called="The date", help_text="Six weeks from today, if left empty.", required=False
    )
    author = EmailField(
        label="Author’s email address",
        help_text="Who writes it. They see this request and nothing else.",
        required=False,
    )
    author_name = TextField(
        label="Author’s name", help_text="Only for somebody who has no account yet.", required=False
    )
    signatory = EmailField(
        label="Senior officer’s email address", help_text="Who signs it, not the author.", required=False
    )
    signatory_name = TextField(
        label="Senior officer’s name", help_text="Only for somebody without an account.", required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["agency"].offer("Choose an agency")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("author") and answers.get("author") == answers.get("signatory"):
            self.add_error("signatory", "A senior officer signs, not the author.")
        return answers


class SettleForm(GovukForm):
    outcome = Radios(
        label="What happened?",
        choices=[("withdrawn", "The request is withdrawn"), ("not_engaging", "The agency did not engage")],
        **required("Choose what happened."),
    )


class CorrectNotificationForm(GovukForm):
    """The notification as it stands, to be corrected."""

    reason = LongTextField(
        label="What was wrong?", help_text=f"{SEALED} The old record stays.", rows=3, **required("Say what was wrong.")
    )
    notified_on = DateField(
        label="When were you told?",
        called="The day you were told",
        help_text="Due dates that run from this day are counted again.",
        validators=[NotAfter(clock.today, "The day you were told cannot be in the future.")],
        **required("Give the day you were told."),
    )
    channel = SelectField(label="How were you told?", choices=Channel.choices, **required("Choose how you were told."))
    death_date = ApproximateDateField(
        label="Date of death",
        called="The date of death",
        validators=[NotAfter(clock.today, "The death cannot be in the future.")],
        **required("Say whether the date is known."),
    )
    manner = SelectField(label="Kind of death", choices=Manner.choices, **required("Choose the kind of death."))
    relationship = SelectField(
        label="Relationship", choices=Relationship.choices, **required("Choose the relationship.")
    )
    aged_16_or_over = YesNo(
        label="Was the person aged 16 or over?", help_text="Leave empty if not known.", required=False
    )
    children_in_household = YesNo(
        label="Were there children in the household?", help_text="Leave empty if not known.", required=False
    )
    place_of_death = LongTextField(label="Place of death", help_text=SEALED, rows=2, required=False)
    circumstances = LongTextField(label="Circumstances", help_text=SEALED, required=False)
    outside_references = LongTextField(label="Other references", help_text=SEALED, rows=2, required=False)

    def facts(self) -> dict[str, Any]:
        """The answers by the names that the record gives them."""
        answers = dict(self.cleaned_data)
        death: ApproximateDate = answers.pop("death_date")
        between = death.kind is DateKind.BETWEEN
        days = {"death_from": death.start, "death_until": death.end if between else None}
        return answers | {"death_date_known": str(death.kind.value)} | days


def as_recorded(review: Review, fact: Notification) -> dict[str, Any]:
    """The answers that stand, for the form; needs a receipt."""
    plain = ("channel", "manner", "relationship", "aged_16_or_over", "children_in_household")
    sealed = ("place_of_death", "circumstances", "outside_references")
    death = ApproximateDate.not_known()
    if fact.death_from is not None:
        death = (
            ApproximateDate.between(fact.death_from, fact.death_until)
            if fact.death_until
            else ApproximateDate.known(fact.death_from)
        )
    return {name: getattr(fact, name) for name in (*plain, *sealed)} | {
        "notified_on": review.notified_on,
        "death_date": death,
    }
