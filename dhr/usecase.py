"""A use case: one question of permission, one transaction, at least one line in the access log - or nothing happened.

    @use_case("reviews.decide_review")
    def decide_review(review, *, by, credit, outcome, ...): ...

The outermost use case opens the transaction, takes the subject's lock, asks the permission, runs, and appends the collected
events as the last thing before the commit (the log's head row is the last lock taken). Use cases called from inside
join it. A refusal is written down after the rollback, in a transaction of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from dhr.access import grants
from dhr.access.backends import forget
from dhr.audit import log
from dhr.audit.line import Line


class Refused(PermissionDenied):
    """This person may not do this. The sentence says who can help. Answered with 403 and written down."""

    def __init__(self, sentence: str, *, needs: str = "", subject: Any = None) -> None:
        super().__init__(sentence)
        self.sentence, self.needs, self.subject = sentence, needs, subject
        self.written_down = False  # whether the log has its line already


class NotYet(Exception):
    """The person may, but not now. The sentence says what has to happen first. Answered with 409; nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AlreadyDone(NotYet):
    """Somebody has done this already: the "already done" page, never an error."""


class NothingRecorded(RuntimeError):
    """A use case ended without a line for the log: a fault of the program, so the transaction is rolled back."""


class Subject(Protocol):
    """What a use case is about: it can be locked for the length of the transaction and named in the log.

    `lock_key` names the row that `take_lock` locks: things of one review share its row, which is locked once.
    """

    @property
    def lock_key(self) -> tuple[str, object]: ...

    def take_lock(self) -> None: ...

    def logged_as(self) -> dict[str, Any]: ...


@dataclass
class _Unit:
    lines: list[Line] = field(default_factory=list)
    locked: set[tuple[str, object]] = field(default_factory=set)
    people: list[Any] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


@contextmanager
def _unit_of_work() -> Iterator[_Unit]:
    """The transaction in hand, or a new one whose events are appended just before it commits."""
    unit = _unit.get()
    if unit is not None:
        yield unit
        return
    unit = _Unit()
    with transaction.atomic(durable=True):
        token = _unit.set(unit)
        try:
            yield unit
        finally:
            _unit.reset(token)  # before the commit: what runs on commit begins a unit of its own
        log.append(unit.lines)


def ask(by: Any, permission: str, subject: Any) -> None:
    """Raise Refused unless this person holds this permission on this subject (None: a standing permission)."""
    if by is None or not by.has_perm(permission, subject):
        raise Refused(
            "You do not have permission to do this. If you need to, ask the community safety team.",
            needs=permission,
            subject=subject,
        )


def one_of(visible: Any, pk: Any, *, by: Any, permission: str) -> Any:
    """The row with this key among those that this person may know of. Raises Http404 for any other; that somebody asked for
    one that exists is written down."""
    found = visible.filter(pk=pk).first()
    if found is not None:
        return found
    hidden = visible.model._base_manager.filter(pk=pk).first()
    if hidden is not None:
        details = {"permission": permission}
        log.refuse(Line(event="access.refused", person=by.pk, details=details, **hidden.logged_as()))
    raise Http404


def _lock_once(unit: _Unit, subject: Any) -> None:
    key = getattr(subject, "lock_key", None)
    if key is None or key in unit.locked or subject.pk is None:
        return
    subject.take_lock()
    unit.locked.add(key)


def _note_refusal(refusal: Refused, by: Any) -> None:
    named = refusal.subject.logged_as() if hasattr(refusal.subject, "logged_as") else {}
    details = {"permission": refusal.needs} if refusal.needs else {}
    log.refuse(Line(event="access.refused", person=getattr(by, "pk", None), details=details, **named))
    refusal.written_down = True


def _do(unit: _Unit, function: Callable[..., Any], subject: Any, by: Any, answers: dict[str, Any]) -> Any:
    before = len(unit.lines)
    unit.people.append(by)
    try:
        result = function(subject, by=by, **answers)
    finally:
        unit.people.pop()
    if len(unit.lines) == before:
        raise NothingRecorded(f"{function.__module__}.{function.__name__} recorded no event.")
    return result


def _after_the_rollback(fault: BaseException, by: Any) -> None:
    grants.distrust()  # somebody may have read grants that are gone with the rollback
    if isinstance(fault, Refused):
        _note_refusal(fault, by)


def use_case(permission: str | None, *, standing: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a use case. `permission` is asked of `by` on the subject (a `standing` one: of the account, anywhere
    in the partnership); None: the function asks for itself.

    The function takes its subject first and everything else by keyword, `by=` (a person, or None for the engine itself
    where permission is None) among them. Raises Refused, NotYet, or NothingRecorded.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(subject: Any, *, by: Any, **answers: Any) -> Any:
            outermost = _unit.get() is None
            try:
                with _unit_of_work() as unit:
                    _lock_once(unit, subject)
                    if outermost and by is not None:
                        forget(by)  # a grant taken back while we waited for the lock must count
                    if permission is not None:
                        ask(by, permission, None if standing else subject)
                    return _do(unit, function, subject, by, answers)
            except BaseException as fault:
                if outermost:
                    _after_the_rollback(fault, by)
                raise

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return decorate


def record(
    event: str, subject: Any = None, *, on_behalf_of: Any = None, version: int | None = None, **details: Any
) -> None:
    """Add one event to the use case in hand. It is written when the outermost use case commits, or not at all."""
    unit = _unit.get()
    if unit is None:
        raise NothingRecorded(f"{event} was recorded outside a use case.")
    named = subject.logged_as() if subject is not None else {}
    by = unit.people[-1] if unit.people else None
    unit.lines.append(
        Line(
            event=event,
            person=getattr(by, "pk", None),
            on_behalf_of=getattr(on_behalf_of, "pk", None),
            version=version,
            details={name: _plain(value) for name, value in details.items() if not _is_empty(value)},
            **named,
        )
    )


def _is_empty(value: Any) -> bool:
    """Nothing to say: but 0 is something."""
    return value is None or value is False or value == ""


def _plain(value: Any) -> str | int:
    """Dates, keys and yes as the short text the log holds."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int):
        return int(value)
    return str(value)


def acting() -> Any:
    """The person of the use case in hand, or None."""
    unit = _unit.get()
    return unit.people[-1] if unit and unit.people else None
