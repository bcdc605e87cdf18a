"""Grants on one object: the only door to guardian.

A package that owns objects makes a direct-foreign-key grant table from `Grant` and registers a `Source` in AppConfig.ready.
Grants come only from memberships: `sync` compares what a membership should give with what is there and writes the difference,
in the caller's transaction. A grant carries its membership's dates, so that outside them every answer is no at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q
from guardian.models.models import UserObjectPermissionBase

from dhr import clock


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self, on: date | None = None) -> GrantQuerySet:
        """Grants that count on this day (today if not said)."""
        day = on or clock.today()
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Grant(UserObjectPermissionBase):
    """One permission of one person on one object, because of one membership. Subclasses add `content_object`."""

    source = models.UUIDField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = GrantQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        unique_together = [["user", "permission", "content_object", "source"]]
        # Every list asks it, and finds all of the answer in it: dates too.
        indexes = [
            models.Index(fields=["user", "permission", "content_object", "starts_on", "ends_on"], name="%(class)s_live")
        ]


class Membership(Protocol):
    """What grants need to know of a membership. dhr.reviews has the model."""

    pk: Any
    user_id: int
    review_id: Any
    role: str
    starts_on: date
    ends_on: date | None


class Source(Protocol):
    """How a package that owns objects answers for them."""

    @property
    def grants(self) -> type[Grant]: ...

    def objects_of(self, review_id: Any) -> Iterable[models.Model]:
        """Every object of one review that can be granted."""
        ...

    def permissions_for(self, membership: Any, subject: Any, /) -> frozenset[str]:
        """What this membership gives on this object ("app.codename")."""
        ...


@dataclass(frozen=True)
class Change:
    """What a sync did: how many permissions it gave and took."""

    granted: int = 0
    revoked: int = 0

    def __add__(self, other: Change) -> Change:
        return Change(self.granted + other.granted, self.revoked + other.revoked)


_sources: dict[type[models.Model], Source] = {}
_permission_ids: dict[str, int] = {}
_permission_names: dict[int, str] = {}
_writes = 0


def writes() -> int:
    """How often this process has changed grants: what was read before the last change is not believed."""
    return _writes


def distrust() -> None:
    """Nothing read so far is believed any more: after a rollback, which takes grants back without a word."""
    _written()


def _written() -> None:
    global _writes  # noqa: PLW0603 - one counter for the process, like the tables it counts for
    _writes += 1


def register(source: Source) -> None:
    """Called once per owning package, in AppConfig.ready."""
    _sources[source.grants._meta.get_field("content_object").related_model] = source


def sources() -> list[Source]:
    return list(_sources.values())


def table_for(subject: Any) -> type[Grant] | None:
    """The grant table of a model or an instance, or None where nothing can be granted."""
    model = subject if isinstance(subject, type) else type(subject)
    source = _sources.get(model)
    return source.grants if source else None


def _permission_id(name: str) -> int:
    if name not in _permission_ids:
        app, codename = name.split(".")
        _permission_ids[name] = Permission.objects.get(content_type__app_label=app, codename=codename).pk
    return _permission_ids[name]


def _permission_name(pk: int) -> str:
    if pk not in _permission_names:
        held = Permission.objects.select_related("content_type").get(pk=pk)
        _permission_names[pk] = f"{held.content_type.app_label}.{held.codename}"
    return _permission_names[pk]


def forget_permission_ids() -> None:
    """After the permission table was rebuilt (tests that flush the database)."""
    _permission_ids.clear()
    _permission_names.clear()


def sync_membership(membership: Any) -> Change:
    """Make the grants of one membership what they should be, on every object of its review."""
    change = Change()
    for source in _sources.values():
        wanted = {
            (subject.pk, _permission_id(name))
            for subject in source.objects_of(membership.review_id)
            for name in source.permissions_for(membership, subject)
        }
        change += _write(source.grants, membership, wanted, source.grants.objects.filter(source=membership.pk))
    return change


def sync_object(subject: Any, memberships: Iterable[Any]) -> Change:
    """Make the grants on one object what its review's memberships should give: when it is made, released or restricted."""
    source = _sources[type(subject)]
    change = Change()
    for membership in memberships:
        wanted = {(subject.pk, _permission_id(name)) for name in source.permissions_for(membership, subject)}
        held = source.grants.objects.filter(source=membership.pk, content_object=subject)
        change += _write(source.grants, membership, wanted, held)
    return change


def give(subject: Any, user: Any, permissions: Iterable[str], *, until: date | None = None) -> Change:
    """Permissions on one object that come from the object itself: an appointed chair may declare independence before
    there is a membership. Taken back by `take`."""
    table = table_for(subject)
    _written()
    if table is None:
        raise LookupError(f"{type(subject).__name__} has no grant table.")
    for name in permissions:
        table.objects.get_or_create(
            user=user,
            permission_id=_permission_id(name),
            content_object=subject,
            source=subject.pk,
            defaults={"starts_on": clock.today(), "ends_on": until},
        )
    return Change(granted=1)


def take(subject: Any) -> Change:
    """Take back what `give` gave on this object."""
    _written()
    table = table_for(subject)
    taken = table.objects.filter(source=subject.pk, content_object=subject).delete()[0] if table else 0
    return Change(revoked=taken)


def revoke(membership: Any) -> Change:
    """Take back everything a membership gave."""
    _written()
    taken = sum(source.grants.objects.filter(source=membership.pk).delete()[0] for source in _sources.values())
    return Change(revoked=taken)


def _write(table: type[Grant], membership: Any, wanted: set[tuple[Any, int]], held: Any) -> Change:
    _written()
    have: dict[tuple[Any, int], tuple[int, date, date | None]] = {
        (row.content_object_id, row.permission_id): (row.pk, row.starts_on, row.ends_on) for row in held
    }
    dates = (membership.starts_on, membership.ends_on)
    gone = [row[0] for key, row in have.items() if key not in wanted]
    moved = [row[0] for key, row in have.items() if key in wanted and row[1:] != dates]
    new = [
        table(
            user_id=membership.user_id,
            permission_id=permission,
            content_object_id=pk,
            source=membership.pk,
            starts_on=dates[0],
            ends_on=dates[1],
        )
        for pk, permission in wanted
        if (pk, permission) not in have
    ]
    if gone:
        table.objects.filter(pk__in=gone).delete()
    if moved:
        table.objects.filter(pk__in=moved).update(starts_on=dates[0], ends_on=dates[1])
    if new:
        table.objects.bulk_create(new)
    return Change(granted=len(new), revoked=len(gone))


def held_by(user: Any, table: type[Grant]) -> dict[Any, frozenset[str]]:
    """Everything this person holds today in one grant table: object -> permissions. One query."""
    rows = table.objects.live().filter(user_id=user.pk).values_list("content_object_id", "permission_id")
    found: dict[Any, set[str]] = defaultdict(set)
    for pk, permission in rows:
        found[pk].add(_permission_name(permission))
    return {pk: frozenset(names) for pk, names in found.items()}


def held_on(user: Any, table: type[Grant], pk: Any) -> frozenset[str]:
    """What this person holds today on the one object with this key. One query."""
    held = table.objects.live().filter(user_id=user.pk, content_object_id=pk)
    return frozenset(_permission_name(permission) for permission in held.values_list("permission_id", flat=True))


def holders(subject: Any, permission: str) -> list[Any]:
    """The people who hold this permission on this object today."""
    table = table_for(subject)
    if table is None:
        return []
    rows = (
        table.objects.live()
        .filter(content_object=subject, permission_id=_permission_id(permission))
        .select_related("user")
    )
    return list({row.user_id: row.user for row in rows}.values())


def objects_with(user: Any, permission: str, table: type[Grant]) -> Any:
    """A subquery of the keys of the objects on which this person holds this permission today."""
    return (
        table.objects.live()
        .filter(user_id=user.pk, permission_id=_permission_id(permission))
        .values("content_object_id")
    )
