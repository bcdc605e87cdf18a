"""Keeping in touch with the family: several relatives, each with their own wishes, from the decision until after publication."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.usecase import record, use_case

from .identities import seal_identity
from .models import ContactNote, Relative, Review
from .models.facts import Credit
from .recording import ask_either, step, told
from .vocabulary import IdentityKind

MAY = ("reviews.chair_review", "reviews.record_progress")


@use_case(None)
def add_relative(
    review: Review,
    *,
    by: Any,
    name: str,
    known_as: str,
    wants_contact: bool | None = None,
    has_advocate: bool = False,
    wishes: str = "",
    contact_route: str = "",
    names_checked: bool = False,
) -> Relative:
    """Somebody of the family the review keeps in touch with. Only `known_as` stands in clear."""
    ask_either(by, review, *MAY)
    called = {"pseudonym": known_as, "called": "known_as"}
    identity = seal_identity(review, kind=IdentityKind.FAMILY, name=name, **called, names_checked=names_checked)
    relative = Relative(
        review=review,
        identity=identity,
        wants_contact=wants_contact,
        has_advocate=has_advocate,
        wishes=wishes,
        contact_route=contact_route,
        recorded_at=clock.now(),
    )
    relative.save()
    record("family.relative_added", relative)
    return relative


@use_case(None)
def update_wishes(
    relative: Relative, *, by: Any, wants_contact: bool | None, has_advocate: bool, wishes: str, contact_route: str
) -> None:
    """A relative's wishes changed."""
    ask_either(by, relative.review, *MAY)
    relative.wants_contact, relative.has_advocate = wants_contact, has_advocate
    relative.wishes, relative.contact_route = wishes, contact_route
    relative.save()
    record("family.relative_updated", relative)


@use_case(None)
def record_contact(relative: Relative, *, by: Any, on: date, note: str) -> ContactNote:
    """One contact with a relative. What was said is sealed."""
    ask_either(by, relative.review, *MAY)
    if on > clock.today():
        raise ValidationError({"on": "The day of the contact cannot be in the future."})
    contact = ContactNote(review=relative.review, relative=relative, on=on, by=by, note=note, recorded_at=clock.now())
    contact.save()
    record("family.contact_recorded", relative, contact_on=on)
    return contact


@step("reviews.record_progress")
def end_family_contact(review: Review, *, by: Any, credit: Credit) -> None:
    """The contact with the family has come to its end, after publication or when they no longer wish it."""
    record("family.told", review, about="contact ended", **told(credit))
