"""The first administrator, who invites everybody else."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from dhr.access.roles import Standing
from dhr.accounts.invitations import invite
from dhr.accounts.models import Partnership
from dhr.usecase import NotYet


class Command(BaseCommand):
    help = "Invite an administrator, and print the one-use link with which they choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="their address, which is also what they sign in with")
        parser.add_argument("name", help='their full name, in quotation marks: "Alex Example"')

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError("That is not an email address. Write it in the form name@example.org.") from None
        home, _ = Partnership.objects.get_or_create(
            name=settings.PARTNERSHIP_NAME, defaults={"team_phone": settings.TEAM_PHONE}
        )
        try:
            invitation = invite(
                home, by=None, email=options["email"], name=options["name"], roles=[Standing.ADMINISTRATOR]
            )
        except NotYet as no:
            raise CommandError(no.sentence) from None
        self.stdout.write("This link works once, for 14 days. Give it to nobody else:")
        self.stdout.write(invitation.link)
