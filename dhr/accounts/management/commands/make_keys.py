"""The keys of a new deployment, made once before its first start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dhr.audit.checkpoints import make_signing_key
from restricted_docs.strongroom import make_keys
from restricted_docs.vault.errors import VaultUnavailable


class Command(BaseCommand):
    help = (
        "Make the keys that seal papers and sign the access log, where they are missing. What exists is never replaced."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            make_keys()
        except VaultUnavailable as error:
            raise CommandError(str(error)) from error
        make_signing_key()
        self.stdout.write(
            f"The keys are under {settings.VAR / 'keys'}. docs/runbooks/keys.md says what to back up, and where."
        )
