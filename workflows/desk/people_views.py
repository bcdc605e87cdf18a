"""People and access: who is on a review, from when until when, who was appointed or asked, and who goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from chairs.appointing import standing_appointments
from chairs.models import Appointment, Sounding
from dhr import clock
from dhr.access.roles import ROLE_NAMES
from dhr.govuk.dates import written
from dhr.govuk.parts import Cell, Column
from dhr.reviews.changing_dates import can_be_changed, change_dates
from dhr.reviews.memberships import MANAGE
from dhr.reviews.models import Membership

from ..steps.handing_over import end_membership
from ..steps.joining import add_member
from .asking import AskOfReview
from .head import Head
from .people_forms import AddMemberForm, ChangeDatesForm
from .sections import Section
from .steering_forms import ReasonForm

APPOINT = "reviews.appoint_chair"


class People(Section):
    name = "review-people"
    template_name = "workflows/people.html"

    def content(self, head: Head) -> dict[str, Any]:
        manages, appoints = head.may(MANAGE), head.may(APPOINT)
        found = (
            Membership.objects.filter(review=head.review).select_related("user", "agency").order_by("role", "starts_on")
        )
        members = list(found)
        columns = [Column("Name"), Column("Role"), Column("Agency"), Column("From"), Column("Until")]
        current = [member for member in members if _counts(member)]
        appointed = list(standing_appointments(head.review))
        by_appointment = {(one.user_id, one.role): one for one in appointed}
        return {
            "columns": columns + ([Column("Change"), Column("End")] if manages else []),
            "rows": [
                _row(member, manages=manages)
                + ([_leaving(member, by_appointment.get((member.user_id, member.role)))] if manages else [])
                for member in current
            ],
            "earlier_columns": columns,
            "earlier": [_row(member, manages=False) for member in members if not _counts(member)],
            "appointments": [_appointment(one, appoints=appoints) for one in appointed],
            "appointment_columns": [
                Column("Name"),
                Column("Appointed as"),
                Column("On"),
                Column("Declared"),
                Column("Change"),
            ],
            "soundings": [_sounding(one) for one in _soundings(head)] if appoints else [],
            "sounding_columns": [Column("Asked"), Column("On"), Column("Answer")],
            "manages": manages,
            "appoints": appoints,
        }


def _counts(member: Membership) -> bool:
    return member.ended_at is None and (member.ends_on is None or member.ends_on >= clock.today())


def _row(member: Membership, *, manages: bool) -> list[Any]:
    until = written(member.ends_on) if member.ends_on else "No end"
    if member.ended_at is not None:
        until = f"Ended {written(member.ended_at.date())}"
    agency = member.agency.name if member.agency else ""
    row: list[Any] = [member.user.name, ROLE_NAMES[member.role], agency, written(member.starts_on), until]
    if manages:
        dates = Cell(
            f"Change {member.user.name}’s dates", url=reverse("change-dates", args=[member.review_id, member.pk])
        )
        row.append(dates if can_be_changed(member) else "")
    return row


def _leaving(member: Membership, appointment: Appointment | None) -> Cell:
    """Who was appointed stands down, and the part that the appointment gave ends with it."""
    if appointment is not None:
        return Cell(f"{member.user.name} stands down", url=reverse("stand-down", args=[appointment.pk]))
    return Cell(f"End {member.user.name}’s part", url=reverse("end-membership", args=[member.review_id, member.pk]))


def _appointment(one: Appointment, *, appoints: bool) -> list[Any]:
    declared = written(one.declared_on) if one.declared_on else "Not yet"
    change = Cell(f"{one.user.name} stands down", url=reverse("stand-down", args=[one.pk])) if appoints else ""
    name = Cell(one.user.name, url=reverse("appointment", args=[one.pk])) if appoints else one.user.name
    return [name, one.get_role_display(), written(one.appointed_on), declared, change]


def _soundings(head: Head) -> Any:
    return Sounding.objects.filter(review=head.review).select_related("chair").defer("note")


def _sounding(one: Sounding) -> list[Any]:
    answer: Any = one.get_answer_display()
    if one.answer == "waiting":
        answer = Cell(answer, url=reverse("record-answer", args=[one.pk]))
    return [one.chair.name, written(one.asked_on), answer]


class AddMember(AskOfReview):
    may = (MANAGE,)
    form_class = AddMemberForm
    heading = "Add somebody to the review"
    submit_text = "Add them"
    consequence = "They can see what their role allows at once, from the first day on. It is written in the access log."
    done = "They are on the review now."
    section = "review-people"

    def act(self, **answers: Any) -> None:
        add_member(
            self.review,
            by=self.request.user,
            **{key: value for key, value in answers.items() if value not in (None, "")},
        )


class OfMembership(AskOfReview):
    """A page about one person's part in the review."""

    may = (MANAGE,)
    section = "review-people"
    membership: Membership

    def find(self, membership: UUID) -> None:
        found = Membership.objects.select_related("user", "review")
        self.membership = get_object_or_404(found, pk=membership, review=self.review)
        self.membership.review = self.review

    @property
    def whose(self) -> str:
        return f"{self.membership.user.name} as {ROLE_NAMES[self.membership.role].lower()}"


class ChangeDates(OfMembership):
    submit_text = "Save the dates"
    consequence = (
        "Outside these dates they see nothing of this review. The change counts at once and stands in the access log."
    )
    done = "The dates have been changed."

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Change the dates of {self.whose}"

    def form(self, data: Any) -> ChangeDatesForm:
        self.as_found = {name: getattr(self.membership, name) for name in ("starts_on", "ends_on")}
        return ChangeDatesForm(data, begun=self.membership.starts_on <= clock.today(), initial=self.as_found)

    def act(self, **answers: Any) -> None:
        change_dates(self.review, by=self.request.user, membership=self.membership, **self.as_found | answers)


class EndMembership(OfMembership):
    form_class = ReasonForm
    submit_text = "End their part now"
    consequence = (
        "They lose access to this review at once, open pages included. "
        "Tasks that were theirs go back to everybody with the role."
    )
    done = "Their part has ended, and access with it."

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"End the part of {self.whose}"

    def act(self, **answers: Any) -> None:
        end_membership(self.review, by=self.request.user, membership=self.membership, **answers)
