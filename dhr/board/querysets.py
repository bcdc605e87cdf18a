"""Lists of meetings and of what stands on their agendas, as chainable adjectives."""

from __future__ import annotations

from typing import Any

from django.db import models


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings of the board."""

    def of_partnership(self, partnership: Any) -> Any:
        return self.filter(partnership=partnership)


class ReaderQuerySet(models.QuerySet[Any]):
    """Members named for a paper."""

    def named(self) -> Any:
        """Whose naming was not ended."""
        return self.filter(ended_at__isnull=True)

    def waiting(self) -> Any:
        """Named before the agenda was issued: they have no access yet."""
        return self.named().filter(membership__isnull=True)
