"""Erasing a review, by two people who are both there."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.accounts.models import User
from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.log import LogUnavailable
from dhr.usecase import NotYet, Refused
from restricted_docs.certificates import certificate_file, problem_with
from restricted_docs.erasing import ERASE, erase_review
from restricted_docs.vault.errors import VaultError
from restricted_docs.vocabulary import ErasureReason

from ..finding import person_at, review_called
from ..progress import Progress


class Command(BaseCommand):
    help = "Destroy the key of a closed review for ever and write a certificate. Two people give their passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the review, DHR12 or N-2026-03; or, with --check, a certificate's file")
        parser.add_argument("--check", action="store_true", help="only say whether this certificate holds")
        parser.add_argument("--reason", choices=ErasureReason.values)
        parser.add_argument("--by", metavar="EMAIL", help="who orders it")
        parser.add_argument("--second", metavar="EMAIL", help="who orders it with them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(Path(options["reference"]))
            return
        if not (options["reason"] and options["by"] and options["second"]):
            raise CommandError("Say --reason, --by and --second: two people order an erasure, for a reason.")
        review = review_called(options["reference"])
        by, second = (self._proven(person_at(options[name])) for name in ("by", "second"))
        self._confirmed(review.reference)
        try:
            watch = Progress(self.stdout, "papers")
            erasure = erase_review(review, by=by, second=second, reason=options["reason"], watch=watch)
        except (Refused, NotYet, LogUnavailable) as no:
            raise CommandError(no.sentence) from None
        except VaultError as fault:
            raise CommandError(f"{fault} The erasure is not finished: mend this and order it again.") from None
        self.stdout.write(f"{review} was erased. The certificate is {certificate_file(erasure)}.")
        self.stdout.write(f"{len(erasure.keys)} keys were destroyed and {erasure.papers} papers deleted.")

    def _proven(self, person: User) -> User:
        """This person, who typed their own password. Raises CommandError, having written it down."""
        question = f"Password of {person.name} (not shown): "
        typed = getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        if not person.check_password(typed):
            log.refuse(
                Line(event="access.refused", person=person.pk, details={"permission": ERASE, "reason": "password"})
            )
            raise CommandError("That is not their password. Nothing was changed.")
        return person

    def _confirmed(self, reference: str) -> None:
        if sys.stdin.isatty() and input(f"This cannot be undone. Type {reference} to go on: ").strip() != reference:
            raise CommandError("Nothing was changed.")

    def _check(self, path: Path) -> None:
        try:
            problem = problem_with(path.read_text())
        except (OSError, ValueError):
            raise CommandError("This file cannot be read.") from None
        if problem:
            raise CommandError(problem)
        self.stdout.write("The certificate holds: the access log of this service says what it says.")
