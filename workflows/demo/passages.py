"""Stretches of the path that most reviews walk in the same way: what differs is who, when and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from dhr.reviews.models import Agency
from dhr.reviews.models.facts import Credit
from dhr.reviews.vocabulary import Means
from restricted_docs.filing import release_to_panel
from restricted_docs.vocabulary import Audience, DocumentKind

from .tale import Tale

MET = ("aged_16", "violence", "connected", "normally_lived")
INDEPENDENT = "I have never worked for an agency that knew these people, and I know nobody in this review."
REPORT = (
    "This report uses pseudonyms, chosen with the family. It looks at what agencies knew and did, and what can be learned.",
    "The panel thanks the family for their patience and for what they told us of the person they loved.",
    "1: the circumstances that led to this review. 2: the facts. 3: analysis. 4: what we have learned. 5: recommendations.",
    "Questions about risk were asked at different times by different people, and the answers were not put together.",
    "Each agency acted on what it knew; no agency saw the whole.",
)


def decided(
    tale: Tale,
    *,
    scoped: int,
    on: int,
    told: int,
    learned: str,
    reason: str,
    outcome: str = "review",
    learning_shared: bool = True,
) -> None:
    """Scoping, the decision of the board's chair, telling the Home Office and the family, and early learning shared."""
    people = tale.people
    tale.step(scoped, "scope_with_agencies", learned=learned)
    criteria = list(MET) if outcome == "review" else ["aged_16"]
    consulted = "Police, health, social care and the women's aid service, by e-mail."
    tale.step(on, "decide", people.board_chair, outcome=outcome, criteria=criteria, reason=reason, consulted=consulted)
    tale.step(told, "tell_home_office")
    tale.step(told - 1, "tell_family", advocacy_offered=True)
    if learning_shared:
        tale.step(told - 30, "share_early_learning")


def accounts(tale: Tale, asked: int, *agencies: Agency, took: int = 36) -> None:
    """Agencies without accounts of their own: asked, returned and signed by e-mail."""
    for n, agency in enumerate(agencies):
        tale.asked(asked, agency)
        tale.returned(asked - took - 3 * n, agency, answer="The account is in the attached review.")
        tale.signed(asked - took - 3 * n - 4, agency)


def appointed(tale: Tale, on: int, *, lead: Any, chairs: Sequence[Any] = (), author: Any = None) -> None:
    """Chairs and author are appointed; each declares independence within a few days."""
    roles = [(lead, "lead_chair"), *((chair, "chair") for chair in chairs)]
    roles += [(author, "report_author")] if author else []
    register = tale.story.register
    tale.step(
        on,
        "appoint_chairs",
        appointments=lambda: [{"chair": register[user.name], "role": role, "user": user} for user, role in roles],
    )
    for n, (user, _) in enumerate(roles):
        tale.declared(on - 4 - n, user, INDEPENDENT)


def panel(
    tale: Tale,
    convened: int,
    *,
    lead: Any,
    questions: str,
    looks: tuple[date, date] | None = None,
    drafting: int | None,
) -> None:
    """The panel meets and agrees what it looks at; the lead chair opens drafting (not yet, where `drafting` is None)."""
    people, agencies = tale.people, tale.agencies
    members = [
        (people.panel_member, agencies.police),
        (people.social_care, agencies.social_care),
        (people.womens_aid, agencies.womens_aid),
    ]
    tale.step(convened, "convene_panel", members=members)
    since, until = looks or (None, None)
    tale.step(convened - 14, "agree_terms", lead, questions=questions, looks_from=since, looks_until=until)
    if drafting is not None:
        tale.step(drafting, "open_drafting", lead)


def version(
    tale: Tale, on: int, *, by: Any, credit: Callable[[], Credit] | None = None, lapses: Sequence[str] = ()
) -> None:
    """A version of the overview report is uploaded."""

    def upload() -> Any:
        known = tale.papers.get("report")
        return tale.sealed("overview-report.pdf", "Overview report", REPORT, document=known)

    tale.step(on, "upload_draft", by, credit=credit, upload=upload, lapses=list(lapses))
    tale.on(on, lambda: remember_report(tale))


def remember_report(tale: Tale) -> None:
    """The report is filed by the step: here it gets its place among the papers of the tale."""
    found = tale.review.document_set.filter(kind=DocumentKind.OVERVIEW_REPORT).first()
    if found is not None:
        tale.papers["report"] = found


def before_the_panel(tale: Tale, on: int, *, lead: Any, key: str = "report") -> None:
    """A chair puts a paper before the panel: the version of the report, if not said otherwise."""
    tale.on(on, lambda: release_to_panel(tale.papers[key], by=lead))


def agreed(tale: Tale, on: int, *, lead: Any, family: str = "passed", family_reason: str = "") -> None:
    """The panel agrees the version; facts, law, anonymisation and the family's reading follow within three weeks."""
    tale.step(on, "agree_draft", lead, agreed=True)
    tale.step(on - 9, "fact_check", result="passed")
    tale.step(on - 12, "check_anonymisation", result="passed")
    tale.step(on - 14, "legal_check", result="passed")
    tale.step(on - 17, "read_with_family", lead, result=family, reason=family_reason)


def signed_off(tale: Tale, on: int, minute: str) -> None:
    """The board's chair records the sign-off here."""
    tale.step(on, "sign_off", tale.people.board_chair, signed_off=True, minute=minute)


def signed_off_at_a_meeting(tale: Tale, on: int, met_ago: int, minute: str) -> None:
    """The board signed off at its meeting; the officer records it later, with the minute as evidence."""
    tale.paper(
        on,
        "minute",
        DocumentKind.BOARD_MINUTE,
        "Extract of the minutes of the board",
        ("RESOLVED: That the overview report be signed off for submission to the Home Office.",),
    )
    chair = tale.people.board_chair
    credit = tale.credit(chair, ago=met_ago, how=Means.MEETING, shown_by="minute")
    tale.step(on, "sign_off", credit=credit, signed_off=True, minute=minute)


def submitted(tale: Tale, on: int, *, again: bool = False) -> None:
    """The pack is put together, sent outside this service, and the sending recorded with its proof."""
    if not again:
        tale.paper(on + 2, "summary", DocumentKind.EXECUTIVE_SUMMARY, "Executive summary", REPORT[:2])
        tale.paper(
            on + 2,
            "plan",
            DocumentKind.ACTION_PLAN,
            "Action plan",
            (
                "Each recommendation with its scope, the action, the lead agency, the date and how it is known to be done.",
            ),
        )
    tale.step(on + 1, "prepare_pack", items=lambda: _pack(tale), reason="The cover note is the e-mail itself.")
    key = "proof again" if again else "proof"
    tale.paper(
        on,
        key,
        DocumentKind.PROOF_OF_SUBMISSION,
        "E-mail that sent the pack",
        (
            "Dear colleagues, please find the report for quality assurance. The pack is attached in the secure transfer.",
        ),
        ending="txt",
    )
    tale.step(
        on,
        "submit_to_home_office",
        credit=tale.credit(tale.officer, shown_by=key),
        address="Home Office quality assurance mailbox",
    )


def _pack(tale: Tale) -> dict[str, dict[str, Any]]:
    def newest(key: str) -> dict[str, Any]:
        paper = tale.papers[key]
        return {"document": str(paper.pk), "version": paper.next_number() - 1}

    there = {"overview_report": newest("report"), "executive_summary": newest("summary"), "action_plan": newest("plan")}
    return there | {code: {"not_needed": True} for code in ("data_form", "cover_note")}


def answered(tale: Tale, on: int, answer: str, letter: str, reason: str = "", *, key: str = "letter") -> None:
    """The Home Office's letter is filed, and what it says recorded."""
    tale.paper(on, key, DocumentKind.HOME_OFFICE_LETTER, "Home Office letter", (letter,))
    tale.step(
        on,
        "record_answer",
        credit=tale.credit(tale.officer, shown_by=key),
        answer=answer,
        letter_on=tale.story.day(on + 2),
        reason=reason,
    )


def copied(tale: Tale, on: int) -> None:
    """The Commissioner's copy is sent."""
    tale.step(
        on,
        "send_commissioners_copy",
        document=lambda: tale.papers["report"].pk,
        version=lambda: tale.papers["report"].next_number() - 1,
        address="Commissioner's mailbox",
    )


def published(tale: Tale, on: int, name: str) -> None:
    """In full, on the partnership's page."""
    tale.step(on + 12, "decide_publication", form="full")
    tale.step(on, "publish", address=f"https://www.example.org/safer-together/reviews/{name}")


def for_sign_off(tale: Tale, on: int, key: str, title: str, body: Sequence[str]) -> None:
    """A paper for the board: named members only, once the agenda is issued."""
    tale.paper(on, key, DocumentKind.OTHER, title, body, audience=Audience.BOARD_SIGN_OFF)
