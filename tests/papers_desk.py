"""A review with everybody on it, and papers for it: what the tests of documents share."""

from __future__ import annotations

import uuid
from typing import Any

from dhr import clock
from dhr.access.roles import Role
from dhr.reviews import memberships
from dhr.reviews.models import Review
from dhr.reviews.notifying import Named, record_notification
from dhr.usecase import use_case
from restricted_docs.filing import file_document
from restricted_docs.models import Document, DocumentVersion
from restricted_docs.upload import take_in
from tests.cast import Cast

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nthe whole account "
    + bytes(range(256)) * 400
    + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
TITLE = "Canary title of the paper"
VIEW, KEEP = "restricted_docs.view_document", "restricted_docs.download_document"


def notify(cast: Cast) -> Review:
    facts = {"channel": "writing", "death_date_known": "not_known", "manner": "homicide", "relationship": "intimate"}
    return record_notification(
        cast.partnership,
        by=cast.officer,
        form_token=uuid.uuid4(),
        notified_on=clock.today(),
        people=[Named(kind="deceased", name="Zephyrine Quillfeather")],
        **facts,
    )


@use_case(None)
def put_on(review: Review, *, by: Any, user: Any, role: str, **fields: Any) -> Any:
    return memberships.join(review, user, role, **fields)


def review_with_everybody(cast: Cast) -> Review:
    """A review with everybody on it, before the decision."""
    review = notify(cast)
    people = {
        Role.LEAD_CHAIR: cast.lead_chair,
        Role.CHAIR: cast.second_chair,
        Role.REPORT_AUTHOR: cast.author,
        Role.PANEL_MEMBER: cast.panel_member,
    }
    for role, user in people.items():
        put_on(review, by=cast.officer, user=user, role=role)
    return review


def paper(
    review: Review, by: Any, content: bytes = PDF, name: str = "the report.pdf", *, title: str = TITLE, **fields: Any
) -> Document:
    upload = take_in(review, name, content)
    return file_document(review, by=by, upload=upload, title=title, kind=fields.pop("kind", "other"), **fields)


def latest(document: Document) -> DocumentVersion:
    return document.versions.latest("number")


def who(cast: Cast, document: Document, permission: str) -> set[str]:
    names = vars(cast)
    return {name for name, user in names.items() if hasattr(user, "has_perm") and user.has_perm(permission, document)}
