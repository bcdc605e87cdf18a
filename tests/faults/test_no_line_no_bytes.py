"""No line, no bytes: a fault at every statement and every commit of every door serves nothing that is not in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from dhr import clock as the_clock
from dhr.access import grants
from dhr.audit import log
from dhr.audit.verify import verify
from restricted_docs.vault.receipt import mint
from tests.cast import make_cast

from . import planting
from .doors import Door, build_doors, has_line, newest_line, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 80  # moments of one request: more than any has
SAYS_SO = {503}
BROKE_OFF = {0}
SERVED = {200, 206}
Fault = Callable[[int], AbstractContextManager[planting.Moment]]
NO_ANSWER: dict[str, Fault] = {
    "no answer to a statement": lambda n: planting.at_statement(n, planting.database_says_no),
    "no answer to a commit": lambda n: planting.at_commit(n, planting.database_says_no),
    "commit done, answer lost": lambda n: planting.at_commit(n, planting.database_says_no, afterwards=True),
    "connection cut before a statement": lambda n: planting.at_statement(n, planting.connection_is_cut),
    "connection cut at a commit": lambda n: planting.at_commit(n, planting.connection_is_cut),
}


@dataclass(frozen=True)
class Result:
    """What came of one request: whether its fault ever happened, what the browser got, and what stands in the log."""

    came: bool
    status: int
    secret_out: bool
    in_the_log: bool

    @property
    def leaked(self) -> bool:
        return self.secret_out and not self.in_the_log


@pytest.fixture
def doors(transactional_db: None) -> Iterator[list[Door]]:
    yield build_doors(make_cast())
    connection.close()
    grants.forget_permission_ids()


@pytest.fixture
def another_day(clock: Callable[[Any], None]) -> Callable[[], None]:
    """The next day: the account of a review has one line for each person and day."""
    days, start = iter(range(1, 10_000)), the_clock.now()
    return lambda: clock(start + timedelta(days=next(days)))


def go_through(door: Door, fault: AbstractContextManager[Any]) -> Result:
    client, since, taken = signed_in(door.person), newest_line(), bytearray()
    with fault as moment:
        status = door.go(client, taken.extend)
    return Result(bool(moment and moment.came), status, door.secret in taken, has_line(door, since))


def at_every_moment(door: Door, plant: Fault, another_day: Callable[[], None]) -> Iterator[Result]:
    """The fault at the first moment of this door's request, at the second, and so on, until there is no such moment."""
    for number in range(1, MOST):
        another_day()
        result = go_through(door, plant(number))
        if not result.came:
            assert (result.status in SERVED, result.in_the_log) == (True, True), f"{door.name} does not open at all."
            return
        yield result
    raise AssertionError(f"{door.name} has more than {MOST} moments.")


@pytest.mark.parametrize("name", NO_ANSWER)
def test_a_fault_at_any_moment_serves_nothing_that_is_not_in_the_log(
    doors: list[Door], another_day: Callable[[], None], name: str
) -> None:
    for door in doors:
        results = list(at_every_moment(door, NO_ANSWER[name], another_day))
        assert results, f"{door.name}: the fault was never planted."
        assert not [place for place, result in enumerate(results, 1) if result.leaked], f"{door.name}: {name}"
        assert {result.status for result in results} <= SAYS_SO | BROKE_OFF | SERVED, f"{door.name}: {name}"
    assert verify().whole


def test_a_log_that_cannot_be_written_opens_nothing_and_says_so(
    doors: list[Door], another_day: Callable[[], None]
) -> None:
    for door in doors:
        another_day()
        result = go_through(door, planting.read_only_database())
        assert (result.secret_out, result.status) == (False, 503), door.name


def test_a_clock_that_goes_back_neither_opens_without_a_line_nor_breaks_the_log(
    doors: list[Door], another_day: Callable[[], None], clock: Callable[[Any], None]
) -> None:
    for door in doors:
        another_day()
        assert go_through(door, nullcontext()).in_the_log, door.name
        clock(the_clock.now() - timedelta(hours=20))
        result = go_through(door, nullcontext())
        assert not result.leaked, door.name
        assert result.status in SERVED, door.name
    assert verify().whole


def test_a_planted_leak_is_found(
    doors: list[Door], another_day: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this module says is only worth as much as this: a service that opens before it writes down is found out."""

    def before_the_line(line: Any, *, container: Any, scope: Any, subject: str = "") -> Any:
        return mint(seq=1, leaf=b"", person=line.person, container=container, scope=scope, subject=subject)

    monkeypatch.setattr(log, "append_first", before_the_line)
    another_day()
    assert go_through(doors[0], nullcontext()).leaked
