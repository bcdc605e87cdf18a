"""Every field of a review, of its papers, chairs, meetings and tasks that is neither sealed nor coded: why it may stand so.

A new one belongs into one of the two: its use case checks the words, and tests/domain/test_names_in_the_clear.py calls it;
or there is a reason why nobody can type a name there. Else it is a SealedTextField.
"""

from __future__ import annotations

# What people type, compared with the review's sealed names by the use case that saves it.
CHECKED = frozenset(
    {
        "reviews.Review.pseudonym",
        "reviews.SealedIdentity.pseudonym",
        "reviews.Action.monitored_by",
        "reviews.ReviewDecision.leading_review",
        "reviews.SignOff.minute",
        "reviews.Submission.address",
        "reviews.Publication.address",
        "reviews.CommissionersCopy.address",
        "restricted_docs.Document.title",
        "board.AgendaItem.title",
        "board.AgendaItem.presented_by",
        "board.Resolution.text",
    }
)

BLOB = "of a sealed blob: drawn, measured or found by the service, typed by nobody"
REGISTER = "of the register of chairs, who are named professionals; it knows no review"
ENGINE = "written by the process engine: names of its own flows and nodes"

OTHERWISE: dict[str, str] = {
    **{
        f"restricted_docs.{model}.{field}": BLOB
        for model in ("DocumentVersion", "ParkedUpload", "UploadPart")
        for field in (
            *("algorithm", "key_id", "wrapped_key", "blob_name", "header_sha256", "fingerprint", "media_type"),
            "findings",
        )
    },
    "restricted_docs.ArrivingUpload.ending": "the ending of a file's name, one of those that are taken",
    "restricted_docs.ArrivingUpload.chain": BLOB,
    "restricted_docs.Erasure.keys": "where keys stood that were destroyed: names of key stores",
    "restricted_docs.Erasure.certificate": "made by the service of codes, counts and dates",
    "restricted_docs.Restriction.paragraphs": "numbers of Schedule 12A, compared with its table",
    "restricted_docs.Restriction.table_version": "the name of that table",
    **{f"chairs.ChairProfile.{field}": REGISTER for field in ("name", "region", "specialisms", "training")},
    "board.BoardMeeting.venue": "where the board meets: about no review",
    "reviews.Agency.name": "an organisation, shared by all reviews",
    "reviews.ReviewDecision.criteria": "codes of section 9(1): any other is refused",
    "reviews.Pack.items": "keys of papers and numbers of versions: nothing else is kept",
    "reviews.SealedIdentity.marks": "keyed hashes",
    **{
        f"workflows.{field}": ENGINE
        for field in (
            *("ReviewProcess.flow_class", "ReviewProcess.data"),
            *("Step.flow", "Step.node", "SavedAnswers.form"),
        )
    },
}
