"""Starting a census: a scratch folder, a process of its own in it, and what that process wrote and said."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .canaries import Canaries
from .places import folder
from .report import Report, from_json
from .sieve import Sieve

SETTINGS = "workflows.census.settings"
INSIDE = "workflows.census.inside"
SAID = "said"  # the folder for what the process says: its standard output and error


class CannotTell(Exception):
    """The census did not come to its end, so it says nothing. The sentence says why."""


@contextmanager
def scratch_folder(*, keep: bool = False) -> Iterator[Path]:
    """A folder for everything, closed to others; gone afterwards unless it is kept."""
    made = Path(tempfile.mkdtemp(prefix="dhr-census-"))
    try:
        for name in ("tmp", SAID):
            (made / name).mkdir(mode=0o700)
        yield made
    finally:
        if not keep:
            shutil.rmtree(made, ignore_errors=True)


def run(scratch: Path, *, keep: bool = False, inside: str = INSIDE) -> Report:
    """Make a census in this folder, in a process that knows no other deployment. Raises CannotTell."""
    command = [sys.executable, "-m", inside, *(["--keep"] if keep else [])]
    with (scratch / SAID / "output").open("wb") as output, (scratch / SAID / "errors").open("wb") as errors:
        ended = subprocess.run(
            command,
            env=environment(scratch),
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            check=False,
        )
    return _report(scratch, ended.returncode)


def environment(scratch: Path) -> dict[str, str]:
    """Ours, with everything that names a place pointed into the scratch folder."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DHR_CENSUS_OF": str(settings.SETTINGS_MODULE),
        "DHR_CENSUS_SCRATCH": str(scratch),
        "DHR_CENSUS_DATABASE": f"dhr_census_{secrets.token_hex(6)}",
        "DHR_VAR": str(scratch / "var"),
        "TMPDIR": str(scratch / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _report(scratch: Path, code: int) -> Report:
    refused, written = scratch / "refused.txt", scratch / "report.json"
    if refused.exists():
        raise CannotTell(refused.read_text())
    if code or not written.exists():
        last = (scratch / SAID / "errors").read_text(errors="replace").strip().splitlines()[-1:]
        raise CannotTell(f"The census stopped before its end: {' '.join(last) or f'it ended with {code}'}")
    plain = json.loads(written.read_text())
    report = from_json(plain["report"])
    canaries = Canaries(stem=plain["stem"], words=plain["words"])
    report.places.append(folder("standard output and error", Sieve(canaries), scratch / SAID))
    return report
