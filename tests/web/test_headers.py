"""What every answer tells the browser: a strict policy, nothing kept, nothing framed, cookies out of reach of scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from tests.cast import PASSWORD

from .matrix.rows import Row
from .matrix.table import TABLE
from .matrix.world import Answer, World, ask, the_world

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
}
ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Browsers' own PDF viewers do not start in a sandbox, so a PDF gets a policy under which nothing can load or run.
OF_A_PDF = {"default-src 'none'", "style-src 'unsafe-inline'", "object-src 'self'", "frame-ancestors 'none'"}
# A page of a paper brings its image along; nothing else may come in by that way.
OF_A_PAGE = POLICY - {"img-src 'self'"} | {"img-src 'self' data:"}
PAPERS = {"document-open", "document-download"}
ASKED = [row for row in TABLE if row.get or row.public]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), the_world() as built:
        yield built


def policy(answer: Answer) -> set[str]:
    return {part.strip() for part in answer.headers.get("Content-Security-Policy", "").split(";") if part.strip()}


def holds_an_image(answer: Answer) -> bool:
    return 'src="data:image/jpeg;' in answer.body


def is_a_paper(answer: Answer) -> bool:
    return answer.headers.get("Content-Type") == "application/pdf"


def faults(answer: Answer, *, signed_in: bool) -> list[str]:
    expected = OF_A_PDF if is_a_paper(answer) else OF_A_PAGE if holds_an_image(answer) else POLICY
    found = (
        []
        if policy(answer) == expected
        else [f"Content-Security-Policy: {answer.headers.get('Content-Security-Policy')}"]
    )
    found += [
        f"{name}: {answer.headers.get(name)}" for name, value in ALWAYS.items() if answer.headers.get(name) != value
    ]
    if signed_in and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {answer.headers.get('Cache-Control')}")
    open_ones = [name for name, one in answer.cookies.items() if not (one["httponly"] and one["samesite"])]
    return found + [f"cookie {name}" for name in open_ones]


def who_asks(row: Row) -> list[str]:
    """Somebody who may, somebody who may not, and nobody."""
    return [*(row.get or "").split()[:1], "stranger", "anonymous"]


@pytest.mark.parametrize("row_id", [row.id for row in ASKED])
def test_every_answer_has_its_headers(row_id: str, world: World) -> None:
    row = next(each for each in ASKED if each.id == row_id)
    keys, query = world.own.things[row.thing] if row.thing else ([], "")
    url = reverse(row.name, args=keys) + query
    found = {actor: faults(ask(world, actor, "GET", url), signed_in=actor != "anonymous") for actor in who_asks(row)}
    assert not {actor: wrong for actor, wrong in found.items() if wrong}, row.id


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_paper_is_shut_in_and_says_its_kind_and_never_its_title(name: str, world: World) -> None:
    answer = ask(world, "lead_chair", "GET", reverse(name, args=world.own.things["version_default"][0]))
    assert (answer.status, is_a_paper(answer)) == (200, True)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert world.own.word("title_default") not in str(answer.headers).casefold()


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(world: World) -> None:
    client = Client()
    client.post(reverse("sign-in"), {"login": world.own.cast.lead_chair.email, "password": PASSWORD})
    client.get(reverse("sign-in"))
    kept = {name: (bool(one["httponly"]), one["samesite"]) for name, one in client.cookies.items()}
    assert kept[settings.SESSION_COOKIE_NAME] == (True, "Lax")
    assert set(kept.values()) == {(True, "Lax")}
