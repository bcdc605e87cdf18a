"""Trying again what a mail server refused, and what a process that ended left behind."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.accounts.models import Notice
from dhr.accounts.notices import deliver

AT_ONCE = 200  # notices in one connection and one transaction


class Command(BaseCommand):
    help = "Send the notices that could not be sent. Run it every few minutes. Exit code 1: some still could not be."

    def handle(self, *args: Any, **options: Any) -> None:
        due = list(Notice.objects.to_try_again().select_related("to").order_by("pk"))
        sent = sum(deliver(due[start : start + AT_ONCE]) for start in range(0, len(due), AT_ONCE))
        if sent < len(due):
            raise CommandError(
                f"{sent} of {len(due)} notices were sent. Check DHR_EMAIL_HOST; the others are tried again."
            )
        self.stdout.write(f"{sent} notices were sent.")
