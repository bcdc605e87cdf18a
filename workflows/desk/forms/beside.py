"""What runs beside the main path: an agency's return and its signature, contact with the family, early learning."""

from __future__ import annotations

from typing import Any

from dhr.govuk.fields import Confirmation, Radios
from dhr.reviews.models import EarlyLearning
from dhr.reviews.vocabulary import CommissionKind
from restricted_docs.vocabulary import DocumentKind

from .base import PaperWanted, StepForm, account

ACCOUNT, NIL = "account", "nil"
PAPER_OF = {
    CommissionKind.IMR: DocumentKind.IMR,
    CommissionKind.CHRONOLOGY: DocumentKind.CHRONOLOGY,
    CommissionKind.SHORT_REPORT: DocumentKind.SHORT_REPORT,
}


class ReturnForm(StepForm):
    button = "Return it"
    returned = Radios(
        label="What does your agency return?",
        choices=[(ACCOUNT, "Our account"), (NIL, "A nil return: we did not know these people")],
        error_messages={"required": "Choose what your agency returns."},
    )
    answer = account("What should the officer and the chair know?")

    def prepare(self) -> None:
        asked_for = str(self.subject.get_kind_display())
        kind = PAPER_OF.get(self.subject.kind, DocumentKind.OTHER)
        self.paper = PaperWanted(kind, "The account itself, if it is filed already", title=f"{asked_for}: return")

    def facts(self) -> list[str]:
        return [f"{self.subject.agency} is asked for: {self.subject.get_kind_display()}."]

    def answers(self) -> dict[str, Any]:
        return {"nil": self.cleaned_data["returned"] == NIL, "answer": self.cleaned_data["answer"]}


class SignForm(StepForm):
    button = "Sign the account"
    read = Confirmation(
        label="I have read the account and sign it for the agency",
        error_messages={"required": "Confirm that you have read the account and sign it for the agency."},
    )

    def facts(self) -> list[str]:
        return [f"{self.subject.get_kind_display()} of {self.subject.agency}."]

    def answers(self) -> dict[str, Any]:
        return {}


class EndContactForm(StepForm):
    button = "Record that contact has ended"
    asks_when = "When did contact come to its end?"
    sure = Confirmation(
        label="The contact with the family has come to its end",
        error_messages={"required": "Confirm that contact has come to its end. Until then, leave this task open."},
    )

    def answers(self) -> dict[str, Any]:
        return {}


class LearningForm(StepForm):
    button = "Record that learning was shared"

    def facts(self) -> list[str]:
        count = EarlyLearning.objects.standing().filter(review=self.review).count()
        if not count:
            return ["No early learning is recorded. Finish this only if there is none."]
        noun = "piece of early learning is" if count == 1 else "pieces of early learning are"
        return [f"{count} {noun} recorded. Finish this when it has been shared with the agencies."]


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("CommissionFlow", "return_account"): ReturnForm,
    ("CommissionFlow", "sign_account"): SignForm,
    ("FamilyFlow", "keep_in_touch"): EndContactForm,
    ("LearningFlow", "share_early_learning"): LearningForm,
}
