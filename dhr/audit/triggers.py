"""What makes the log append-only in the database itself, on SQLite and PostgreSQL.

A database administrator can remove a trigger; that is what the signed checkpoints are for. The triggers stop everything
that is not deliberate: application faults, consoles, cascades, a stray flush. An empty log may be emptied.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

NEVER_CHANGED = "The access log is append-only: a line is never changed or deleted."
NEVER_BACK = "The head of the access log never goes back and is never deleted."

NAMES = {
    "sqlite": (
        "audit_entry_is_never_changed",
        "audit_entry_is_never_deleted",
        "audit_entry_is_never_replaced",
        "audit_head_never_goes_back",
        "audit_head_is_never_deleted",
    ),
    "postgresql": (
        "audit_entry_is_never_changed",
        "audit_entry_is_never_emptied",
        "audit_head_never_goes_back",
        "audit_head_is_never_deleted",
        "audit_head_is_never_emptied",
    ),
}


def _sqlite(name: str, moment: str, table: str, when: str, words: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {moment} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _postgresql(name: str, moment: str, table: str, when: str, words: str) -> str:
    does = f"FOR EACH ROW {when} EXECUTE FUNCTION audit_refuses('{words}')"
    return f"CREATE TRIGGER {name} BEFORE {moment} ON {table} {does}"


def _never_emptied(name: str, table: str, words: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION audit_refuses_unless_empty('{words}')"


REFUSES = """
CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$
"""
REFUSES_UNLESS_EMPTY = """
CREATE FUNCTION audit_refuses_unless_empty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    filled boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', TG_TABLE_NAME) INTO filled;
    IF filled THEN RAISE EXCEPTION '%', TG_ARGV[0]; END IF;
    RETURN NULL;
END $$
"""

INSTALL: dict[str, Sequence[str]] = {
    "sqlite": (
        _sqlite("audit_entry_is_never_changed", "UPDATE", "audit_entry", "", NEVER_CHANGED),
        _sqlite("audit_entry_is_never_deleted", "DELETE", "audit_entry", "", NEVER_CHANGED),
        # INSERT OR REPLACE deletes without firing a delete trigger
        _sqlite(
            "audit_entry_is_never_replaced",
            *("INSERT", "audit_entry", "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE seq = NEW.seq)", NEVER_CHANGED),
        ),
        _sqlite("audit_head_never_goes_back", "UPDATE", "audit_head", "WHEN NEW.size < OLD.size", NEVER_BACK),
        _sqlite("audit_head_is_never_deleted", "DELETE", "audit_head", "WHEN OLD.size > 0", NEVER_BACK),
    ),
    "postgresql": (
        REFUSES,
        REFUSES_UNLESS_EMPTY,
        _postgresql("audit_entry_is_never_changed", "UPDATE OR DELETE", "audit_entry", "", NEVER_CHANGED),
        _never_emptied("audit_entry_is_never_emptied", "audit_entry", NEVER_CHANGED),
        _postgresql("audit_head_never_goes_back", "UPDATE", "audit_head", "WHEN (NEW.size < OLD.size)", NEVER_BACK),
        _postgresql("audit_head_is_never_deleted", "DELETE", "audit_head", "WHEN (OLD.size > 0)", NEVER_BACK),
        _never_emptied("audit_head_is_never_emptied", "audit_head", NEVER_BACK),
    ),
}
REMOVE: dict[str, Sequence[str]] = {
    "sqlite": tuple(f"DROP TRIGGER IF EXISTS {name}" for name in NAMES["sqlite"]),
    "postgresql": (
        *(
            f"DROP TRIGGER IF EXISTS {name} ON {'audit_entry' if 'entry' in name else 'audit_head'}"
            for name in NAMES["postgresql"]
        ),
        "DROP FUNCTION IF EXISTS audit_refuses()",
        "DROP FUNCTION IF EXISTS audit_refuses_unless_empty()",
    ),
}
LISTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit_entry', 'audit_head')",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "
    "AND tgrelid IN ('audit_entry'::regclass, 'audit_head'::regclass)",
}


def install(using: BaseDatabaseWrapper | None = None) -> None:
    """Raises KeyError on a database that is neither SQLite nor PostgreSQL: the log cannot live there."""
    using = using or connection
    _run(INSTALL[using.vendor], using)


def remove(using: BaseDatabaseWrapper | None = None) -> None:
    using = using or connection
    _run(REMOVE[using.vendor], using)


def missing() -> list[str]:
    """The names of triggers that should stand and do not."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED[connection.vendor])
        standing = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in standing]


def _run(statements: Sequence[str], using: BaseDatabaseWrapper) -> None:
    with using.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
