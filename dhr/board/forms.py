"""The forms of meetings, agendas and resolutions. They check input only."""

from __future__ import annotations

from typing import Any

from django import forms

from dhr import clock
from dhr.accounts.models import User
from dhr.govuk.fields import (
    Confirmation,
    DateField,
    LongTextField,
    MultipleChoice,
    NotAfter,
    Question,
    Radios,
    SelectField,
    TextField,
    YesNo,
)
from dhr.govuk.forms import GovukForm
from dhr.govuk.wording import WordingForm
from dhr.reviews.models import Review

from .models import BoardMeeting
from .vocabulary import ItemKind, ResolutionKind


class TimeField(Question, forms.TimeField):
    """A time of day, as people write it: 10:00, 10.00 or 2.30pm."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Enter a time, for example 10:00 or 2.30pm."}
    input_formats = ["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I:%M %p", "%I.%M %p", "%I%p", "%I %p"]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=self.input_formats, **kwargs)


class MeetingForm(GovukForm):
    """When and where the board meets."""

    on = DateField(label="Day", called="The day", error_messages={"required": "Enter the day of the meeting."})
    at = TimeField(
        label="Time",
        width=5,
        help_text="For example, 10:00",
        error_messages={"required": "Enter when the meeting starts."},
    )
    venue = TextField(
        label="Place",
        max_length=120,
        error_messages={"required": "Enter where it is held, or by what it is held remotely."},
    )
    remote = YesNo(
        label="Is it held remotely?", error_messages={"required": "Say whether the meeting is held remotely."}
    )


class ItemForm(WordingForm):
    """An item of the agenda. Title and presenter are public."""

    in_clear = ("title", "presented_by")
    title = TextField(
        label="Title",
        max_length=200,
        help_text="Public. Name nobody: neither who the review is about nor its chairs.",
        error_messages={"required": "Enter the title of the item."},
    )
    kind = Radios(
        label="Kind of item", choices=ItemKind.choices, error_messages={"required": "Choose what kind of item it is."}
    )
    review = SelectField(label="About a review", required=False)
    presented_by = TextField(
        label="Presented by",
        max_length=80,
        required=False,
        help_text="Public. A role, not a name: for example, Joint chairs.",
    )
    late = Confirmation(label="The report is to follow", required=False)

    def __init__(self, *args: Any, reviews: list[Review], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reviews = {str(review.pk): review for review in reviews}
        choices = [("", "No review"), *((key, review.reference) for key, review in self._reviews.items())]
        self.fields["review"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """The answers as the use case takes them."""
        return self.cleaned_data | {"review": self._reviews.get(self.cleaned_data["review"])}


class PaperForm(GovukForm):
    """The one paper put to an item, and who may open it. Nobody is ticked beforehand."""

    paper = SelectField(label="Paper", error_messages={"required": "Choose the paper to put to the board."})
    readers = MultipleChoice(
        label="Who may open it?",
        required=False,
        help_text="Members you tick may open this one paper from the agenda's issue until the item closes. Leave all empty "
        "if the chairs tell the board about it at the meeting.",
    )

    def __init__(self, *args: Any, papers: list[tuple[str, str]], members: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(user.pk): user for user in members}
        self.fields["paper"].choices = [("", "Choose"), *papers]  # type: ignore[attr-defined]
        self.fields["readers"].choices = [(key, user.name) for key, user in self._members.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[User]:
        """The members ticked."""
        return [self._members[key] for key in self.cleaned_data["readers"]]


class ResolutionForm(WordingForm):
    """What the board resolved. Public."""

    in_clear = ("text",)
    kind = Radios(
        label="What was resolved?",
        choices=ResolutionKind.choices,
        reveals={ResolutionKind.FURTHER_REPORT: "due_meeting"},
        error_messages={"required": "Choose what the board resolved."},
    )
    due_meeting = SelectField(label="Due at the meeting of", required=False)
    text = LongTextField(
        label="Wording",
        max_length=1000,
        help_text="Public. Name nobody.",
        error_messages={"required": "Enter the wording of the resolution."},
    )

    def __init__(self, *args: Any, later: list[BoardMeeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._later = {str(meeting.pk): meeting for meeting in later}
        choices = [("", "Not fixed yet"), *((key, f"{meeting.on:%-d %B %Y}") for key, meeting in self._later.items())]
        self.fields["due_meeting"].choices = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """The answers as the use case takes them."""
        return self.cleaned_data | {"due_meeting": self._later.get(self.cleaned_data["due_meeting"] or "")}


class ConfirmMinutesForm(GovukForm):
    """When the minutes were confirmed."""

    confirmed_on = DateField(
        label="When were they confirmed as a correct record?",
        called="The day they were confirmed",
        validators=[NotAfter(clock.today, "The day they were confirmed cannot be in the future.")],
        error_messages={"required": "Enter the day the minutes were confirmed."},
    )


class ConfirmForm(GovukForm):
    """A page that only asks: go on?"""
