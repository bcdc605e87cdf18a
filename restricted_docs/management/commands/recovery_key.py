"""Making the recovery key, and asking who holds it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.accounts.models import User
from dhr.audit.log import LogUnavailable
from restricted_docs import strongroom
from restricted_docs.recovering import make_recovery_key, seal_for_recovery, the_lock
from restricted_docs.vault.errors import VaultError

from ..finding import person_at
from ..progress import Progress

CLEAR = "\033[2J\033[3J\033[H"  # the screen, and what can be scrolled back to


class Command(BaseCommand):
    help = "Make a recovery key for named holders, finish what was cut short, or check who holds it and what it opens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["make", "finish", "check"])
        parser.add_argument(
            "--holder", action="append", default=[], metavar="EMAIL", help="who gets a share; say it for each"
        )
        parser.add_argument("--needed", type=int, default=2, help="how many of them open it together (2)")
        parser.add_argument("--replace", action="store_true", help="make another in place of the one there is")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except VaultError as fault:
            raise CommandError(str(fault)) from None
        except LogUnavailable as fault:
            raise CommandError(fault.sentence) from None

    def _make(self, options: dict[str, Any]) -> None:
        holders = [person_at(email) for email in options["holder"]]
        lock = make_recovery_key(
            holders,
            by=None,
            needed=options["needed"],
            hand_out=self._hand_out,
            replace=options["replace"],
            watch=Progress(self.stdout, "keys sealed for it"),
        )
        self.stdout.write(
            f"Recovery key {lock.set_id} is made: {lock.needed} of {len(lock.holders)} holders open it together."
        )

    def _hand_out(self, person: User, share: str) -> None:
        """One share, for this person's eyes. It is shown once and kept nowhere."""
        self.stdout.write(
            f"The share of {person.name}. Only they look at the screen now and write it down:\n\n{share}\n"
        )
        if sys.stdin.isatty() and self.stdout.isatty():
            input("Press Enter when it is written down. ")
            self.stdout.write(CLEAR, ending="")

    def _finish(self, options: dict[str, Any]) -> None:
        if the_lock() is None:
            raise CommandError("No recovery key was made yet: recovery_key make.")
        count = seal_for_recovery(watch=Progress(self.stdout, "keys"))
        self.stdout.write(f"{count} keys were sealed for the recovery key; it opens them all now.")

    def _check(self, options: dict[str, Any]) -> None:
        lock = the_lock()
        if lock is None:
            raise CommandError("No recovery key was made yet: recovery_key make.")
        names = User.objects.in_bulk(lock.holders)
        held = ", ".join(names[pk].name if pk in names else f"account {pk}" for pk in lock.holders)
        self.stdout.write(f"Recovery key {lock.set_id}: any {lock.needed} of {held}.")
        missing = strongroom.container_keys().not_sealed_for_recovery()
        if missing:
            raise CommandError(f"{missing} keys are not sealed for it yet: run recovery_key finish.")
        self.stdout.write("It opens every key.")
