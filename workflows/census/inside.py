"""The census itself, in a process of its own whose settings know nothing but the scratch deployment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection, connections

SETTINGS = "workflows.census.settings"
REPORT = "report.json"


class NotScratch(Exception):
    """This is no scratch deployment, or none can be made. The sentence says what to do."""


def check_scratch() -> None:
    """Raise NotScratch unless these are the settings of a scratch deployment that does not exist yet."""
    if settings.SETTINGS_MODULE != SETTINGS:
        raise NotScratch("The census runs only under its own settings. Use manage.py plaintext_census.")
    var = Path(settings.VAR)
    if settings.SCRATCH not in var.parents or var.exists():
        raise NotScratch(f"{var} is not a fresh folder of the census. Use manage.py plaintext_census.")
    name = str(connection.settings_dict["NAME"])
    if name not in {settings.CENSUS_DATABASE, str(var / "db.sqlite3")}:
        raise NotScratch("The database is not one that the census makes. Use manage.py plaintext_census.")


def make_deployment() -> None:
    """Folder, keys and database, all new. Raises NotScratch where the database may not be made."""
    from dhr.audit.checkpoints import make_signing_key
    from restricted_docs import strongroom

    check_scratch()
    _may_make_a_database()
    for folder in (Path(settings.VAR), Path(settings.STATIC_ROOT), Path(settings.MEDIA_ROOT)):
        folder.mkdir(mode=0o700, parents=True)
    strongroom.make_keys()
    make_signing_key()
    connection.creation.create_test_db(verbosity=0, autoclobber=False, serialize=False)


def _may_make_a_database() -> None:
    if connection.vendor != "postgresql":
        return
    role = connection.settings_dict["USER"] or "of the service"
    try:
        with connection._nodb_cursor() as cursor:  # noqa: SLF001 - as Django's own test databases are made
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            may = bool(cursor.fetchone()[0])
    except DatabaseError:
        may = False
    if not may:
        raise NotScratch(
            f"The database role {role} may not create a database, and the census touches no real one. Let it for this run "
            f"(ALTER ROLE {role} CREATEDB), or set DHR_DATABASE to a server where it may."
        )


def take_away() -> None:
    """The scratch database is dropped; its folder goes with who started this."""
    connections.close_all()
    connection.creation.destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)


def main(*arguments: str) -> int:
    """Make the deployment, walk, hunt, and write the report into the scratch folder. 0 when that was done."""
    django.setup()
    try:
        make_deployment()
    except NotScratch as no:
        (settings.SCRATCH / "refused.txt").write_text(str(no))
        return 2
    try:
        from .canaries import Canaries
        from .hunting import census

        canaries = Canaries()
        found = {"report": census(canaries).as_json(), "stem": canaries.stem, "words": canaries.words}
        (settings.SCRATCH / REPORT).write_text(json.dumps(found))
    finally:
        if "--keep" not in arguments:
            take_away()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
