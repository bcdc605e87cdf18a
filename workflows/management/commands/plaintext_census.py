"""Whether anything that should be sealed can be read somewhere: tried out on a deployment made for it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows.census import scratch
from workflows.census.report import lines


class Command(BaseCommand):
    help = (
        "Plant canaries through every door of a scratch deployment with these settings, and look for them everywhere. "
        "Touches no real data. Ends with 0 if nothing was found, with 1 if something was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", action="store_true", help="leave the scratch deployment for looking")

    def handle(self, *args: Any, keep: bool, **options: Any) -> None:
        with scratch.scratch_folder(keep=keep) as folder:
            try:
                report = scratch.run(folder, keep=keep)
            except scratch.CannotTell as no:
                raise CommandError(str(no)) from None
            finally:
                if keep:
                    self.stdout.write(
                        f"The scratch deployment is in {folder}. Delete that folder when you have looked."
                    )
        self.stdout.write("\n".join(lines(report)))
        if not report.is_clean:
            sys.exit(1)
