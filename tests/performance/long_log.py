"""How long a stranger waits: a log of a million entries with a thousand shipped checkpoints, exported and checked.

    python -m tests.performance.long_log [ENTRIES]

Prints seconds and peak memory of the export, of verify.py (as a stranger runs it, in a process of its own) and of the
check that `manage.py verify_access_log` makes. Takes the database that the tests take: SQLite in a folder that goes away.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import django

CHECKPOINTS = 1_000
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
APART = timedelta(minutes=3)  # one entry and the next
AT_A_TIME = 5_000
GOAL_SECONDS, GOAL_MEGABYTES = 60, 300


def main(entries: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dhr.settings.test")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder  # the test settings make theirs in it, and all of it goes away
        django.setup()
        return run(Path(folder), entries)


def run(folder: Path, entries: int) -> int:
    from django.core.management import call_command

    from dhr.audit import checkpoints

    call_command("migrate", verbosity=0)
    checkpoints.make_signing_key()
    print(f"{entries:,} entries, {CHECKPOINTS:,} shipped checkpoints")
    begun = time.perf_counter()
    write(entries)
    print(f"{'written':>12}{time.perf_counter() - begun:8.1f} s")
    return measure(folder, entries)


def write(entries: int) -> None:
    """The rows, the head and the shipped checkpoints, as the log would have written them one by one."""
    from dhr import clock
    from dhr.audit import checkpoints, shipping
    from dhr.audit.merkle import Frontier
    from dhr.audit.models import AuditEntry, LogHead

    sign, tree, every = checkpoints.signer().sign, Frontier(), max(entries // CHECKPOINTS, 1)
    held: list[AuditEntry] = []
    for entry in invented(entries):
        held.append(entry)
        tree.add(bytes(entry.leaf))
        if tree.size % every == 0:
            with clock.at(entry.at + timedelta(seconds=1)):
                shipping.ship(sign(tree.size, tree.root()))
        if len(held) == AT_A_TIME or tree.size == entries:
            AuditEntry.objects.bulk_create(held)
            held = []
    note = sign(tree.size, tree.root())
    LogHead.objects.bulk_create(
        [LogHead(size=tree.size, frontier=bytes(tree), root=tree.root(), checkpoint=note, at_us=entry.at_us)]
    )


def invented(entries: int) -> Iterator[object]:
    from dhr.audit.models import AuditEntry
    from dhr.audit.reading import microseconds

    for seq in range(1, entries + 1):
        number = seq % 300
        entry = AuditEntry(
            seq=seq,
            at_us=microseconds(BEGINS + APART * seq),
            event="document.opened",
            person=1 + seq % 90,
            review=UUID(int=number + 2**100),
            reference=f"DHR{number}",
            object="document",
            object_id=str(UUID(int=seq % 7_000 + 2**90)),
            version=1 + seq % 3,
            details=f'{{"audience":"officers_and_chairs","kind":"imr","page":{seq % 40}}}',
        )
        entry.leaf = entry.computed_leaf()
        yield entry


def measure(folder: Path, entries: int) -> int:
    out, kept, checker = folder / "log.zip", folder / "kept.log", folder / "verify.py"
    in_its_own("export", f"from django.core.management import call_command as c; c('export_access_log', {str(out)!r})")
    print(f"{'':>12}{out.stat().st_size / 1e6:8.1f} MB")
    from dhr.audit import checkpoints, offline, shipping

    checker.write_text(offline.one_file())
    kept.write_bytes(shipping.shipping_file().read_bytes())
    alone = [
        sys.executable,
        "-I",
        str(checker),
        str(out),
        "--key",
        checkpoints.fingerprint(),
        "--checkpoint",
        str(kept),
    ]
    took, peak = timed("verify.py", alone)
    in_its_own("the service", "from dhr.audit.verify import verify; v = verify(); print(v.sentence); assert v.whole")
    good = took < GOAL_SECONDS and peak < GOAL_MEGABYTES
    print(f"verify.py: goal {GOAL_SECONDS} s and {GOAL_MEGABYTES} MB {'reached' if good else 'MISSED'}")
    return 0 if good or entries > 1_000_000 else 1


def in_its_own(name: str, code: str) -> None:
    """The same database in a new process, which knows its folder by the environment."""
    from django.db import connection

    connection.close()
    prepare = "import django; django.setup(); from django.conf import settings; from django.db import connection; "
    timed(name, [sys.executable, "-c", prepare + there() + code])


def there() -> str:
    """The test settings make a folder for each process: point this one at ours."""
    from django.conf import settings
    from django.db import connection

    where = f"from pathlib import Path; settings.VAR = Path({str(settings.VAR)!r}); "
    return where + f"connection.settings_dict['NAME'] = {str(connection.settings_dict['NAME'])!r}; "


# A process counts the memory of the one that it was forked from, so a small one stands between.
BETWEEN = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def timed(name: str, command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of this command; stops the measurement if it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", BETWEEN, *command], stdout=subprocess.PIPE, text=True, check=False
    )
    took = time.perf_counter() - begun
    *told, kilobytes = done.stdout.splitlines()
    print(f"{name:>12}{took:8.1f} s{int(kilobytes) / 1024:8.0f} MB   {(told or [''])[0][:75]}")
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}: {told}")
    return took, int(kilobytes) / 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
