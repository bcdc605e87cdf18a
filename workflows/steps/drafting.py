"""Uploading a version of the report: the paper is sealed and the version offered to the panel, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dhr.reviews import drafting
from dhr.reviews.models import Review
from dhr.reviews.models.facts import Credit
from dhr.reviews.recording import step
from dhr.reviews.vocabulary import CheckKind
from dhr.usecase import NotYet
from restricted_docs.filing import add_version, file_document
from restricted_docs.models import Document, DocumentVersion
from restricted_docs.vocabulary import Audience, DocumentKind


def report_of(review: Review) -> Document | None:
    """The overview report of this review, if any version was uploaded yet."""
    return Document.objects.filter(review=review, kind=DocumentKind.OVERVIEW_REPORT).order_by("filed_at").first()


def version_in_hand(review: Review) -> DocumentVersion:
    """The newest version of the overview report. Raises NotYet where there is none."""
    report = report_of(review)
    newest = report.versions.order_by("-number").first() if report else None
    if newest is None:
        raise NotYet("There is no version of the report yet. Upload one first.")
    return newest


@step("reviews.upload_draft")
def upload_draft(
    review: Review, *, by: Any, credit: Credit, upload: Any, lapses: Iterable[str] = ()
) -> DocumentVersion:
    """A new version of the overview report, by the chair or author (or filed by the officer on their behalf)."""
    report = report_of(review)
    if report is None:
        report = file_document(
            review,
            by=by,
            upload=upload,
            title="Overview report",
            kind=DocumentKind.OVERVIEW_REPORT,
            audience=Audience.OFFICERS_AND_CHAIRS,
            names_checked=True,  # our own phrase
        )
    else:
        add_version(report, by=by, upload=upload)
    version = version_in_hand(review)
    drafting.offer_version(review, by=by, credit=credit, document=report.pk, version=version.number, lapses=lapses)
    return version


def _on_version(review: Review) -> dict[str, Any]:
    version = version_in_hand(review)
    return {"document": version.document_id, "version": version.number}


@step("reviews.chair_review")
def agree_draft(review: Review, *, by: Any, credit: Credit, **answers: Any) -> Any:
    """The panel agrees the version in hand, or sends it back."""
    return drafting.record_panel_agreement(review, by=by, credit=credit, **_on_version(review), **answers)


@step("reviews.decide_review", weighty=True)
def sign_off(review: Review, *, by: Any, credit: Credit, **answers: Any) -> Any:
    """The board signs off the version in hand, or asks for changes."""
    return drafting.sign_off(review, by=by, credit=credit, **_on_version(review), **answers)


def _check(kind: str, use_case: Any) -> Any:
    @step(use_case.permission)
    def check(review: Review, *, by: Any, credit: Credit, **answers: Any) -> Any:
        version = version_in_hand(review)
        return use_case(
            review,
            by=by,
            credit=credit,
            kind=kind,
            document=version.document_id,
            version=version.number,
            uploaded_by=version.uploaded_by,
            **answers,
        )

    check.__doc__ = f"{CheckKind(kind).label} of the version in hand."
    return check


fact_check = _check(CheckKind.FACT, drafting.record_check)
legal_check = _check(CheckKind.LEGAL, drafting.record_check)
check_anonymisation = _check(CheckKind.ANONYMISATION, drafting.record_check)
read_with_family = _check(CheckKind.FAMILY, drafting.record_family_reading)
