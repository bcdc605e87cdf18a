"""Answers typed and not sent yet: kept sealed, the person's own. A second person who confirms a step reads them too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from dhr import clock
from dhr.accounts import notices
from dhr.accounts.models import NoticeKind
from dhr.audit import log
from dhr.audit.line import Line
from dhr.reviews.recording import RECORD
from dhr.usecase import NotYet, Refused, ask, record, use_case
from restricted_docs import fields
from restricted_docs.strongroom import PARTNERSHIP
from restricted_docs.vault.receipt import Scope

from .. import engine
from ..models import SavedAnswers, Step

NOTIFICATION = "record-notification"
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "save", "add_row"})
Typed = Mapping[str, list[str]]
EVENT = "review.draft_answers_saved"


def typed_into(sent: Any) -> dict[str, list[str]]:
    """Everything typed into a form as it was sent, without its buttons and its token."""
    return {name: list(values) for name, values in sent.lists() if name not in NOT_KEPT}


def form_of(step: Step | None) -> str:
    """The name under which a form's answers are kept."""
    return f"{step.flow}.{step.node}" if step is not None else NOTIFICATION


@use_case(None)
def save_answers(step: Step | None, *, by: Any, typed: Typed, confirm_by: Any = None) -> SavedAnswers:
    """Keep what a person has typed into a step's form, or (None) into a notification. Newer answers replace older ones.

    With `confirm_by` they wait for that person, who is told. Raises Refused, and NotYet where the step cannot be done now.
    """
    _ask(step, by)
    if confirm_by is not None and step is not None:
        engine.check_open(step)
    kept = _kept(step, by) or SavedAnswers(
        person=by, step=step, review=step.review if step else None, form=form_of(step)
    )
    kept.answers = json.dumps({name: list(values) for name, values in typed.items()})
    kept.confirm_by, kept.saved_at = confirm_by, clock.now()
    kept.save()
    outcome = "waits for a second person" if confirm_by is not None else None
    record(EVENT, step, node=step.node if step else None, outcome=outcome, whom=getattr(confirm_by, "pk", None))
    if confirm_by is not None and step is not None:
        _tell(confirm_by, step, reverse("confirm", args=[kept.pk]))
    return kept


def _ask(step: Step | None, by: Any) -> None:
    if step is None:
        ask(by, "reviews.record_notification", None)
    elif not (engine.may_do(by, step) or by.has_perm(RECORD, step.review)):
        raise Refused(
            "This task is not yours to do, so nothing was saved.", needs=engine.node_of(step).permission, subject=step
        )


def _kept(step: Step | None, by: Any) -> SavedAnswers | None:
    return SavedAnswers.objects.defer("answers").filter(person=by, step=step, form=form_of(step)).first()


def _tell(person: Any, step: Step, link: str) -> None:
    notices.send(NoticeKind.TASK_WAITING, to=[person], reference=step.review.reference, link=link)


@use_case(None)
def discard_answers(step: Step | None, *, by: Any) -> None:
    """Throw away what this person had typed. Raises NotYet where nothing is kept."""
    kept = _kept(step, by)
    if kept is None:
        raise NotYet("There are no saved answers.")
    kept.delete()
    record(EVENT, step, node=step.node if step else None, outcome="thrown away")


@use_case(None)
def decline_to_confirm(step: Step, *, by: Any, waiting: UUID) -> None:
    """A second person does not confirm a step: the answers go back to whoever typed them, and nothing else happens."""
    kept = (
        SavedAnswers.objects.defer("answers")
        .select_related("person")
        .filter(pk=waiting, step=step, confirm_by=by)
        .first()
    )
    if kept is None:
        raise NotYet("This no longer waits for you.")
    kept.confirm_by = None
    kept.save(update_fields=["confirm_by"])
    record(EVENT, step, node=step.node, outcome="not confirmed", whom=kept.person_id)
    _tell(kept.person, step, reverse("task", args=[step.pk]))


def are_kept(step: Step | None, *, by: Any) -> bool:
    """Whether this person has answers that were not sent. Opens nothing."""
    return _kept(step, by) is not None


def load_answers(step: Step | None, *, by: Any) -> Typed | None:
    """What this person had typed, after a committed line in the log; None where nothing is kept."""
    kept = _kept(step, by)
    return open_answers(kept, by=by) if kept is not None else None


def open_answers(kept: SavedAnswers, *, by: Any) -> Typed:
    """Answers that are kept, after a committed line in the log. Only for who typed them, or who is asked to confirm them."""
    if by.pk not in (kept.person_id, kept.confirm_by_id):
        raise Refused("These answers belong to somebody else.", subject=kept.step)
    named = kept.step.logged_as() if kept.step is not None else {}
    line = Line(event="narrative.viewed", person=by.pk, details={"part": "saved answers"}, **named)
    container = kept.review_id or PARTNERSHIP
    receipt = log.append_first(line, container=container, scope=Scope.NARRATIVE, subject=str(kept.pk))
    with fields.reading(receipt):
        opened: Typed = json.loads(kept.answers)
    return opened
