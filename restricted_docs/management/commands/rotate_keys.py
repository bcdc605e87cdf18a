"""Changing keys while people work. Cut short, it goes on where it was when it is run again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.audit.log import LogUnavailable
from restricted_docs.resealing import reseal_papers
from restricted_docs.rotating import SETTLING, rotate_review, rotate_root
from restricted_docs.vault.errors import VaultError

from ..finding import review_called
from ..progress import Progress


class Command(BaseCommand):
    help = "Change the root key, the key of one review, or the keys of its papers. Safe while people work; run it again to go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group(required=True)
        one.add_argument("--root", action="store_true", help="a new root key, and every container key under it")
        one.add_argument("--review", metavar="REFERENCE", help="a new key for this review, and everything under it")
        one.add_argument("--data", metavar="REFERENCE", help="new keys for the papers of this review, sealed again")
        parser.add_argument(
            "--settling",
            type=float,
            default=SETTLING,
            metavar="SECONDS",
            help=f"how long requests under way may use what is replaced ({SETTLING}); 0 when the service is stopped",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        settling = max(options["settling"], 0.0)
        try:
            if options["root"]:
                count = rotate_root(by=None, watch=Progress(self.stdout, "keys"))
                self.stdout.write(f"The root key was changed: {count} container keys are under the new one.")
            elif options["review"]:
                review = review_called(options["review"])
                count = rotate_review(review, by=None, watch=Progress(self.stdout, "rows"), settling=settling)
                self.stdout.write(
                    f"The key of {review} was changed: {count} rows were sealed anew, the old key is gone."
                )
            else:
                review = review_called(options["data"])
                count = reseal_papers(review, by=None, watch=Progress(self.stdout, "papers"), settling=settling)
                self.stdout.write(f"{count} papers of {review} were sealed under new keys, the old files are gone.")
        except VaultError as fault:
            raise CommandError(f"{fault} Then run this again: it goes on where it was.") from None
        except LogUnavailable as fault:
            raise CommandError(fault.sentence) from None
