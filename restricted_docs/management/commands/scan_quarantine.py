"""Asks the malware scanner again about every version that waits for it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from restricted_docs.clamd import NotScanned
from restricted_docs.models import DocumentVersion
from restricted_docs.scanning import scan
from restricted_docs.vault.errors import VaultError
from restricted_docs.vocabulary import Scan


class Command(BaseCommand):
    help = "Scan what is in quarantine; exit code 1 while something stays there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CLAMD:
            raise CommandError("No scanner is configured. Set DHR_CLAMD: docs/runbooks/uploads.md.")
        found, problems = {Scan.CLEAN: 0, Scan.INFECTED: 0}, []
        waiting = DocumentVersion.objects.quarantined().select_related("document__review", "review", "uploaded_by")
        for version in waiting:
            try:
                found[scan(version)] += 1
            except (NotScanned, VaultError) as problem:
                problems.append(str(problem))
        self.stdout.write(
            f"{found[Scan.CLEAN]} clean, {found[Scan.INFECTED]} with malware, {len(problems)} still waiting."
        )
        if problems:
            raise CommandError("\n".join(sorted(set(problems))))
