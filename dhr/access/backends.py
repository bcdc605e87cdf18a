"""The two backends that answer `user.has_perm`. The veto is asked first; only then the grants."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from dhr import clock

from . import grants
from .roles import OF_STANDING, Standing

CLOSED_TO_SUPERUSERS = frozenset({"reviews", "restricted_docs", "chairs", "board", "workflows", "audit"})


def stands(user: Any) -> bool:
    """Whether the account counts at all today: active and not expired."""
    expires = getattr(user, "expires_on", None)
    return bool(getattr(user, "is_active", False)) and (expires is None or expires >= clock.today())


class VetoBackend:
    """Refuses before anybody can say yes: the inactive, the expired, and superusers on anything of a review."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: Any, permission: str, obj: Any = None) -> bool:
        if not stands(user):
            raise PermissionDenied
        if user.is_superuser and permission.split(".", maxsplit=1)[0] in CLOSED_TO_SUPERUSERS:
            raise PermissionDenied
        return False

    def has_module_perms(self, user: Any, app_label: str) -> bool:
        if not stands(user) or (user.is_superuser and app_label in CLOSED_TO_SUPERUSERS):
            raise PermissionDenied
        return False


class GrantBackend:
    """Says yes for a standing role (no object) or a live grant (an object). What was read is kept with the person object,
    that is for one request; `forget` starts afresh after a change."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: Any, permission: str, obj: Any = None) -> bool:
        if obj is None:
            return permission in standing_permissions(user)
        table = grants.table_for(obj)
        if table is None:
            return False
        return permission in _kept(user, table).on(obj.pk)


def standing_permissions(user: Any) -> frozenset[str]:
    """What this person's standing roles allow today."""
    roles = user.standing_roles() if hasattr(user, "standing_roles") else ()
    return frozenset().union(*(OF_STANDING[Standing(role)] for role in roles))


class _Kept:
    """What one person holds in one grant table today. A step asks about one object and gets that one; a page asks about
    many and gets, with the second, all there are."""

    def __init__(self, user: Any, table: type[grants.Grant]) -> None:
        self.user, self.table = user, table
        self.found: dict[Any, frozenset[str]] = {}
        self.is_all = False

    def on(self, pk: Any) -> frozenset[str]:
        if pk not in self.found and not self.is_all:
            self._read(pk)
        return self.found.get(pk, frozenset())

    def _read(self, pk: Any) -> None:
        self.is_all = bool(self.found)
        if self.is_all:
            self.found = grants.held_by(self.user, self.table)
        else:
            self.found[pk] = grants.held_on(self.user, self.table, pk)


def _kept(user: Any, table: type[grants.Grant]) -> _Kept:
    cache = user.__dict__.setdefault("_grants_today", {})
    key = (table, clock.today(), grants.writes())
    if key not in cache:
        cache[key] = _Kept(user, table)
    kept: _Kept = cache[key]
    return kept


def forget(user: Any) -> None:
    """Forget what was read about this person: under a lock, what another process has just taken back must count."""
    user.__dict__.pop("_grants_today", None)
    user.__dict__.pop("_standing_today", None)
