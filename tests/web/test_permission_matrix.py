"""Every address x everybody x own and foreign things x inside and outside their dates: the answer is the table's, and no
answer holds a word that its reader may not see. The table is written by hand from who-may: docs/decisions/permission-matrix.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from dhr.accounts.urls import PUBLIC

from .matrix.lists import BY_REFERENCE, COUNTS, SHOWN
from .matrix.rows import ACTORS, OF_THE_REVIEW, OUTSIDE, SIGNED_IN, Row, is_signed_out
from .matrix.secrets import READ_BY, may_read
from .matrix.table import BY_ID, TABLE
from .matrix.world import Answer, World, ask, the_world

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once: walking it costs seconds, and every request is taken back."""
    with django_db_blocker.unblock(), the_world() as built:
        yield built


def patterns(found: Any = None) -> Iterator[URLPattern]:
    for each in get_resolver().url_patterns if found is None else found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = [each.name for each in patterns()]
    nameless = [str(each.pattern) for each in patterns() if not each.name]
    assert not nameless, f"Give these addresses a name, and a row in tests/web/matrix: {nameless}"
    assert set(names) - {row.name for row in TABLE} == set(), "These addresses have no row in tests/web/matrix."
    assert {row.name for row in TABLE} - set(names) == set(), "These rows are about addresses that do not exist."
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name, count in Counter(row.id for row in TABLE).items() if count > 1] == []


def test_only_the_door_is_open_to_strangers() -> None:
    assert {row.name for row in TABLE if row.public} == set(PUBLIC) - {"demo-sign-in"}  # which only a demo has


def test_every_secret_word_has_its_readers(world: World) -> None:
    assert set(READ_BY) == set(world.own.secrets) == set(world.foreign.secrets)
    assert not set(world.own.secrets.values()) & set(world.foreign.secrets.values())


def everybody(row: Row) -> tuple[str, ...]:
    """All, on SQLite. On PostgreSQL, of the copies that are outside their dates, those whose turn it is at this address: each
    has its turn at every fourth, and everybody else asks everywhere (docs/decisions/permission-matrix.md)."""
    if connection.vendor == "sqlite":
        return ACTORS
    turn = OUTSIDE[TABLE.index(row) % 4 :: 4]
    return tuple(actor for actor in ACTORS if actor not in OUTSIDE or actor in turn)


def requests_of(row: Row, *, foreign: bool) -> Iterator[tuple[str, str]]:
    """Who asks, and how. Who has no part in either review asks for the own thing alone; a method that is not there is tried
    by two; of those who are signed out, nobody tries to send for all."""
    for actor in OF_THE_REVIEW if foreign else everybody(row):
        yield actor, "GET"
        if row.offers("POST") and not (actor in OUTSIDE and is_signed_out(actor)):
            yield actor, "POST"
    if not row.offers("POST"):
        yield from (("officer", "POST"), ("appointee", "POST"))


def test_each_copy_outside_its_dates_has_its_turn_everywhere_on_one_database_and_at_a_quarter_on_the_other() -> None:
    turns = Counter(actor for row in TABLE for actor in everybody(row) if actor in OUTSIDE)
    assert set(turns) == set(OUTSIDE)
    assert min(turns.values()) >= (len(TABLE) if connection.vendor == "sqlite" else len(TABLE) // 4)


def wrong_status(row: Row, actor: str, method: str, answer: Answer, *, foreign: bool) -> str:
    if answer.status >= 500:
        return f"a fault, {answer.fault or answer.status}"
    if row.public:
        return ""
    if is_signed_out(actor):
        asked = answer.status in ({302} if method == "GET" else {302, 401}) and SIGN_IN in answer.everything
        return "" if asked else f"{answer.status} instead of the way to sign-in"
    expected = row.expected(actor, method, foreign=foreign)
    if answer.status not in expected:
        return f"{answer.status} instead of {' or '.join(map(str, sorted(expected)))}"
    if (
        answer.status in {403, 404}
        and not answer.refused
        and row.offers(method)
        and not row.may(actor, method, foreign=foreign)
    ):
        return f"{answer.status}, and no line in the log says that they were refused"
    return ""


def leaks(world: World, actor: str, answer: Answer) -> list[str]:
    text = answer.everything
    return [
        f"{group.label}: {kind}"
        for group in (world.own, world.foreign)
        for kind, word in group.secrets.items()
        if word in text and not may_read(actor, kind, foreign=group is world.foreign)
    ]


def differences(world: World, row: Row) -> Iterator[str]:
    for group in (world.own, world.foreign) if row.thing else (world.own,):
        keys, query = group.things[row.thing] if row.thing else ([], "")
        url = reverse(row.name, args=keys) + query
        for actor, method in requests_of(row, foreign=group is world.foreign):
            answer = ask(world, actor, method, url)
            said = f"{actor}, {method}, {group.label}: "
            if wrong := wrong_status(row, actor, method, answer, foreign=group is world.foreign):
                yield said + wrong
            for leak in leaks(world, actor, answer):
                yield f"{said}LEAKS {leak}"


@pytest.mark.parametrize("row_id", list(BY_ID))
def test_an_address_answers_everybody_as_who_may_says(row_id: str, world: World) -> None:
    found = list(differences(world, BY_ID[row_id]))
    assert not found, f"{row_id}: {len(found)} answers differ from who-may\n" + "\n".join(found)


@pytest.mark.parametrize("shown", SHOWN, ids="-".join)
def test_what_may_be_read_is_there_so_that_its_absence_says_something(
    shown: tuple[str, str, str, str, str], world: World
) -> None:
    thing, name, method, actor, kinds = shown
    keys, query = world.own.things[thing] if thing else ([], "")
    answer = ask(world, actor, method, reverse(name, args=keys) + query)
    missing = [kind for kind in kinds.split() if world.own.secrets[kind] not in answer.everything]
    assert (answer.status, missing) == (200, [])


@pytest.mark.parametrize(("name", "thing", "pattern"), list(COUNTS))
def test_a_list_has_as_many_rows_as_its_reader_may_see(name: str, thing: str, pattern: str, world: World) -> None:
    expected = COUNTS[name, thing, pattern]
    url = reverse(name, args=world.own.things[thing][0] if thing else [])
    found = {}
    for actor in (*SIGNED_IN, *(one for one in OUTSIDE if not is_signed_out(one))):
        answer = ask(world, actor, "GET", url)
        rows = len(set(re.findall(pattern, answer.body))) if answer.status == 200 else 0
        if rows != expected.get(actor, 0):
            found[actor] = f"{rows} instead of {expected.get(actor, 0)}"
    assert found == {}


@pytest.mark.parametrize("actor", sorted(SIGNED_IN))
def test_looking_for_a_foreign_review_finds_nothing(actor: str, world: World) -> None:
    foreign: tuple[UUID, UUID] = (world.foreign.review.pk, world.foreign.early.pk)
    for review in (world.foreign.review, world.foreign.early):
        asked = [ask(world, actor, "GET", reverse(name), {key: review.reference}) for name, key in BY_REFERENCE]
        asked += [
            ask(world, actor, "GET", reverse("reviews"), {"q": review.pseudonym, "state": "all"}),
            ask(world, actor, "POST", reverse("reviews"), {"known_as": review.pseudonym}),
            ask(world, actor, "GET", reverse("your-work"), {"q": world.foreign.word("title_default")}),
        ]
        assert [answer.status for answer in asked] == [200] * len(asked)
        assert not [answer.headers for answer in asked if any(str(key) in answer.everything for key in foreign)]
