import os
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from dhr.audit import export, offline
from dhr.audit.checkpoints import SigningKeyMissing, fingerprint
from dhr.audit.log import LogUnavailable

DAMAGED = (
    "The log takes no line about this export, so nothing was exported. Run manage.py verify_access_log. If the log is "
    "damaged and you need it as evidence, add --damaged: the export will say of itself that it is not in the log."
)


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day: write it as 2026-03-01") from None


class Command(BaseCommand):
    help = "Writes the access log with its proofs to a zip that anybody can check with the verify.py in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.zip", nargs="?")
        parser.add_argument(
            "--review", default="", metavar="DHR10", help="show this review's lines; the others as hashes"
        )
        parser.add_argument(
            "--since", type=a_day, metavar="DAY", help="show lines from this day on; earlier ones as hashes"
        )
        parser.add_argument("--damaged", action="store_true", help="export even if the log takes no line about it")
        parser.add_argument(
            "--verifier", type=Path, metavar="FILE", help="write only verify.py, for somebody who checks"
        )

    def handle(self, *args: Any, out: Path | None, verifier: Path | None, **options: Any) -> None:
        if verifier is not None:
            write_whole(verifier, [offline.one_file().encode()])
        if out is not None:
            self._export(out, export.Wanted(options["review"].strip().upper(), options["since"]), options["damaged"])
        if out is None and verifier is None:
            raise CommandError("Name the file to write: manage.py export_access_log OUT.zip")
        self.stdout.write(f"SHA-256 of verify.py: {sha256(offline.one_file().encode()).hexdigest()}")

    def _export(self, out: Path, wanted: export.Wanted, damaged: bool) -> None:
        try:
            recorded = self._record(wanted, damaged)
            write_whole(out, export.stream(wanted, recorded=recorded, tell=self._tell))
            key = fingerprint()
        except (export.NothingToExport, SigningKeyMissing) as error:
            raise CommandError(str(error)) from error
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The export could not be written, and nothing was left behind: {error}") from error
        self.stdout.write(f"Wrote {out}. Check it with: python3 verify.py {out} --key '{key}' --checkpoint EARLIER")

    def _record(self, wanted: export.Wanted, damaged: bool) -> bool:
        try:
            export.record(wanted, person=None)
        except LogUnavailable:
            if not damaged:
                raise CommandError(DAMAGED) from None
            return False
        return True

    def _tell(self, done: int, of: int) -> None:
        self.stderr.write(f"{done:,} of {of:,} lines", style_func=str)


def write_whole(path: Path, pieces: Any) -> None:
    """All of it or nothing under this name, readable by its owner alone. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
