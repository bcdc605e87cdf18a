"""Reviews at any point of their path, built by walking the real use cases. Nothing is put into the database by hand."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from typing import Any

from chairs.models import ChairProfile
from chairs.register import add_chair_to_register
from dhr import clock
from dhr.reviews.models import Review
from dhr.reviews.models.facts import Credit
from dhr.reviews.notifying import Named
from restricted_docs.filing import file_document
from restricted_docs.models import Document
from restricted_docs.upload import take_in
from workflows import engine, starting
from workflows.models import Step

from .cast import Cast

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj "
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
# What must never be found in a page that the reader may not see.
CANARY_NAME = "Zephyrine Quillfeather"
CANARY_TEXT = "canary-of-the-circumstances"
CANARY_TITLE = "Canary paper"
_serial = itertools.count(1)


def notify(cast: Cast, **facts: Any) -> Review:
    """A review whose notification was just recorded."""
    given: dict[str, Any] = {
        "form_token": uuid.uuid4(),
        "notified_on": clock.today(),
        "people": [Named(kind="deceased", name=CANARY_NAME, pseudonym="Person A")],
        "channel": "writing",
        "death_date_known": "not_known",
        "manner": "homicide",
        "relationship": "intimate",
        "circumstances": CANARY_TEXT,
    } | facts
    review: Review = starting.record_notification(cast.partnership, by=cast.officer, **given)
    return review


def paper(
    review: Review, by: Any, kind: str = "evidence", data: bytes = PDF, title: str = "", **fields: Any
) -> Document:
    """A sealed paper on the review, filed by somebody who may."""
    upload = take_in(review, f"paper-{next(_serial)}.pdf", data)
    filed: Document = file_document(
        review, by=by, upload=upload, title=title or f"Paper {next(_serial)}", kind=kind, **fields
    )
    return filed


def chair_profile(cast: Cast, user: Any) -> ChairProfile:
    """The register's entry of a person, made the first time."""
    profile = ChairProfile.objects.filter(user=user).first()
    if profile is None:
        profile = add_chair_to_register(cast.partnership, by=cast.officer, name=user.name, user=user, services="both")
    return profile


def step_of(review: Review, node: str) -> Step:
    """The open step at this node."""
    return Step.objects.select_related("task", "review").filter(review=review, node=node).open().latest("pk")


def is_open(review: Review, node: str) -> bool:
    return Step.objects.filter(review=review, node=node).open().exists()


def _scoping(review: Review, cast: Cast) -> tuple[Any, dict[str, Any]]:
    return cast.officer, {"learned": "Two agencies knew them.", "scoped": True}


def _decide(review: Review, cast: Cast) -> tuple[Any, dict[str, Any]]:
    return cast.board_chair, {
        "outcome": "review",
        "criteria": ["aged_16", "violence", "connected"],
        "reason": "The criteria are met.",
    }


def _appoint(review: Review, cast: Cast) -> tuple[Any, dict[str, Any]]:
    people = ((cast.lead_chair, "lead_chair"), (cast.second_chair, "chair"), (cast.author, "report_author"))
    appointments = [{"chair": chair_profile(cast, user), "role": role, "user": user} for user, role in people]
    return cast.officer, {"appointments": appointments}


def _upload(review: Review, cast: Cast) -> tuple[Any, dict[str, Any]]:
    report = Document.objects.filter(review=review, kind="overview_report").first()
    return cast.lead_chair, {"upload": take_in(review, "overview.pdf", PDF, document=report)}


def _prepare(review: Review, cast: Cast) -> tuple[Any, dict[str, Any]]:
    report = Document.objects.get(review=review, kind="overview_report")
    chosen = {"document": str(report.pk), "version": report.versions.count()}
    items = {code: {"not_needed": True} for code in ("executive_summary", "action_plan", "data_form", "cover_note")}
    return cast.officer, {"items": {"overview_report": chosen} | items, "reason": "One report holds everything."}


WALK: dict[str, Callable[[Review, Cast], tuple[Any, dict[str, Any]]]] = {
    "scope_with_agencies": _scoping,
    "decide": _decide,
    "gather_information": _scoping,
    "tell_home_office": lambda review, cast: (cast.officer, {}),
    "tell_family": lambda review, cast: (cast.officer, {"advocacy_offered": True}),
    "await_scrutiny": lambda review, cast: (cast.officer, {"answer": "directed"}),
    "appoint_chairs": _appoint,
    "convene_panel": lambda review, cast: (cast.officer, {"members": [(cast.panel_member, cast.police)]}),
    "agree_terms": lambda review, cast: (cast.lead_chair, {"questions": "What was known, and what was done?"}),
    "open_drafting": lambda review, cast: (cast.lead_chair, {}),
    "upload_draft": _upload,
    "agree_draft": lambda review, cast: (cast.lead_chair, {"agreed": True}),
    "fact_check": lambda review, cast: (cast.officer, {"result": "passed"}),
    "legal_check": lambda review, cast: (cast.officer, {"result": "passed"}),
    "check_anonymisation": lambda review, cast: (cast.officer, {"result": "passed"}),
    "read_with_family": lambda review, cast: (cast.lead_chair, {"result": "declined", "reason": "They prefer not to."}),
    "sign_off": lambda review, cast: (cast.board_chair, {"signed_off": True, "minute": "SST 12"}),
    "prepare_pack": _prepare,
    "submit_to_home_office": lambda review, cast: (cast.officer, {"address": "DHR enquiries mailbox"}),
    "record_answer": lambda review, cast: (cast.officer, {"answer": "publish", "letter_on": clock.today()}),
    "plan_changes": lambda review, cast: (cast.officer, {"board_sees_it_again": False}),
    "decide_publication": lambda review, cast: (cast.officer, {"form": "full"}),
    "publish": lambda review, cast: (cast.officer, {"address": "https://example.org/dhr"}),
    "complete_action_plan": lambda review, cast: (cast.officer, {}),
}
NEEDS_PAPER = {"submit_to_home_office": "proof_of_submission", "record_answer": "home_office_letter"}
ORDER = list(WALK)


def do(review: Review, cast: Cast, node: str, **answers: Any) -> Any:
    """Do the open step at this node as the person it is for, with sensible answers where the test gives none."""
    by, given = WALK[node](review, cast)
    given = given | answers
    credit = None
    if node in NEEDS_PAPER:
        evidence = paper(review, by, kind=NEEDS_PAPER[node])
        credit = Credit(done_by=by, recorded_by=by, done_on=clock.today(), evidence=evidence.pk)
    result = engine.complete(step_of(review, node), by=by, credit=credit, **given)
    if node == "appoint_chairs":
        declare(review, cast)
    review.refresh_from_db()
    return result


def declare(review: Review, cast: Cast) -> None:
    """Every appointed chair and author declares independence: their access starts."""
    for step in Step.objects.select_related("task", "review").filter(review=review, node="declare_independence").open():
        appointment = engine.subject_of(step)
        engine.complete(step, by=appointment.user, statement="I have never worked for an agency in this review.")


def review_at(node: str, cast: Cast, **facts: Any) -> Review:
    """A review whose step at `node` is open (or "closed"), reached by the shortest way."""
    review = notify(cast, **facts)
    for _ in range(60):
        if node == "closed" and not review.is_open:
            return review
        if is_open(review, node):
            return review
        ready = [name for name in ORDER if is_open(review, name)]
        do(review, cast, ready[0])
    raise AssertionError(f"The walk did not reach {node}.")
