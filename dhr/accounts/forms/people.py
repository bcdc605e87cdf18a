"""The forms of an administrator: inviting, roles, and finding people and notices."""

from __future__ import annotations

from typing import Any

from dhr import clock
from dhr.access.roles import STANDING_NAMES
from dhr.accounts.models.notices import KIND_NAMES
from dhr.govuk.fields import DateField, EmailField, MultipleChoice, NotBefore, Radios, SelectField, TextField
from dhr.govuk.forms import GovukForm

ROLES = list(STANDING_NAMES.items())


class InviteForm(GovukForm):
    """Whom to invite, and with which standing roles."""

    name = TextField(label="Full name", max_length=120, error_messages={"required": "Enter the person's name."})
    email = EmailField(
        label="Email address",
        max_length=254,
        help_text="The link goes to this address. It works once, for 14 days.",
        error_messages={"required": "Enter the email address that the link goes to."},
    )
    organisation = TextField(label="Organisation", max_length=120, required=False)
    roles = MultipleChoice(
        label="Standing roles",
        help_text="People from outside need none: their part is given on the review.",
        choices=ROLES,
        required=False,
    )
    expires_on = DateField(
        label="Last day of the account",
        help_text="Leave empty if it has no end. For example, 31 3 2027.",
        called="Last day of the account",
        required=False,
        validators=[NotBefore(clock.today, "The last day must be today or later.")],
    )


class GiveRoleForm(GovukForm):
    """A standing role with its days."""

    role = Radios(label="Role", choices=ROLES, error_messages={"required": "Choose the role to give."})
    starts_on = DateField(label="First day", help_text="Leave empty for today.", called="First day", required=False)
    ends_on = DateField(
        label="Last day",
        help_text="Leave empty if it has no end.",
        called="Last day",
        required=False,
        validators=[NotBefore(clock.today, "The last day must be today or later.")],
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = answers.get("starts_on"), answers.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day cannot be before the first day.")
        return answers


class EndRoleForm(GovukForm):
    """When a role ends."""

    ends_on = DateField(
        label="Last day",
        help_text="Leave empty to end the role at once.",
        called="Last day",
        required=False,
        validators=[NotBefore(clock.today, "The last day must be today or later.")],
    )


class PeopleFilter(GovukForm):
    """Narrowing the list of people."""

    mark_optional = False
    q = TextField(label="Name, email or organisation", required=False, max_length=120, width=30)
    state = SelectField(
        label="Account",
        required=False,
        choices=[("", "All"), ("active", "Works"), ("invited", "Invited"), ("ended", "Deactivated or ended")],
    )


class OutboxFilter(GovukForm):
    """Narrowing the outbox."""

    mark_optional = False
    kind = SelectField(label="Kind of notice", required=False, choices=[("", "All"), *KIND_NAMES.items()])
    state = SelectField(
        label="State",
        required=False,
        choices=[("", "All"), ("sent", "Sent"), ("waiting", "Waiting"), ("failed", "Could not be sent")],
    )
    q = TextField(label="Sent to, or reference", required=False, max_length=120, width=30)
