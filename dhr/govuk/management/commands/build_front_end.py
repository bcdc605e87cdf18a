"""Builds the style sheet and the scripts when their sources have changed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dhr.govuk import front_end


class Command(BaseCommand):
    help = "Build the style sheet and the scripts into assets/dist, unless they are up to date."
    requires_system_checks: list[str] = []  # the check of static folders would fail before the first build

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say whether it is up to date; exit 1 if not.")
        parser.add_argument("--force", action="store_true", help="Build even if nothing has changed.")

    def handle(self, *args: Any, **options: Any) -> None:
        assets = Path(settings.ROOT) / "assets"
        current = front_end.is_current(assets)
        if options["check"] and not current:
            raise CommandError("assets/dist is out of date. Run manage.py build_front_end.")
        if current and not options["force"]:
            self.stdout.write("The front end is up to date.")
            return
        try:
            front_end.build(assets)
        except front_end.BuildFailed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write("The front end is built.")
