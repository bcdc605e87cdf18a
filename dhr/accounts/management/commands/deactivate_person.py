"""Ending an account from the server, when no administrator can be reached."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.accounts.models import User
from dhr.accounts.standing import deactivate
from dhr.usecase import NotYet


class Command(BaseCommand):
    help = "End a person's account at once, with its sessions and standing roles. The record of the person stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.with_email(options["email"]).first()
        if person is None:
            raise CommandError("No account has this address. The people page lists them all.")
        try:
            deactivate(person, by=None)
        except NotYet as no:
            raise CommandError(no.sentence) from None
        self.stdout.write("The account has been deactivated.")
