from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.audit import checkpoints
from dhr.audit.models import THE_HEAD, LogHead
from dhr.audit.shipping import ship_everywhere


class Command(BaseCommand):
    help = "Ships the access log's newest signed checkpoint to the file and to every other target that is set."

    def handle(self, *args: Any, **options: Any) -> None:
        head = LogHead.objects.filter(pk=THE_HEAD).first()
        if head is None or not head.size:
            self.stdout.write("Nothing has been written in the access log yet: there is nothing to ship.")
            return
        try:
            checkpoints.verifier().read(head.checkpoint)
            key = checkpoints.fingerprint()
        except (checkpoints.BadCheckpoint, checkpoints.SigningKeyMissing) as error:
            raise CommandError(f"The checkpoint could not be shipped: {error}") from error
        outcomes = ship_everywhere(head.checkpoint)
        good = [name for name, error in outcomes.items() if error is None]
        bad = [f"{name} ({error})" for name, error in outcomes.items() if error is not None]
        if good:
            self.stdout.write(f"Shipped the checkpoint of {head.size:,} lines to {', '.join(good)}; key {key}.")
        if bad:
            raise CommandError(f"The checkpoint could not be shipped to {'; '.join(bad)}.")
