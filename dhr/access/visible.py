"""The queryset mixin that answers, for lists, the same question as `has_perm` for one object."""

from __future__ import annotations

from typing import Any

from django.db import models

from . import grants
from .backends import stands


class VisibleQuerySet(models.QuerySet[Any]):
    """Every list starts with `visible_to`."""

    def visible_to(self, user: Any, permission: str) -> Any:
        """The rows on which this person holds `permission` today; nothing for anybody the veto refuses."""
        table = grants.table_for(self.model)
        if table is None or not getattr(user, "is_authenticated", False) or not stands(user) or user.is_superuser:
            return self.none()
        return self.filter(pk__in=grants.objects_with(user, permission, table))
