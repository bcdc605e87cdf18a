"""The demo, from nothing to a page in the browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from dhr.accounts.models import User
from workflows.demo import deployment, story


class Command(BaseCommand):
    help = "Make the demo if it is not there, and serve it to this machine. Everybody and everything in it is invented."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where to serve it (8000 if not given)")
        parser.add_argument("--reset", action="store_true", help="delete the demo's data first and start over")
        parser.add_argument("--no-serve", action="store_true", help="make everything, and do not serve it")

    def handle(self, *args: Any, port: int, reset: bool, no_serve: bool, **options: Any) -> None:
        try:
            deployment.check_settings()
            if reset or not no_serve:
                deployment.check_port(port)
            self._make(Path(settings.VAR), reset)
        except deployment.NotTheDemo as no:
            raise CommandError(str(no)) from None
        self._say(port, serving=not no_serve)
        connection.close()
        if not no_serve:
            deployment.serve(port)

    def _make(self, var: Path, reset: bool) -> None:
        deployment.check_keys(var)
        loaded = (var / "db.sqlite3").exists() and self._is_loaded()
        if reset or not loaded:  # what was loaded halfway is of no use: start from nothing
            connection.close()
            deployment.clear(var)
        deployment.make_ready(var)
        call_command("migrate", verbosity=0, skip_checks=True)
        if not story.is_loaded():
            self._print("Loading the invented reviews, day by day. This takes about half a minute ...")
            self._print(f"{story.load()} things happened.")

    def _is_loaded(self) -> bool:
        """Whether the database there is the whole demo. Raises NotTheDemo for one that is something else."""
        try:
            deployment.check_data()
            tables = connection.introspection.table_names()
            return "audit_entry" in tables and story.is_loaded()
        except DatabaseError:
            raise deployment.NotTheDemo(
                f"The database under {settings.VAR} cannot be read as this version's demo, so it is left alone. "
                "If it is an old demo, delete that folder."
            ) from None

    def _say(self, port: int, *, serving: bool) -> None:
        people = list(User.objects.exclude(demo_label="").order_by("pk"))
        wide = max(len(person.name) for person in people)
        self._print("", "The demo's people, one click each. Nobody in it is real; enter nothing that is.", "")
        self._print(*(f"  {person.name:{wide}}  {person.demo_label}" for person in people), "")
        if serving:
            self._print(f"Open http://localhost:{port} (stop with Ctrl+C)")
        else:
            self._print("The demo is made. Serve it with: make demo")

    def _print(self, *lines: str) -> None:
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
