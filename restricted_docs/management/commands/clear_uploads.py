"""Deletes uploads that nobody came back for, and what was left of those that were cut short."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.audit.log import LogUnavailable
from restricted_docs.parking import clear_stale
from restricted_docs.sweeping import LogNotWhole, sweep_papers
from restricted_docs.vault.errors import VaultError


class Command(BaseCommand):
    help = (
        "Delete files, whole or in parts, that have waited for their form for more than a day, and sealed files older than two "
        "days that no row names: what an upload or a change of keys that was killed left behind. Run it every night."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{clear_stale()} uploads that nobody came back for were deleted.")
        try:
            self.stdout.write(f"{sweep_papers()} sealed files that no row names were deleted.")
        except VaultError as fault:
            raise CommandError(str(fault)) from None
        except (LogNotWhole, LogUnavailable) as fault:
            raise CommandError(fault.sentence) from None
