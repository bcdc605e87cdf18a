"""Every page of the auditor over a log of a million lines: queries, milliseconds, and whether a query reads the whole table.

    python -m tests.performance.auditor [LINES]
    python -m tests.postgres -- python -m tests.performance.auditor [LINES]

Takes the database that the tests take. Ends with 1 where a page needs twelve queries or more, or a query of it reads the
table of the log without an index.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import django

TOO_MANY_QUERIES = 12
ROUNDS = 3


@dataclass
class Asked:
    """What one page cost: its queries, the quickest of some rounds in milliseconds, and the queries without an index."""

    name: str
    status: int
    queries: int
    milliseconds: float
    asked: list[str] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)


@dataclass
class Watch:
    """Keeps what was asked of the database, with its values, so that it can be explained afterwards."""

    seen: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen.append((sql, params))
        return execute(sql, params, many, context)


def main(lines: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dhr.settings.test")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder  # the test settings make theirs in it, and all of it goes away
        django.setup()
        return run(lines)


def run(lines: int) -> int:
    from django.core.management import call_command
    from django.db import connection

    from dhr.audit.checkpoints import make_signing_key
    from restricted_docs.strongroom import make_keys

    call_command("migrate", verbosity=0)
    make_keys()
    make_signing_key()
    begun = time.perf_counter()
    client = filled(lines)
    print(f"{connection.vendor}, {lines:,} lines, written in {time.perf_counter() - begun:.0f} s")
    print(f"{'queries':>8} {'ms':>8}  page")
    done = [show(asked) for asked in pages(client)]
    slow = sorted(done, key=lambda asked: -asked.milliseconds)[:5]
    print("slowest:", "; ".join(f"{asked.name} {asked.milliseconds:.0f} ms" for asked in slow))
    bad = [asked for asked in done if asked.queries >= TOO_MANY_QUERIES or asked.scans or asked.status != 200]
    print(f"{len(done)} pages, {len(bad)} of them with {TOO_MANY_QUERIES} queries or more, or a query without an index")
    return 1 if bad else 0


def show(asked: Asked) -> Asked:
    wrong = "" if asked.status == 200 else f"  ANSWERED {asked.status}"
    print(f"{asked.queries:8} {asked.milliseconds:8.1f}  {asked.name}{wrong}")
    for sql in asked.asked if asked.queries >= TOO_MANY_QUERIES else ():
        print(f"{'':19}{sql[:120]}")
    for scan in asked.scans:
        print(f"{'':19}WITHOUT AN INDEX: {scan[:400]}")
    return asked


def filled(lines: int) -> Any:
    """A log of so many lines by ninety people, the database's statistics, and an auditor who is signed in."""
    from django.db import connection
    from django.test import Client

    from dhr.access.roles import Standing
    from dhr.accounts.models import StandingRole, User

    from . import many_lines

    people = [User.objects.create(email=f"p{number}@example.org", name=f"Person {number}") for number in range(90)]
    auditor = User.objects.create(email="auditor@example.org", name="Aud Itor")
    StandingRole.objects.create(user=auditor, role=Standing.AUDITOR, starts_on="2020-01-01")
    many_lines.write(lines, [person.pk for person in people])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_entry")
    client = Client()
    client.force_login(auditor)
    return client


def pages(client: Any) -> Iterator[Asked]:
    """Each page with each filter and each question."""
    for name, address in addresses():
        yield ask(client, name, address)


def addresses() -> Iterator[tuple[str, str]]:
    from django.urls import reverse
    from django.utils.http import urlencode

    from dhr.audit.models import AuditEntry
    from dhr.audit.questions import QUESTIONS

    def url(view: str, **asked: Any) -> str:
        return f"{reverse(view)}?{urlencode(asked)}"

    last = AuditEntry.objects.newest_first().filter(event="document.opened").first()
    assert last is not None
    filters = dict(_filters(last))
    for name, asked in filters.items():
        yield f"list: {name}", url("access-log", **asked)
    for code in QUESTIONS:
        yield f"question: {code}", url("access-log", question=code)
        yield f"question: {code}, page 2", url("access-log", question=code, before=last.seq // 2)
        yield f"question: {code}, a person", url("access-log", question=code, **filters["a busy person"])
        yield f"question: {code}, from a day", url("access-log", question=code, **filters["from a day"])
    for view in ("access-log-export", "access-log-spreadsheet"):
        for name in ("nothing", "a busy person", "a review", "from and until"):
            yield f"{view}: {name}", url(view, **filters[name])
        for code in QUESTIONS:
            yield f"{view}: {code}", url(view, question=code)
    yield "questions", reverse("access-log-questions")
    yield "a line", reverse("access-log-entry", args=[last.seq // 2])
    yield "verify, before it is asked", reverse("access-log-verify")
    yield "proofs, before they are asked", reverse("access-log-proofs")
    filed = AuditEntry.objects.newest_first().filter(event="document.filed").first()
    assert filed is not None
    could = {"document": filed.object_id, **_day("day", filed)}
    yield "who could have opened it: a paper and a day", url("access-log-could-open", **could)
    yield "who could have opened it: papers of a review", url("access-log-could-open", reference=last.reference)


def _day(name: str, entry: Any) -> dict[str, int]:
    return {f"{name}_day": entry.at.day, f"{name}_month": entry.at.month, f"{name}_year": entry.at.year}


def _filters(last: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    from dhr.accounts.models import User
    from dhr.audit.events import EVENTS, Kind
    from dhr.audit.models import AuditEntry

    middle = AuditEntry.objects.get(seq=last.seq // 2)
    people = User.objects.filter(email__startswith="p").order_by("pk")
    busy, idle = people[0].pk, people[89].pk
    yield "nothing", {}
    yield "nothing, page in the middle", {"before": middle.seq}
    yield "a busy person", {"person": busy}
    yield "a busy person, page in the middle", {"person": busy, "before": middle.seq}
    yield "a person who does little", {"person": idle}
    yield "a review", {"reference": last.reference}
    yield "a review that is none", {"reference": "DHR99999"}
    yield "a paper", {"document": last.object_id}
    for kind in Kind:
        yield f"kind {kind}", {"kind": kind.value}
    for event in ("review.viewed", "identity.revealed", "account.deactivated", "erasure.completed"):
        assert event in EVENTS
        yield f"event {event}", {"event": event}
    yield "from a day", _day("since", middle)
    yield "until a day", _day("until", middle)
    yield "from and until", {**_day("since", middle), **_day("until", middle)}
    yield "a person and a kind", {"person": busy, "kind": "reveal"}
    yield "a person and a rare event", {"person": busy, "event": "erasure.completed"}
    yield "a person and a review", {"person": busy, "reference": last.reference}
    yield "a kind and days", {"kind": "refusal", **_day("since", middle), **_day("until", middle)}
    yield "a review and a kind", {"reference": last.reference, "kind": "export"}


def ask(client: Any, name: str, address: str) -> Asked:
    """The round with the fewest queries counts: once in a while a request prolongs its session, which is two more."""
    from django.db import connection

    quickest, status, seen = float("inf"), 0, []
    for _ in range(ROUNDS):
        watch = Watch()
        begun = time.perf_counter()
        with connection.execute_wrapper(watch):
            answer = client.get(address)
            b"".join(answer) if answer.streaming else answer.content
        quickest, status = min(quickest, time.perf_counter() - begun), answer.status_code
        asked = [one for one in watch.seen if not one[0].startswith(("SAVEPOINT", "RELEASE"))]
        seen = min(seen or asked, asked, key=len)
    scans = [sql for sql, params in seen if reads_the_whole_table(sql, params)]
    return Asked(name, status, len(seen), quickest * 1000, [sql for sql, _ in seen], scans)


def reads_the_whole_table(sql: str, params: Any) -> bool:
    """Whether the database plans to read the table of the log from end to end without an index."""
    from django.db import connection

    if "audit_entry" not in sql or not sql.lstrip().startswith(("SELECT", "WITH")):
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            called = {"audit_entry", *re.findall(r'audit_entry"?\s+(?:AS\s+)?"?(\w+)', sql)}
            return any(_scans_on_sqlite(row[3], called) for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return _scans_on_postgresql((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def _scans_on_sqlite(step: str, called: set[str]) -> bool:
    """SQLite names the table as the query calls it; a scan in the order of an index says which."""
    words = step.split()
    return words[0] == "SCAN" and words[1] in called and "INDEX" not in words


def _scans_on_postgresql(plan: Any) -> bool:
    here = plan["Node Type"] == "Seq Scan" and plan.get("Relation Name") == "audit_entry"
    return here or any(_scans_on_postgresql(below) for below in plan.get("Plans", ()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
