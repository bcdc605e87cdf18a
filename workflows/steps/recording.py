"""Completing a step together with what it needs and is not there yet: papers to file, people to invite, chairs to register.

Answers may hold a `Coming`: something that is made first, in the same transaction, so that a failure leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from chairs.models import ChairProfile
from chairs.register import add_chair_to_register
from chairs.vocabulary import AppointedAs, Service
from dhr.accounts.invitations import invite_for_review
from dhr.accounts.models import User
from dhr.reviews.models import Commission, Review
from dhr.reviews.models.facts import Credit
from dhr.usecase import use_case
from restricted_docs.filing import file_document
from restricted_docs.models import Document
from restricted_docs.upload import SealedUpload
from restricted_docs.vocabulary import Audience

from .. import engine
from ..models import SavedAnswers, Step


@runtime_checkable
class Coming(Protocol):
    """An answer that does not exist yet."""

    def make(self, review: Review, by: Any) -> Any:
        """Make it, inside the use case in hand."""
        ...


@dataclass(frozen=True)
class PaperToFile:
    """A sealed upload that becomes a document of the review. Made: its id."""

    upload: SealedUpload
    title: str
    kind: str
    audience: str = Audience.OFFICERS_AND_CHAIRS
    commission: Commission | None = None

    def make(self, review: Review, by: Any) -> Any:
        return self._file(review, by).pk

    def _file(self, review: Review, by: Any) -> Document:
        given = {"upload": self.upload, "title": self.title, "kind": self.kind, "audience": self.audience}
        titled = {
            "names_checked": True
        }  # the title is one of our own phrases: a name that is also its word names nobody
        filed: Document = file_document(review, by=by, commission=self.commission, **given, **titled)
        return filed


@dataclass(frozen=True)
class PackPaperToFile(PaperToFile):
    """A sealed upload that goes into the Home Office pack. Made: the pack's entry for its first version."""

    def make(self, review: Review, by: Any) -> Any:
        return {"document": str(self._file(review, by).pk), "version": 1}


@dataclass(frozen=True)
class PersonToInvite:
    """Somebody who takes part and may have no account yet. Made: their account, with an invitation where it is new."""

    name: str
    email: str
    organisation: str = ""

    def make(self, review: Review, by: Any) -> User:
        known = User.objects.standing().with_email(self.email).first()
        if known is not None:
            return known
        given = {"email": self.email, "name": self.name, "organisation": self.organisation}
        invited: User = invite_for_review(review.partnership, by=by, **given).person
        return invited


@dataclass(frozen=True)
class ChairToRegister:
    """A chair or author who is not on the register yet. Made: their entry, with an account to invite them to."""

    person: PersonToInvite
    role: str

    def make(self, review: Review, by: Any) -> ChairProfile:
        user = self.person.make(review, by)
        entered = ChairProfile.objects.filter(user=user).first()
        if entered is not None:
            return entered
        services = Service.AUTHOR if self.role == AppointedAs.REPORT_AUTHOR else Service.CHAIR
        entry: ChairProfile = add_chair_to_register(
            review.partnership, by=by, name=self.person.name, user=user, services=services
        )
        return entry


@use_case(None)
def complete_with_papers(step: Step, *, by: Any, credit: Mapping[str, Any], **answers: Any) -> Any:
    """Make what is coming, then complete the step. `credit` holds the fields of a Credit; its evidence may be coming too.

    Raises what engine.complete and the use cases behind `make` raise; then nothing was filed, invited or recorded.
    """
    engine.check_open(step)  # before anything is filed or anybody invited
    given = Credit(**_made(credit, step.review, by))
    result = engine.complete(step, by=by, credit=given, **_made(answers, step.review, by))
    SavedAnswers.objects.filter(
        step=step, person__in={by, given.recorded_by}
    ).delete()  # what others typed stays theirs
    return result


def _made(value: Any, review: Review, by: Any) -> Any:
    """The value with everything that was coming in its place."""
    if isinstance(value, Coming):
        return value.make(review, by)
    if isinstance(value, Mapping):
        return {key: _made(each, review, by) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_made(each, review, by) for each in value)
    return value
