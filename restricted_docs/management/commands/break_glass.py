"""Using the recovery key when the root key is lost."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.accounts.models import User
from dhr.audit.log import LogUnavailable
from restricted_docs.recovering import break_glass
from restricted_docs.vault.errors import VaultError
from restricted_docs.vocabulary import RecoveryReason

from ..finding import person_at
from ..progress import Progress


class Command(BaseCommand):
    help = "Open every key by the shares of the recovery key, and put them under the root key. Every auditor is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--holder", action="append", required=True, metavar="EMAIL", help="who types a share; for each"
        )
        parser.add_argument("--reason", required=True, choices=RecoveryReason.values)

    def handle(self, *args: Any, **options: Any) -> None:
        people = [person_at(email) for email in options["holder"]]
        shares = [(person, self._share_of(person)) for person in people]
        try:
            count = break_glass(shares, reason=options["reason"], watch=Progress(self.stdout, "keys"))
        except VaultError as fault:
            raise CommandError(str(fault)) from None
        except LogUnavailable as fault:
            raise CommandError(fault.sentence) from None
        self.stdout.write(f"{count} keys were opened and are under the root key again. Every auditor has been told.")

    def _share_of(self, person: User) -> str:
        """Typed, never shown, never an argument: those can be seen in the list of processes."""
        if sys.stdin.isatty():
            return getpass(f"Share of {person.name}, 33 words (not shown): ")
        return sys.stdin.readline()
