"""Filing papers: a document with its first version, later versions, its title, and who may open it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from dhr import clock
from dhr.access.roles import Role
from dhr.reviews import identities, memberships
from dhr.reviews.models import Review
from dhr.reviews.recording import RECORD, ask_either
from dhr.usecase import AlreadyDone, NotYet, Refused, ask, record, use_case

from .grant_source import VIEW_DOCUMENT
from .models import Document, DocumentVersion
from .models.blobs import columns_of
from .parking import claim
from .provenance import nature_of, sealing_of
from .scanning import scan_soon, state_at_filing
from .upload import SealedUpload
from .vocabulary import KEPT_FROM_THE_PANEL, REPORT_KINDS, Audience, DocumentKind, Marking

FILE = "restricted_docs.file_document"
CHAIR = "reviews.chair_review"
DRAFT = "reviews.upload_draft"
RETURN = "reviews.return_commission"
SEE_COMMISSION = "reviews.view_commission"
LONGEST_TITLE = 150  # characters


@use_case(None)
def file_document(
    review: Review,
    *,
    by: Any,
    upload: SealedUpload,
    title: str,
    kind: str,
    audience: str = Audience.OFFICERS_AND_CHAIRS,
    marking: str = Marking.OFFICIAL_SENSITIVE,
    commission: Any = None,
    named: Iterable[Any] = (),
    on_behalf: Any = None,
    names_checked: bool = False,
) -> Document:
    """File a paper that was sealed on its way in. What an agency or a panel member files lands with officers and chairs.

    `on_behalf` is whom an officer files it for. Raises Refused, or ValidationError by field (code "names" for a title
    that seems to name somebody and that nobody has checked).
    """
    _ask_to_file(review, by, commission, on_behalf)
    if not files_for_the_team(by, review):
        audience, named = Audience.OFFICERS_AND_CHAIRS, ()
    document = Document(
        id=upload.context.document,
        review=review,
        kind=DocumentKind(kind),
        title=_title(review, title, names_checked),
        audience=Audience(audience),
        marking=Marking(marking),
        commission=commission,
        filed_by=by,
        filed_at=clock.now(),
    )
    if Document.objects.filter(pk=document.pk).exists():
        raise AlreadyDone("This file has been filed already. Look at the list of documents.")
    people = _people(review, document.audience, named, by)
    document.save(force_insert=True)
    document.named.set(people)
    version = _keep(document, upload, by)
    record(
        "document.filed",
        document,
        on_behalf_of=on_behalf,
        version=version.number,
        kind=document.kind,
        audience=document.audience,
        marking=document.marking,
        bytes=version.size,
        recorded_for_another=on_behalf is not None,
        commission=document.commission_id,
        sealing=sealing_of(version),
        nature=nature_of(version),
    )
    _record_named(document, people)
    sync(document)
    return document


def _ask_to_file(review: Review, by: Any, commission: Any, on_behalf: Any) -> None:
    if commission is not None and commission.review_id != review.pk:
        raise Refused("That agency request belongs to another review.", needs=FILE, subject=review)
    if commission is not None and not by.has_perm(FILE, review):
        ask(by, SEE_COMMISSION, commission)  # who-may: its author and its signatory
    else:
        ask(by, FILE, review)
    if on_behalf is not None:
        ask(by, RECORD, review)


def files_for_the_team(by: Any, review: Review) -> bool:
    """Whether this person chooses who may open what they file: officers, chairs and the report author."""
    return by.has_perm(RECORD, review) or by.has_perm(DRAFT, review)


def _title(review: Review, title: str, names_checked: bool) -> str:
    title = " ".join(title.split())
    if not title:
        raise ValidationError({"title": "Enter a title, for example: Minutes of the second panel meeting."})
    if len(title) > LONGEST_TITLE:
        raise ValidationError({"title": "Shorten the title to 150 characters or fewer."})
    identities.check_words(review, names_checked=names_checked, title=title)
    return title


def _people(review: Review, audience: str, named: Iterable[Any], by: Any) -> list[Any]:
    """The named people, the one who names them among them. Each must have a part in the review today."""
    if audience != Audience.NAMED:
        return []
    people = set(named)
    if not people:
        raise ValidationError({"named": "Choose who may open it."})
    on_it = set(people_to_name(review))
    if people - on_it:
        raise ValidationError({"named": "Choose people who have a part in this review today."})
    return sorted(people | ({by} & on_it), key=lambda person: person.pk)


def people_to_name(review: Review) -> list[Any]:
    """Everybody who can be named on a document: who has a part in the review today, board readers apart."""
    current = (
        review.membership_set.current().exclude(role=Role.BOARD_READER).select_related("user").order_by("user__name")
    )
    return list({membership.user_id: membership.user for membership in current}.values())


def _record_named(document: Document, people: Iterable[Any]) -> None:
    """A line for each: who could open it on some day is told from the log (restricted_docs.replay)."""
    for person in people:
        record("document.person_named", document, whom=person.pk)


def _keep(document: Document, upload: SealedUpload, by: Any) -> DocumentVersion:
    if (upload.context.container, upload.context.document) != (document.review_id, document.pk):
        raise ValidationError({"file": "This file was sent for another document. Choose it again."})
    if upload.context.version != document.next_number():
        raise NotYet("Somebody added a version while yours was on its way. Look at theirs, then send yours again.")
    claim(upload)
    version = DocumentVersion(
        review=document.review,
        document=document,
        number=upload.context.version,
        media_type=upload.media_type,
        findings=upload.findings,
        scan=state_at_filing(),
        uploaded_by=by,
        uploaded_at=clock.now(),
        **columns_of(upload.blob),
    )
    version.file_name = upload.name or ""
    version.sha256 = upload.sha256
    version.save(force_insert=True)
    scan_soon(version)
    return version


def sync(document: Document) -> None:
    """The grants on a document follow its audience, inside the use case in hand."""
    prefetch_related_objects([document], "named")
    memberships.sync_object(document)


@use_case(None)
def add_version(document: Document, *, by: Any, upload: SealedUpload) -> DocumentVersion:
    """Add a version: the officer; chairs and the author to what they draft; whoever filed it. Earlier ones stay.

    A document that the panel may open shows it the new version only after a chair has released that one too.
    """
    if not may_add_version(by, document):
        raise Refused(
            "Only the officer, whoever filed this document, or the people who draft it can add a version. Ask one of them.",
            needs=FILE,
            subject=document,
        )
    version = _keep(document, upload, by)
    told = {"kind": document.kind, "bytes": version.size, "sealing": sealing_of(version)}
    record("document.version_added", document, version=version.number, nature=nature_of(version), **told)
    return version


def may_add_version(by: Any, document: Document) -> bool:
    review = document.review
    if document.filed_by_id == by.pk:
        own = document.commission is not None and by.has_perm(RETURN, document.commission)
        if own or by.has_perm(FILE, review):
            return True
    drafts = document.kind in REPORT_KINDS and by.has_perm(DRAFT, review)
    return bool(by.has_perm(VIEW_DOCUMENT, document) and (drafts or by.has_perm(RECORD, review)))


@use_case(None)
def release_to_panel(document: Document, *, by: Any, confirmed: bool = False) -> Document:
    """A chair puts the latest version before the panel. Legal advice, police material and health records only `confirmed`."""
    ask(by, CHAIR, document.review)
    ask(by, VIEW_DOCUMENT, document)
    latest = document.next_number() - 1
    if document.released_version == latest:
        raise AlreadyDone("The panel may open this already.")
    if document.kind in KEPT_FROM_THE_PANEL and not confirmed:
        kind = DocumentKind(document.kind).label
        raise ValidationError(
            {"confirmed": f"{kind} is not normally shown to the panel. Confirm that it may be, or leave it."}
        )
    document.audience = Audience.PANEL
    document.released_at, document.released_by, document.released_version = clock.now(), by, latest
    document.save()
    document.named.clear()
    record("document.released_to_panel", document, version=latest, kind=document.kind, audience=document.audience)
    sync(document)
    return document


@use_case(None)
def change_audience(document: Document, *, by: Any, audience: str, named: Iterable[Any] = ()) -> Document:
    """Change who may open it. A document given to the panel still waits for a chair to release it."""
    ask_either(by, document.review, CHAIR, RECORD)
    ask(by, VIEW_DOCUMENT, document)
    people = _people(document.review, audience, named, by)
    if audience != Audience.PANEL:
        document.released_at = document.released_by = document.released_version = None
    document.audience = Audience(audience)
    document.save()
    document.named.set(people)
    record("document.audience_changed", document, kind=document.kind, audience=document.audience)
    _record_named(document, people)
    sync(document)
    return document


@use_case(None)
def change_title(document: Document, *, by: Any, title: str, names_checked: bool = False) -> Document:
    """Change the title: the officer, a chair, or whoever filed it."""
    if not may_change_title(by, document):
        raise Refused("Ask the officer of the review to change the title.", needs=RECORD, subject=document)
    document.title = _title(document.review, title, names_checked)
    document.save(update_fields=["title"])
    record("document.title_changed", document, kind=document.kind)
    return document


def may_change_title(by: Any, document: Document) -> bool:
    return bool(
        by.has_perm(VIEW_DOCUMENT, document)
        and (
            document.filed_by_id == by.pk or by.has_perm(CHAIR, document.review) or by.has_perm(RECORD, document.review)
        )
    )
