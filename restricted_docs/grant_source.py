"""Who may open which document: the audience by role (who-may: "Audience of a document"), as grants from memberships."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dhr.access.roles import CHAIRS, OF_ONE_COMMISSION, WRITERS, Role
from dhr.reviews.grant_sources import UNDECIDED

from .models import Document, DocumentGrant
from .vocabulary import FOR_THE_DECISION, Audience

VIEW_DOCUMENT = "restricted_docs.view_document"
DOWNLOAD_DOCUMENT = "restricted_docs.download_document"

NOTHING: frozenset[str] = frozenset()
VIEW = frozenset({VIEW_DOCUMENT})
KEEP = frozenset({VIEW_DOCUMENT, DOWNLOAD_DOCUMENT})

OFFICERS_AND_WRITERS = WRITERS | {Role.OFFICER}
OFFICERS_AND_CHAIRS = CHAIRS | {Role.OFFICER}
BY_ROLE: dict[Audience, frozenset[Role]] = {
    Audience.OFFICERS_AND_CHAIRS: OFFICERS_AND_WRITERS,
    Audience.CHAIRS_ONLY: CHAIRS,
    Audience.PANEL: OFFICERS_AND_WRITERS,
    Audience.NAMED: frozenset(),
    Audience.LEGAL: OFFICERS_AND_CHAIRS,
    Audience.FAMILY_READING: OFFICERS_AND_CHAIRS,
    Audience.BOARD_SIGN_OFF: OFFICERS_AND_WRITERS,
}
# An agency's people see what belongs to their own request, unless it was kept narrower than officers and chairs.
OPEN_TO_ITS_AGENCY = frozenset({Audience.OFFICERS_AND_CHAIRS, Audience.PANEL})


class DocumentSource:
    """A document's audience, asked for one membership."""

    grants = DocumentGrant

    def objects_of(self, review_id: Any) -> Iterable[Document]:
        return Document.objects.filter(review_id=review_id).select_related("review").prefetch_related("named")

    def permissions_for(self, membership: Any, subject: Document) -> frozenset[str]:
        role, audience = Role(membership.role), Audience(subject.audience)
        if role is Role.BOARD_READER:
            one_paper = audience is Audience.BOARD_SIGN_OFF and membership.paper == subject.pk
            return VIEW if one_paper else NOTHING
        if audience is Audience.NAMED:
            return KEEP if membership.user_id in {person.pk for person in subject.named.all()} else NOTHING
        if role in BY_ROLE[audience]:
            return VIEW if audience is Audience.FAMILY_READING else KEEP
        return _by_what_it_is(role, membership, subject)


def _by_what_it_is(role: Role, membership: Any, subject: Document) -> frozenset[str]:
    if role is Role.PANEL_MEMBER:
        return KEEP if subject.audience == Audience.PANEL and subject.is_released else NOTHING
    if role in OF_ONE_COMMISSION:
        own = membership.commission_id is not None and membership.commission_id == subject.commission_id
        return KEEP if own and subject.audience in OPEN_TO_ITS_AGENCY else NOTHING
    if role is Role.DECIDING_CHAIR:
        return VIEW if _shown_to_the_deciding_chair(subject) else NOTHING
    return NOTHING


def _shown_to_the_deciding_chair(subject: Document) -> bool:
    """The facts until the decision is taken; afterwards only what is put to sign-off."""
    if subject.audience == Audience.BOARD_SIGN_OFF:
        return True
    undecided = subject.review.stage in UNDECIDED
    return undecided and subject.kind in FOR_THE_DECISION and subject.audience == Audience.OFFICERS_AND_CHAIRS
