from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dhr.audit import checkpoints
from dhr.audit.models import THE_HEAD, LogHead
from dhr.audit.shipping import ship, shipping_file


class Command(BaseCommand):
    help = "Adds the access log's newest signed checkpoint to the shipped checkpoints, to be copied to another machine."

    def handle(self, *args: Any, **options: Any) -> None:
        head = LogHead.objects.filter(pk=THE_HEAD).first()
        if head is None or not head.size:
            self.stdout.write("Nothing has been written in the access log yet: there is nothing to ship.")
            return
        try:
            ship(head.checkpoint)
            key = checkpoints.fingerprint()
        except (OSError, checkpoints.SigningKeyMissing) as error:
            raise CommandError(f"The checkpoint could not be shipped: {error}") from error
        self.stdout.write(f"Shipped the checkpoint of {head.size:,} lines to {shipping_file().name}; key {key}.")
