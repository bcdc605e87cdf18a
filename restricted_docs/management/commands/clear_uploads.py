"""Deletes uploads that nobody came back for."""

from typing import Any

from django.core.management.base import BaseCommand

from restricted_docs.parking import clear_stale


class Command(BaseCommand):
    help = "Delete files, whole or in parts, that have waited for their form for more than a day. Run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{clear_stale()} uploads that nobody came back for were deleted.")
