"""Who can open a document today, by name and role: the sentence beneath every paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dhr.access.backends import stands
from dhr.access.roles import ROLE_NAMES
from dhr.reviews.models import Membership

from .grant_source import VIEW_DOCUMENT
from .models import Document, DocumentGrant
from .restricting import MONITORING_OFFICER


@dataclass(frozen=True)
class Reader:
    """A person who can open a document, and as what."""

    name: str
    role: str


def readers_of(document: Document) -> list[Reader]:
    """Everybody who can open it today, in the order of their names."""
    codename = VIEW_DOCUMENT.split(".")[1]
    live: Any = DocumentGrant.objects.live()
    rows = live.filter(content_object=document, permission__codename=codename).select_related("user")
    held = [row for row in rows if stands(row.user) and not row.user.is_superuser]
    sources = {row.source for row in held}
    roles = {pk: ROLE_NAMES[role] for pk, role in Membership.objects.filter(pk__in=sources).values_list("pk", "role")}
    found: dict[int, tuple[str, set[str]]] = {}
    for row in held:
        found.setdefault(row.user_id, (row.user.name, set()))[1].add(roles.get(row.source, MONITORING_OFFICER))
    return sorted(
        (Reader(name, ", ".join(sorted(parts))) for name, parts in found.values()), key=lambda reader: reader.name
    )


def in_words(readers: list[Reader]) -> str:
    """ "Only these 6 people can open it": a number that surprises is a mistake found in time."""
    if not readers:
        return "Nobody can open it."
    return "Only this person can open it" if len(readers) == 1 else f"Only these {len(readers)} people can open it"
