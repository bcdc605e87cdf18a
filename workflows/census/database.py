"""What stands in the scratch database: every value of every row through SQL, its files, and a backup of it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection

from . import places
from .report import Place
from .sieve import Sieve

# The beginning of a table's name -> what its rows are called in the report; the first that fits counts.
GROUPS = {
    "auditlog_": "rows: auditlog",
    "audit_": "rows: access log",
    "accounts_notice": "rows: notices",
    "django_session": "rows: sessions",
    "": "rows: every other table",
}
ROWS_AT_A_TIME = 500


def tables(sieve: Sieve) -> list[Place]:
    """Every value of every row of every table, as text or as bytes."""
    found = {begins: Place(name, {"tables": 0, "rows": 0}) for begins, name in GROUPS.items()}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            place = next(place for begins, place in found.items() if table.startswith(begins))
            place.count("tables")
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a name from the catalogue
            columns = [column[0] for column in cursor.description]
            for rows in iter(lambda cursor=cursor: cursor.fetchmany(ROWS_AT_A_TIME), []):
                place.count("rows", len(rows))
                for name, values in zip(columns, zip(*rows, strict=True), strict=True):
                    place.sift(sieve, f"{table}.{name}", b"\0".join(map(_bytes, values)))
    return list(found.values())


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return (json.dumps(value) if isinstance(value, dict | list) else str(value)).encode()


def files(sieve: Sieve, since: datetime) -> Place:
    """The files that the database writes: as they stand, and once everything has reached them."""
    return _sqlite_files(sieve) if connection.vendor == "sqlite" else _postgresql_files(sieve, since)


def _sqlite_files(sieve: Sieve) -> Place:
    place = Place("database files, WAL")
    database = Path(str(connection.settings_dict["NAME"]))
    for ending in ("", "-wal", "-shm", "-journal"):
        path = database.with_name(database.name + ending)
        if path.exists():
            place.sift(sieve, path.name, path.read_bytes(), "files")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    place.sift(sieve, f"{database.name} once the WAL is in it", database.read_bytes())
    return place


def _postgresql_files(sieve: Sieve, since: datetime) -> Place:
    """The folder of this database, the WAL and whatever else the server wrote since then; not other databases."""
    place = Place("database files, WAL")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            data = Path(cursor.fetchone()[0])
            cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            own = data / "base" / str(cursor.fetchone()[0])
            cursor.execute("CHECKPOINT")
    except DatabaseError as no:
        place.unseen.append(
            f"The role may not ask the server where its files are, or for a checkpoint ({type(no).__name__})."
        )
        return place
    place.unseen.append(
        "The server's own log. See that it logs no statements: log_statement, log_min_duration_statement."
    )
    if not os.access(data, os.R_OK | os.X_OK):
        place.unseen.append("The server's data folder is on another machine, or not ours to read.")
        return place
    for path in _of_interest(data, own, since):
        places.file(place, sieve, path, str(path.relative_to(data)))
    return place


def _of_interest(data: Path, own: Path, since: datetime) -> Iterator[Path]:
    for above, folders, names in os.walk(data):
        if Path(above) == data / "base":
            folders[:] = [name for name in folders if Path(above, name) in {own, data / "base" / "pgsql_tmp"}]
        for name in names:
            path = Path(above, name)
            if path.is_file() and path.stat().st_mtime >= since.timestamp():
                yield path


def backup(sieve: Sieve, copied: Path) -> Place:
    """A backup as an administrator makes it, put here and taken away again; and what dumpdata gives out."""
    place = Place("a backup of the database")
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(copied) as target:
            connection.connection.backup(target)
        target.close()
    elif not _dumped(copied, place):
        return place
    place.sift(sieve, "the backup", copied.read_bytes(), "files")
    copied.unlink()
    _dumpdata(place, sieve)
    return place


def _dumped(copied: Path, place: Place) -> bool:
    tool = shutil.which("pg_dump") or next(
        iter(sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_dump")))[::-1]), ""
    )
    if not tool:
        place.unseen.append("pg_dump is not on this machine.")
        return False
    at = connection.settings_dict
    where = {"PGHOST": at["HOST"], "PGPORT": str(at["PORT"]), "PGUSER": at["USER"], "PGPASSWORD": at["PASSWORD"]}
    given = {name: value for name, value in where.items() if value}
    made = subprocess.run(
        [tool, "--file", str(copied), str(at["NAME"])],
        env={**os.environ, **given},
        check=False,
        stderr=subprocess.DEVNULL,
    )
    if made.returncode:
        place.unseen.append(f"pg_dump ended with {made.returncode}.")
    return not made.returncode


def _dumpdata(place: Place, sieve: Sieve) -> None:
    """It refuses sealed fields; what it had written by then counts."""
    written = StringIO()
    try:
        call_command("dumpdata", stdout=written)
    except Exception:  # noqa: BLE001 - however it refuses, what came out is looked at
        written.write("")
    place.sift(sieve, "what dumpdata gave out", written.getvalue().encode(), "exports")
