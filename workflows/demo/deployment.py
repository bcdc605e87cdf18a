"""The demo's deployment: its folder and keys, what it refuses to touch, and how it is served on this machine only."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sys
from contextlib import closing
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import connection

from dhr.accounts.models import Invitation, Partnership, User
from dhr.audit import shipping
from dhr.audit.checkpoints import make_signing_key
from restricted_docs import strongroom
from restricted_docs.vault.files import make_folder, write_once

ONLY_HERE = "127.0.0.1"
NOT_FOR_THE_DEMO = {
    "DHR_BIND": "The demo is served to this machine only. Unset DHR_BIND.",
    "DHR_DATABASE": "The demo keeps a database of its own. Unset DHR_DATABASE.",
}


class NotTheDemo(Exception):
    """This is not the demo's to touch, or not in this way. The sentence says what to do."""


def check_settings() -> None:
    """Raise NotTheDemo under the settings of a real deployment."""
    if not settings.DEMO:
        raise NotTheDemo("These are not the demo's settings. Unset DJANGO_SETTINGS_MODULE, or use dhr.settings.demo.")
    for name, sentence in NOT_FOR_THE_DEMO.items():
        if name in os.environ:
            raise NotTheDemo(sentence)


def check_port(port: int) -> None:
    """Raise NotTheDemo if nothing can be served there."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((ONLY_HERE, port))
        except (OSError, OverflowError):
            raise NotTheDemo(
                f"Port {port} cannot be used. If the demo runs there already, open http://localhost:{port} or stop it; "
                f"or choose another port: make demo PORT={port + 1 if port < 65_535 else 8001}"
            ) from None


def check_data() -> None:
    """Raise NotTheDemo if the database holds anybody or anything that the demo did not bring."""
    tables = set(connection.introspection.table_names())
    ours = {User._meta.db_table, Invitation._meta.db_table, Partnership._meta.db_table}
    if not ours <= tables:
        if tables - ours and "django_migrations" not in tables:
            raise NotTheDemo(f"{_where()} belongs to another program. Move it away, or set DHR_VAR to another folder.")
        return
    others = Partnership.objects.exclude(name=settings.PARTNERSHIP_NAME).exists()
    if others or User.objects.exclude(pk__in=_people_of_the_demo()).exists():
        raise NotTheDemo(
            f"{_where()} holds people or a partnership that are not the demo's, so it is left alone. "
            "Set DHR_VAR to another folder for the demo."
        )


def _where() -> str:
    return f"The database {connection.settings_dict['NAME']}"


def _people_of_the_demo() -> set[int]:
    """Its own people, and whoever they invited while somebody tried it out."""
    known = set(User.objects.exclude(demo_label="").values_list("pk", flat=True))
    for person, inviter in Invitation.objects.order_by("pk").values_list("person", "invited_by"):
        if inviter in known:
            known.add(person)
    return known


def check_keys(var: Path) -> None:
    """Raise NotTheDemo if there are keys that no demo made: a real deployment keeps no secret key in its folder."""
    if (var / "keys").exists() and not (var / "secret_key").exists():
        raise NotTheDemo(f"The keys under {var} were not made by the demo. Set DHR_VAR to another folder for the demo.")


def clear(var: Path) -> None:
    """Delete the demo's database, keys, papers and checkpoints. The caller has checked that they are the demo's."""
    check_keys(var)
    for path in [*var.glob("db.sqlite3*"), var / "checkpoints.log"]:
        path.unlink(missing_ok=True)
    for folder in ("papers", "keys"):
        shutil.rmtree(var / folder, ignore_errors=True)
    strongroom.reset()
    shipping.forget_hour()


def make_ready(var: Path) -> None:
    """The folder (0700), the secret key (0600) and the keys (0600), where they are missing."""
    check_keys(var)
    for folder in (var, var / "static"):  # the second stays empty: files are found where they are built
        make_folder(folder)
    secret = var / "secret_key"
    if not secret.exists():
        write_once(secret, secrets.token_urlsafe(50).encode())
    strongroom.make_keys()
    make_signing_key()


def serve(port: int) -> NoReturn:
    """Become the web server: a fresh process, since settings read the secret key when they are imported."""
    env = {name: value for name, value in os.environ.items() if name != "GUNICORN_CMD_ARGS"}  # no other address
    env.setdefault("DHR_URL", f"http://localhost:{port}")
    command = [sys.executable, "-m", "gunicorn", "dhr.wsgi:application", "--chdir", str(settings.ROOT)]
    command += ["--bind", f"{ONLY_HERE}:{port}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "warning"]
    os.execve(sys.executable, command, env)  # noqa: S606 - our own words
