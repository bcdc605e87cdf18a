"""Checks an exported access log on any machine with Python 3.9 or newer. Nothing else is needed, and no network.

    python3 verify.py OUT.zip --key FINGERPRINT [--checkpoint EARLIER]

FINGERPRINT is the one that you were given on paper or by telephone, not one from inside the export. EARLIER is what you
kept outside the service: a copy of its checkpoints.log, or one signed checkpoint.
Exit 0: whole. Exit 1: not whole, and each fault is named. Exit 2: cannot be checked (no export, wrong arguments).
The format is docs/formats/access-log-v1.md: RFC 6962 (tree), RFC 8032 (Ed25519), c2sp.org/signed-note.
"""

from __future__ import annotations

import argparse
import re
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Iterable, Iterator  # noqa: UP035 - reads the same on Python 3.9

from .faults import DAMAGED, RE_SIGNED, REPLACED, Report, Unusable
from .judge import collect, count, judge_checkpoints, judge_consistency, judge_log
from .notes import SHIPPED, Checkpoint, Key
from .package import Export
from .walk import Walk, moment

LONGEST_WITNESS = 100_000_000  # bytes
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RecursionError),
    *(NotImplementedError, RuntimeError, OverflowError, MemoryError, LookupError, TypeError),
)


def check(path: str, fingerprint: str | None, witnesses: list[str]) -> tuple[Report, str]:
    """What is wrong, what could not be checked, and what was found good in one sentence. Raises Unusable."""
    report, export = Report(), Export(path)
    facts, key = export.facts(), Key(export.text("key.txt").rstrip("\n"))
    _compare(key, fingerprint, report)
    shipped = collect(key, _numbered("checkpoints.log in the export", export.lines("checkpoints.log")), report)
    kept = judge_checkpoints([*shipped, *_from_outside(key, witnesses, report)], report)
    head = key.read(export.text("checkpoint.txt"), "the head of the log")
    head = head if head and head.signed else None
    walk = Walk(export, facts, head, kept)
    walk.read(report)
    judge_log(walk, report)
    if not report.broken:
        judge_consistency(export, shipped, head, report)
    _say_what_is_not_shown(walk, report)
    newest = f", the newest shown of {moment(walk.newest)}" if walk.shown else ""
    return report, f"The log is whole: {count(walk.tree.size)}{newest}. {_signed(kept, head, key)}"


def _signed(kept: list[Checkpoint], head: Checkpoint | None, key: Key) -> str:
    """By whom, in a sentence. The log of a service that has just been set up has no head, and nothing to sign."""
    if head is None:
        return "It is empty, and nothing in it is signed: anybody could have made it."
    signed = f"{len(kept):,} checkpoint{'s' if len(kept) != 1 else ''} and the head"
    return f"{signed} are signed by the key {spaced(key.fingerprint)}."


def spaced(fingerprint: str) -> str:
    return " ".join(fingerprint[start : start + 4] for start in range(0, 32, 4))


def _compare(key: Key, fingerprint: str | None, report: Report) -> None:
    if fingerprint is None:
        told = (
            f"Whether this is the right log. Compare {spaced(key.fingerprint)} with the fingerprint that you were given"
        )
        report.unchecked.append(
            f"{told}, or name that one with --key: anybody can make a log anew with a key of their own."
        )
        return
    given = re.sub(r"[\s:-]", "", fingerprint).lower()
    if not re.fullmatch(r"[0-9a-f]{32}", given):
        raise Unusable("The fingerprint must be 32 of the characters 0 to 9 and a to f; spaces do not matter.")
    if given != key.fingerprint:
        told = f"It is signed with another key ({spaced(key.fingerprint)}) than the one you named"
        report.blame(REPLACED, f"{told}. Compare the fingerprint once more before you say so.")


def _numbered(name: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((f"line {number} of {name}", line) for number, line in enumerate(lines, start=1))


def _from_outside(key: Key, witnesses: list[str], report: Report) -> list[Checkpoint]:
    """What was kept outside the service, in all of these files."""
    if not witnesses:
        told = "Whether lines were cut off the end, or the log was written anew by somebody who holds its key: that shows only"
        report.unchecked.append(
            f"{told} against a checkpoint kept outside the service. Name its file with --checkpoint."
        )
        return []
    own = Report()
    found = [one for witness in witnesses for one in _witnessed(key, _text_of(witness), own)]
    if not found:
        report.blame(REPLACED, "Nothing that you kept is signed by the key of this export: it is another log.")
    elif own.faults[RE_SIGNED]:
        report.faults[RE_SIGNED] += own.faults[RE_SIGNED]
    return found


def _witnessed(key: Key, text: str, own: Report) -> list[Checkpoint]:
    """What this file holds that the key signed. Raises Unusable for what is neither shipped lines nor a signed note."""
    lines = text.rstrip("\n").split("\n")
    if SHIPPED.fullmatch(lines[0]):
        found = collect(key, _numbered("the checkpoints you kept", lines), own)
        if own.faults[DAMAGED]:
            raise Unusable(
                f"In the file named with --checkpoint, {own.faults[DAMAGED][0]} Take that line out, or copy it anew."
            )
        return found
    note = key.read(text, "the checkpoint you kept")
    if note is None:
        raise Unusable(
            "The file named with --checkpoint holds neither shipped checkpoints nor one signed checkpoint. "
            "Where you kept several signed ones, put each into a file of its own and name them all."
        )
    if not note.signed:
        own.blame(RE_SIGNED, "The checkpoint you kept is not signed by the key of this export.")
    return [note] if note.signed else []


def _text_of(witness: str) -> str:
    with Path(witness).open("rb") as file:
        raw = file.read(LONGEST_WITNESS + 1)
    if len(raw) > LONGEST_WITNESS:
        raise Unusable("The file named with --checkpoint is too long.")
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _say_what_is_not_shown(walk: Walk, report: Report) -> None:
    review, since = walk.facts.review, walk.facts.since
    whose = f"each of them is from before {since} or not about {review}" if since else f"none of them is about {review}"
    if review:
        told = f"What stands in {count(walk.hidden)}: they are shown as hashes only, so each is counted and none can be changed"
        report.unchecked.append(f"{told}. That {whose} rests on who made the export.")
    elif walk.hidden:
        told = f"What stands in the first {count(walk.hidden)}: before {since} only their hashes are shown"
        told += ", so each is counted and none can be changed"
        report.unchecked.append(f"{told}. That all of them are from before that day rests on who made the export.")
    if not walk.facts.recorded:
        report.unchecked.append("Who made this export: the log took no line about it, because it was damaged by then.")
    report.unchecked.append("What was written after the export was made: ask for a new one to see that.")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Says whether an exported access log is whole.")
    parser.add_argument("export", metavar="OUT.zip")
    parser.add_argument("--key", metavar="FINGERPRINT", help="the fingerprint that you were given outside the service")
    words = "a checkpoint, or a checkpoints.log, that you kept; may be given more than once"
    parser.add_argument("--checkpoint", metavar="EARLIER", action="append", default=[], help=words)
    asked = parser.parse_args(arguments)
    try:
        report, sentence = check(asked.export, asked.key, asked.checkpoint)
    except Unusable as error:
        return say(f"This cannot be checked. {error}", code=2)
    except UNREADABLE as error:
        return say(f"This cannot be checked. A file is missing, damaged or no export ({type(error).__name__}).", code=2)
    faults = {kind: told for kind, told in report.faults.items() if told}
    say(sentence if not faults else "The log is NOT whole.")
    for kind, told in faults.items():
        for one in told:
            say(f"- {kind}: {one[0].upper()}{one[1:]}")
        if report.more[kind]:
            say(f"- {kind}: and {report.more[kind]:,} more.")
    for one in report.unchecked:
        say(f"Not checked: {one[0].lower()}{one[1:]}")
    return 1 if faults else 0


def say(sentence: str, code: int = 0) -> int:
    sys.stdout.write(sentence.encode("ascii", "backslashreplace").decode() + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
