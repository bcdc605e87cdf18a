"""Restricting a document under Schedule 12A: proposed by whoever knows the paper, decided by the monitoring officer.

A restriction is a balance of the public interest at a time (Part 2, paragraph 10), so it carries its reasons and a day on
which it is struck again. The newest proposal of a document counts: from the proposal on it is restricted, until refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access import grants
from dhr.access.roles import STANDING_NAMES, Standing
from dhr.accounts.models import User
from dhr.usecase import AlreadyDone, Refused, ask, record, use_case

from .filing import SEE_COMMISSION
from .grant_source import VIEW_DOCUMENT
from .models import Document, DocumentGrant, Restriction
from .schedule_12a import cited, table_on
from .vocabulary import RestrictionState

PROPOSE = "restricted_docs.propose_restriction"
DECIDE = "restricted_docs.decide_restriction"
MONITORING_OFFICER = STANDING_NAMES[Standing.MONITORING_OFFICER]

OWN_PROPOSAL = "You proposed this yourself. Another monitoring officer or the deputy decides it."


def restriction_of(document: Document) -> Restriction | None:
    """The newest proposal of a document, whatever became of it."""
    return document.restrictions.order_by("-proposed_at").first()


def is_restricted(document: Document) -> bool:
    """Whether the document is restricted now; a proposal that waits for its decision counts."""
    newest = restriction_of(document)
    return newest is not None and newest.counts


def placeholder(document: Document) -> str:
    """What stands in a public agenda in place of a restricted document; "" for one that is not."""
    newest = restriction_of(document)
    return cited(newest.paragraphs) if newest is not None and newest.counts else ""


def may_propose(by: Any, document: Document) -> bool:
    """Officers, chairs and the author; an agency's people for the papers of their own request."""
    own = document.commission is not None and by.has_perm(SEE_COMMISSION, document.commission)
    return bool(own or by.has_perm(PROPOSE, document.review))


@use_case(None)
def propose_restriction(document: Document, *, by: Any, paragraphs: Iterable[int], public_interest: str) -> Restriction:
    """Propose to restrict a document, with the paragraphs and the public interest weighed. It is restricted from now on,
    and the monitoring officers of today may open it until it is decided. Raises Refused, AlreadyDone, ValidationError.
    """
    if not may_propose(by, document):
        ask(by, PROPOSE, document.review)
    ask(by, VIEW_DOCUMENT, document)
    table = table_on(clock.today())
    chosen = sorted(set(paragraphs))
    if not chosen or not set(chosen) <= set(table.paragraphs):
        raise ValidationError({"paragraphs": "Choose at least one paragraph of Schedule 12A."})
    if not public_interest.strip():
        raise ValidationError(
            {"public_interest": "Say why the public interest is better served by keeping this closed."}
        )
    if document.restrictions.open().exists():
        raise AlreadyDone("A restriction has been proposed already. The monitoring officer decides about it.")
    restriction = Restriction(
        review=document.review,
        document=document,
        paragraphs=chosen,
        table_version=table.version,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    restriction.public_interest = public_interest
    restriction.save()
    record("document.restriction_proposed", document, paragraphs=", ".join(map(str, chosen)))
    for officer in monitoring_officers(document):
        _show_to(officer, document)
    return restriction


def monitoring_officers(document: Document) -> list[User]:
    """The monitoring officers of the review's partnership today."""
    return list(User.objects.in_role(Standing.MONITORING_OFFICER).filter(partnership=document.review.partnership_id))


def _show_to(officer: Any, document: Document) -> None:
    grants.give(document, officer, [VIEW_DOCUMENT])
    record("access.granted", document, whom=officer.pk, permission=VIEW_DOCUMENT, role=MONITORING_OFFICER)


@use_case(DECIDE, standing=True)
def take_up_proposal(restriction: Restriction, *, by: Any) -> None:
    """A monitoring officer who came after the proposal, or a deputy, gets to see the paper it is about."""
    _ask_in_own_partnership(restriction, by)
    if restriction.state != RestrictionState.PROPOSED:
        raise AlreadyDone("This has been decided already.")
    _show_to(by, restriction.document)


@use_case(DECIDE, standing=True)
def decide_restriction(
    restriction: Restriction, *, by: Any, upheld: bool, reason: str, review_on: date | None = None
) -> Restriction:
    """Decide a proposal that somebody else made. An upheld one says when it is looked at again; the paper is closed to the
    monitoring officer afterwards. Raises Refused, AlreadyDone, ValidationError.
    """
    _ask_in_own_partnership(restriction, by)
    if restriction.state != RestrictionState.PROPOSED:
        raise AlreadyDone("This has been decided already.")
    if restriction.proposed_by_id == by.pk:
        raise Refused(OWN_PROPOSAL, needs=DECIDE, subject=restriction)
    if not reason.strip():
        raise ValidationError({"reason": "Give the reason for your decision."})
    if upheld and (review_on is None or review_on <= clock.today()):
        raise ValidationError({"review_on": "Enter a day to come on which this is looked at again."})
    restriction.state = RestrictionState.DECIDED if upheld else RestrictionState.REFUSED
    restriction.decided_by, restriction.decided_at = by, clock.now()
    restriction.review_on = review_on if upheld else None
    restriction.reason = reason
    restriction.save()
    record(
        "document.restriction_decided",
        restriction.document,
        outcome=restriction.state,
        paragraphs=", ".join(map(str, restriction.paragraphs)),
        review_on=restriction.review_on,
    )
    _close_again(restriction.document)
    return restriction


def _close_again(document: Document) -> None:
    given: Any = DocumentGrant.objects
    given = given.filter(content_object=document, source=document.pk).select_related("user")
    for officer in {row.user_id: row.user for row in given}.values():
        record("access.revoked", document, whom=officer.pk, permission=VIEW_DOCUMENT, role=MONITORING_OFFICER)
    grants.take(document)


def _ask_in_own_partnership(restriction: Restriction, by: Any) -> None:
    if restriction.review.partnership_id != by.partnership_id:
        raise Refused("This belongs to another partnership.", needs=DECIDE, subject=restriction)
