"""What the tests of an exported log share: a log to write, the hands that could be laid on it, and a stranger who checks."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection, transaction

from dhr import clock
from dhr.audit import checkpoints, log, offline, shipping, triggers
from dhr.audit.line import Line
from dhr.audit.merkle import Frontier
from dhr.audit.models import AuditEntry, LogHead

REVIEW = UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
OTHER = UUID("1b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
APART = timedelta(minutes=20)
LATER = datetime(2027, 1, 4, 9, tzinfo=UTC)  # when the exports are made
KINDS = (
    *("edit", "delete", "insert", "reorder", "tail cut", "whole-log replacement", "fork", "back-dating"),
    *("replayed old checkpoint", "re-signed with another key"),
)


def line(number: int) -> Line:
    review, reference = (REVIEW, "DHR12") if number % 3 else (OTHER, "DHR13")
    return Line(event="review.viewed", person=number, review=review, reference=reference, details={"page": "stages"})


def write(number: int, at: datetime | None = None) -> AuditEntry:
    with clock.at(at or NOON + APART * number), transaction.atomic():
        return log.append([line(number)])[0]


def ship(at: datetime | None = None, note: str = "") -> None:
    """The head's checkpoint leaves the database, at the time of the newest entry or then."""
    head = LogHead.objects.get()
    with clock.at(at or AuditEntry.objects.get(seq=head.size).at):
        shipping.ship(note or head.checkpoint)


def twelve() -> None:
    """Twelve entries, with checkpoints shipped at three, eight and ten."""
    for number in range(1, 13):
        write(number)
        if number in {3, 8, 10}:
            ship()


# ------------------------------------------------------------------------------------------------- hands in the database
def raw(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def unguarded() -> None:
    connection.check_constraints()  # PostgreSQL refuses to change a table with checks outstanding
    triggers.remove()


def renumber(first: int, steps: int) -> None:
    """Move all entries from this number on by so many places, hashes and all."""
    seqs = (
        AuditEntry.objects.filter(seq__gte=first).values_list("seq", flat=True).order_by("-seq" if steps > 0 else "seq")
    )
    for seq in list(seqs):
        raw("UPDATE audit_entry SET seq = %s WHERE seq = %s", seq + steps, seq)


def swap(one: int, two: int) -> None:
    for was, becomes in ((one, 999), (two, one), (999, two)):
        raw("UPDATE audit_entry SET seq = %s WHERE seq = %s", becomes, was)


def put_in(seq: int, *, at: datetime) -> None:
    """An entry that nobody appended, with the hash that would be its own."""
    entry = AuditEntry(
        seq=seq, at_us=int(at.timestamp() * 1_000_000), event="review.viewed", person=66, reference="DHR12"
    )
    entry.leaf = entry.computed_leaf()
    AuditEntry.objects.bulk_create([entry])


def mend_hashes() -> Frontier:
    """What can be made to fit without the key: every leaf."""
    tree = Frontier()
    for entry in AuditEntry.objects.oldest_first():
        entry.leaf = entry.computed_leaf()
        AuditEntry.objects.filter(seq=entry.seq).update(leaf=entry.leaf)
        tree.add(entry.leaf)
    return tree


def mend_all(signer: checkpoints.Signer | None = None) -> None:
    """What can be made to fit with the key: every leaf, the head, and its signature."""
    tree = mend_hashes()
    note = (signer or checkpoints.signer()).sign(tree.size, tree.root())
    LogHead.objects.update(size=tree.size, frontier=bytes(tree), root=tree.root(), checkpoint=note)


def another_key() -> checkpoints.Signer:
    return checkpoints.Signer(checkpoints.signer().origin, Ed25519PrivateKey.generate())


# --------------------------------------------------------------------------------------------------- a stranger checks
@dataclass(frozen=True)
class Answer:
    code: int
    text: str

    @property
    def kinds(self) -> set[str]:
        return {row[2:].partition(":")[0] for row in self.text.splitlines() if row.startswith("- ")}


@dataclass(frozen=True)
class Outside:
    """What a stranger has from before: the fingerprint on paper, and a copy of the shipped checkpoints."""

    fingerprint: str
    kept: Path

    @classmethod
    def of_now(cls, folder: Path) -> "Outside":
        kept = folder / "kept.log"
        kept.write_text(shipping.shipping_file().read_text() if shipping.shipping_file().exists() else "")
        return cls(checkpoints.fingerprint(), kept)

    def options(self) -> list[str]:
        return ["--key", self.fingerprint, *(["--checkpoint", str(self.kept)] if self.kept.read_text() else [])]


def exported(folder: Path, *options: str) -> Path:
    out = folder / "out.zip"
    with clock.at(LATER):
        call_command("export_access_log", str(out), "--damaged", *options, stdout=StringIO(), stderr=StringIO())
    return out


def checked(out: Path, *options: str) -> Answer:
    """By the one file, alone with the standard library, in a process of its own."""
    program = out.with_name("verify.py")
    program.write_text(offline.one_file())
    command = [sys.executable, "-I", str(program), str(out), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return Answer(done.returncode, done.stdout)


def repacked(out: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The export with its files changed by hand."""
    with zipfile.ZipFile(out) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(name, content)
    return out


def told(out: Path) -> list[list[Any]]:
    """The lines of the log as the export holds them."""
    with zipfile.ZipFile(out) as made:
        return [json.loads(one) for one in made.read("log.jsonl").splitlines()]
