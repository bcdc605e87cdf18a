"""What is asked when somebody joins a review or stands down."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access.roles import ROLE_NAMES, Role
from dhr.accounts.models import User
from dhr.govuk.fields import DateField, EmailField, SelectField, TextField
from dhr.govuk.forms import GovukForm
from dhr.reviews.models import Agency

from .steering_forms import ReasonForm, required

JOINS = (Role.PANEL_MEMBER, Role.OFFICER, Role.DECIDING_CHAIR)


class AgencyField(SelectField):
    """An agency, or none."""

    def offer(self, first: str = "No agency") -> None:
        self.agencies = {str(agency.pk): agency for agency in Agency.objects.all()}
        self.choices = [("", first), *((key, agency.name) for key, agency in self.agencies.items())]

    def clean(self, value: Any) -> Any:
        return self.agencies.get(str(super().clean(value)))


class AddMemberForm(GovukForm):
    role = SelectField(
        label="Role on this review",
        choices=[("", "Choose a role"), *((role, ROLE_NAMES[role]) for role in JOINS)],
        help_text="Chairs and report authors are appointed instead, where they declare their independence first.",
        **required("Choose the role."),
    )
    email = EmailField(
        label="Email address",
        help_text="Of their account. Somebody without an account gets an invitation.",
        **required("Type the email address."),
    )
    name = TextField(
        label="Name", help_text="Only for somebody who has no account yet.", max_length=120, required=False
    )
    agency = AgencyField(label="Agency", help_text="A panel member sits for an agency.", required=False)
    starts_on = DateField(label="From", called="The first day", help_text="Today, if left empty.", required=False)
    ends_on = DateField(
        label="Until", called="The last day", help_text="The last day on which it counts.", required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["agency"].offer()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("role") == Role.PANEL_MEMBER and not answers.get("agency"):
            self.add_error("agency", "Choose the agency that they sit for.")
        first, last = answers.get("starts_on") or clock.today(), answers.get("ends_on")
        if last is not None and last < first:
            self.add_error("ends_on", "The last day cannot be before the first.")
        return answers

    def clean_name(self) -> str:
        name, email = self.cleaned_data["name"], self.cleaned_data.get("email", "")
        if email and not name and not User.objects.with_email(email).exists():
            raise ValidationError(
                "There is no account with this address yet. Type the name, so that they can be invited."
            )
        return str(name)


class ChangeDatesForm(ReasonForm):
    """From when until when a part counts. `begun`: its first day has come, and is not asked any more."""

    field_order = ["starts_on", "ends_on", "reason"]
    starts_on = DateField(label="From", called="The first day", **required("Give the first day."))
    ends_on = DateField(
        label="Until",
        called="The last day",
        help_text="The last day on which it counts. Leave empty for no end.",
        required=False,
    )

    def __init__(self, data: Any = None, *, begun: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if begun:
            del self.fields["starts_on"]
