"""Versions of the report: uploading one, the panel's view, the checks, and the board's sign-off."""

from __future__ import annotations

from typing import Any

from dhr.govuk.fields import Confirmation, MultipleChoice, Radios, TextField, YesNo
from dhr.reviews.drafting import standing_checks
from dhr.reviews.vocabulary import CheckKind, CheckResult
from restricted_docs.file_field import SealedFileField
from restricted_docs.vocabulary import DocumentKind

from ...steps.drafting import report_of
from .base import PaperWanted, StepForm, account, offer

CHECK = [(each.value, each.label) for each in (CheckResult.PASSED, CheckResult.CHANGES)]
READING = [(CheckResult.PASSED.value, "Read with the family: no change needed"), *CheckResult.choices[1:]]
WHAT_TO_CHANGE = "Say what has to be changed."


class UploadDraftForm(StepForm):
    button = "Upload the version"
    lapses = MultipleChoice(
        label="Which checks have to be made again on this version?",
        required=False,
        help_text="A check that is not ticked goes on counting.",
    )
    upload = SealedFileField(label="The report", error_messages={"required": "Choose the file of the report."})

    def prepare(self) -> None:
        standing = [(check.kind, CheckKind(check.kind).label) for check in standing_checks(self.review)]
        if not standing:
            del self.fields["lapses"]
            return
        offer(self, "lapses", standing)
        self.fields["lapses"].initial = [kind for kind, _ in standing]

    def facts(self) -> list[str]:
        report = report_of(self.review)
        return [f"This becomes version {report.next_number()}. Earlier versions stay."] if report else []


class AgreeDraftForm(StepForm):
    button = "Record the panel's view"
    asks_when = "When did the panel agree it, or send it back?"
    agreed = YesNo(
        label="Does the panel agree this version?",
        reveals={"no": "reason"},
        error_messages={"required": "Say whether the panel agrees this version."},
    )
    reason = account("What does the panel want changed?", missing="Say what the panel wants changed.")
    dissent_noted = Confirmation(label="Some members disagree, and this is noted in the report", required=False)


class CheckForm(StepForm):
    button = "Record the check"
    asks_when = "When was this check done?"
    result = Radios(
        label="What did the check find?",
        choices=CHECK,
        reveals={CheckResult.CHANGES: "reason"},
        error_messages={"required": "Choose what the check found."},
    )
    reason = account("What has to be changed?", missing=WHAT_TO_CHANGE)


class FamilyReadingForm(StepForm):
    button = "Record the family's reading"
    asks_when = "When was it read, or declined?"
    result = Radios(
        label="How did it go?",
        choices=READING,
        error_messages={"required": "Choose how it went."},
    )
    reason = account("What has to be changed, or why it was not read")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("result") not in (None, CheckResult.PASSED) and not given.get("reason"):
            changes = given["result"] == CheckResult.CHANGES
            self.add_error("reason", WHAT_TO_CHANGE if changes else "Say why the draft was not read with the family.")
        return given


class SignOffForm(StepForm):
    button = "Record the board's decision"
    asks_when = "When did the board decide?"
    paper = PaperWanted(DocumentKind.BOARD_MINUTE, "Minute of the board, if it is filed", "Minute of the board")
    signed_off = YesNo(
        label="Does the board sign the report off?",
        reveals={"no": "reason"},
        error_messages={"required": "Say whether the board signs the report off."},
    )
    reason = account("What does the board want changed?", missing="Say what the board wants changed.")
    in_clear = ("minute",)
    minute = TextField(
        label="Reference of the minute",
        required=False,
        width=20,
        max_length=60,
        error_messages={"max_length": "Shorten the reference to 60 characters or fewer."},
    )


FORMS: dict[tuple[str, str], type[StepForm]] = {
    ("ReviewFlow", "upload_draft"): UploadDraftForm,
    ("ReviewFlow", "agree_draft"): AgreeDraftForm,
    ("ReviewFlow", "fact_check"): CheckForm,
    ("ReviewFlow", "legal_check"): CheckForm,
    ("ReviewFlow", "check_anonymisation"): CheckForm,
    ("ReviewFlow", "read_with_family"): FamilyReadingForm,
    ("ReviewFlow", "sign_off"): SignOffForm,
}
