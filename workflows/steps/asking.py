"""Asking an agency whose people may have no account yet: invitations and the request in one transaction."""

from __future__ import annotations

from typing import Any

from dhr.reviews.models import Agency, Commission, Review
from dhr.usecase import use_case

from ..starting import ask_agency
from .recording import PersonToInvite


@use_case("reviews.record_progress")
def ask_agency_people(
    review: Review,
    *,
    by: Any,
    agency: Agency,
    author: str = "",
    author_name: str = "",
    signatory: str = "",
    signatory_name: str = "",
    **answers: Any,
) -> Commission:
    """Send an agency request; `author` and `signatory` are e-mail addresses, of accounts or of people to invite."""
    asked = {"author": (author, author_name), "signatory": (signatory, signatory_name)}
    people = {
        part: PersonToInvite(name=name or email, email=email, organisation=agency.name).make(review, by)
        for part, (email, name) in asked.items()
        if email
    }
    commission: Commission = ask_agency(review, by=by, agency=agency, **people, **answers)
    return commission
