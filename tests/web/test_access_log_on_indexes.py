"""Every page of the auditor, on a log with enough lines: fewer than twelve queries, none of which reads the whole table.

What the database plans hangs on how many lines there are: with a few it would rightly read them all. SQLite plans by the
indexes there are, so its plans are asserted here. PostgreSQL weighs what a page costs it, and of a table as short as this
one, which was never vacuumed, it does well to read some through: its plans are asserted of a million lines by `python -m
tests.performance.auditor`; here, that a filter uses its index and that a missing one is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from dhr.audit.questions import bulk
from tests.performance import auditor
from tests.web.matrix.world import taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("auditor")]  # one worker fills it, and once
LINES = 20_000


@pytest.fixture(scope="module")
def client(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    """Filled once; all of it is taken back. The tests of this module only read, and leave a line each."""
    with django_db_blocker.unblock(), taken_back():
        yield auditor.filled(LINES)


def test_no_page_needs_twelve_queries_or_reads_the_whole_table(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "ROUNDS", 1)
    found = list(auditor.pages(client))
    assert len(found) > 80
    assert {asked.name: asked.status for asked in found if asked.status != 200} == {}
    assert {asked.name: asked.queries for asked in found if asked.queries >= auditor.TOO_MANY_QUERIES} == {}
    if connection.vendor == "sqlite":
        scans = {asked.name: [sql for sql in asked.scans if sql != bulk.CROWDED] for asked in found}
        assert {name: scanned for name, scanned in scans.items() if scanned} == {}


def test_a_query_that_reads_the_whole_table_would_be_found(client: Client) -> None:
    whole = "SELECT COUNT(*) FROM audit_entry e WHERE e.leaf = %s"
    one = "SELECT * FROM audit_entry WHERE seq = %s"
    assert auditor.reads_the_whole_table(whole, [b"x"])
    assert not auditor.reads_the_whole_table(one, [1])


def test_without_its_index_a_filter_would_be_found(client: Client) -> None:
    asked = "SELECT seq FROM audit_entry WHERE reference = %s"
    assert not auditor.reads_the_whole_table(asked, ["DHR12"])
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX audit_of_reference")
    assert auditor.reads_the_whole_table(f"{asked} ", ["DHR12"])  # the same words would get the plan of before
