from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from dhr.audit.verify import verify


class Command(BaseCommand):
    help = "Says in one sentence whether the access log is whole. Exit 0: whole. Exit 1: not, or it cannot be checked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoints",
            type=Path,
            metavar="FILE",
            help="a copy of the shipped checkpoints kept elsewhere, instead of the one on this machine",
        )

    def handle(self, *args: Any, checkpoints: Path | None = None, **options: Any) -> None:
        verdict = verify(checkpoints)
        self.stdout.write(verdict.sentence)
        if not verdict.whole:
            raise SystemExit(1)
