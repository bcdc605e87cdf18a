"""What became of the report, newest first: each view, check, sign-off, submission and answer with its reason. Needs a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dhr.govuk.dates import written
from dhr.govuk.parts import Happening
from dhr.reviews.models import (
    ChangesPlan,
    Check,
    CommissionersCopy,
    HomeOfficeAnswer,
    Pack,
    PanelAgreement,
    Publication,
    Review,
    SignOff,
    Submission,
)
from dhr.reviews.vocabulary import PackItem


def report_of(review: Review) -> list[Happening]:
    """Every fact about the report, also those that were set aside, which say so."""
    facts = [fact for model in TITLES for fact in _all(model, review)]
    facts.sort(key=lambda fact: (fact.done_on, fact.recorded_at), reverse=True)
    return [_told(fact) for fact in facts]


def _all(model: Any, review: Review) -> Iterator[Any]:
    return iter(model.objects.filter(review=review).select_related("done_by", "recorded_by"))


def _told(fact: Any) -> Happening:
    recorded = f", recorded by {fact.recorded_by.name}" if fact.recorded_by_id != fact.done_by_id else ""
    notes = [str(fact.reason), *_state(fact)]
    title = TITLES[type(fact)](fact)
    return Happening(
        title, written(fact.done_on), f"{fact.done_by.name}{recorded}", "\n".join(note for note in notes if note)
    )


def _state(fact: Any) -> Iterator[str]:
    if fact.superseded_at is not None:
        yield "Set aside since: undone or corrected."
    elif getattr(fact, "lapsed_at", None) is not None:
        yield "Lapsed with a newer version: to be done again."


def _agreement(fact: PanelAgreement) -> str:
    view = "agreed" if fact.agreed else "sent back"
    return f"Version {fact.version} {view} by the panel{', with a dissent noted' if fact.dissent_noted else ''}"


def _sign_off(fact: SignOff) -> str:
    minute = f", minute {fact.minute}" if fact.minute else ""
    return f"Version {fact.version} {'signed off' if fact.signed_off else 'sent back'} by the board{minute}"


def _pack(fact: Pack) -> str:
    there = [str(PackItem(code).label) for code, item in fact.items.items() if not item.get("not_needed")]
    return f"Pack prepared: {', '.join(there)}"


def _publication(fact: Publication) -> str:
    published = f", published {written(fact.published_on)}" if fact.published_on else ""
    return f"Publication: {fact.get_form_display()}{published}"


TITLES: dict[Any, Any] = {
    PanelAgreement: _agreement,
    Check: lambda fact: f"{fact.get_kind_display()} of version {fact.version}: {fact.get_result_display()}",
    SignOff: _sign_off,
    Pack: _pack,
    Submission: lambda fact: f"Submitted to the Home Office: {fact.address}",
    HomeOfficeAnswer: lambda fact: f"Home Office: {fact.get_answer_display()}, letter of {written(fact.letter_on)}",
    ChangesPlan: lambda fact: (
        f"Changes planned; the board {'sees' if fact.board_sees_it_again else 'does not see'} them again"
    ),
    Publication: _publication,
    CommissionersCopy: lambda fact: f"Version {fact.version} sent to the Domestic Abuse Commissioner",
}
