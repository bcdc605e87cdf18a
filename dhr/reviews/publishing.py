"""Publication, never without the Home Office letter on file; and the Commissioner's copy, a duty of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from dhr.usecase import NotYet, record

from .identities import check_words
from .models import CommissionersCopy, Publication, Review
from .models.facts import Credit
from .recording import step, told
from .submitting import answer_of
from .vocabulary import Answer, PublicationForm


@step("reviews.publish_review")
def decide_publication(review: Review, *, by: Any, credit: Credit, form: str, reason: str = "") -> Publication:
    """How much is made public. The default is everything; less needs a compelling reason."""
    answer = answer_of(review)
    if answer is None or answer.evidence is None or answer.answer == Answer.RESUBMIT:
        raise NotYet("The Home Office letter that clears the report is not on file. Record the answer first.")
    if form != PublicationForm.FULL and not reason.strip():
        raise ValidationError({"reason": "Say why less than the full report is published."})
    publication = Publication(review=review, form=form, letter=answer.evidence, reason=reason, **credit.of_fact())
    publication.save()
    record("publication.decided", publication, form=form, **told(credit))
    return publication


@step("reviews.publish_review")
def record_publication(
    review: Review, *, by: Any, credit: Credit, address: str, names_checked: bool = False
) -> Publication:
    """It is on the partnership's website, since `credit.done_on`."""
    check_words(review, names_checked=names_checked, address=address)
    publication = publication_of(review)
    if publication is None:
        raise NotYet("Decide first how the review is published.")
    if publication.form == PublicationForm.WITHHELD:
        raise NotYet("This review is withheld: there is nothing to publish.")
    publication.address, publication.published_on = address, credit.done_on
    publication.save(update_fields=["address", "published_on"])
    record("publication.published", publication, published_on=credit.done_on, **told(credit))
    return publication


def publication_of(review: Review) -> Publication | None:
    """The decision on publication that stands."""
    return Publication.objects.standing().filter(review=review).last()


@step("reviews.record_progress")
def send_commissioners_copy(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    document: UUID,
    version: int,
    address: str,
    names_checked: bool = False,
) -> CommissionersCopy:
    """The report was sent to the Domestic Abuse Commissioner (2004 Act s.9(3B)): its own entry, date and version."""
    check_words(review, names_checked=names_checked, address=address)
    copy = CommissionersCopy(review=review, document=document, version=version, address=address, **credit.of_fact())
    copy.save()
    record("publication.copy_sent", copy, version=version, sent_on=credit.done_on, **told(credit))
    return copy
