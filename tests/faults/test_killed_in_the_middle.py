"""The process is killed (SIGKILL) at every statement, at every commit and after every piece: what came out is in the log."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from dhr import clock as the_clock
from dhr.access import grants
from dhr.audit.verify import verify
from tests.cast import make_cast

from . import planting
from .doors import Door, build_doors, has_line, newest_line, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 80
Plant = Callable[[int], AbstractContextManager[Any]]
DEATHS: dict[str, Plant] = {
    "before a statement": lambda n: planting.at_statement(n, planting.process_is_killed),
    "before a commit": lambda n: planting.at_commit(n, planting.process_is_killed),
    "after a commit": lambda n: planting.at_commit(n, planting.process_is_killed, afterwards=True),
}


@pytest.fixture
def doors(transactional_db: None) -> Iterator[list[Door]]:
    yield build_doors(make_cast())
    connection.close()
    grants.forget_permission_ids()


@pytest.fixture
def another_day(clock: Callable[[Any], None]) -> Callable[[], None]:
    days, start = iter(range(1, 10_000)), the_clock.now()
    return lambda: clock(start + timedelta(days=next(days)))


def in_a_process_of_its_own(door: Door, fault: AbstractContextManager[Any], last_piece: int = 0) -> tuple[bytes, bool]:
    """What came out of the request before its process ended, and whether it was killed. `last_piece`: killed after it."""
    client = signed_in(door.person)
    connection.close()  # neither process inherits the other's
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _ask(door, client, fault, writing, last_piece)
    os.close(writing)
    with os.fdopen(reading, "rb") as received:
        out = received.read()
    _, status = os.waitpid(child, 0)
    return out, os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _ask(door: Door, client: Any, fault: AbstractContextManager[Any], writing: int, last_piece: int) -> None:
    """In the child: never returns."""
    pieces = 0

    def sent(piece: bytes) -> None:
        nonlocal pieces
        os.write(writing, piece)
        pieces += 1
        if pieces == last_piece:
            planting.process_is_killed()

    try:
        with fault:
            door.go(client, sent)
    finally:
        os._exit(0)


@pytest.mark.parametrize("name", DEATHS)
def test_nothing_came_out_of_a_killed_process_that_is_not_in_the_log(
    doors: list[Door], another_day: Callable[[], None], name: str
) -> None:
    for door in (doors[0], doors[-1]):  # a paper and a name: each death is a process of its own, and takes its time
        for number in range(1, MOST):
            another_day()
            since = newest_line()
            out, killed = in_a_process_of_its_own(door, DEATHS[name](number))
            assert door.secret not in out or has_line(door, since), f"{door.name}, killed {name} {number}"
            if not killed:
                assert number > 1, f"{door.name}: nobody was killed."
                assert door.secret in out, f"{door.name} does not open at all."
                break
        else:
            raise AssertionError(f"{door.name} has more than {MOST} moments.")
    assert verify().whole


def test_a_process_killed_while_it_sends_has_its_line_already(
    doors: list[Door], another_day: Callable[[], None]
) -> None:
    for door in doors:
        another_day()
        since = newest_line()
        out, killed = in_a_process_of_its_own(door, nullcontext(), last_piece=1)
        assert killed
        assert out
        assert has_line(door, since), door.name
    assert verify().whole
