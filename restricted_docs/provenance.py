"""What the access log knows of each version of a paper: older rows and bytes put back together are found out.

Whoever holds the database and the papers folder can put a version's row and its sealed file back to an earlier state, or
take the newest version away: each key still fits. The log says which sealing was stored last, and how many versions there are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry

from .models import DocumentVersion
from .vault.errors import ROW_CHANGED, Damaged

STORED = ("document.filed", "document.version_added", "document.resealed")


def sealing_of(version: DocumentVersion) -> str:
    """What tells one sealing of a version from every other, and says nothing of its content."""
    return version.blob.header_sha256.hex()


def nature_of(version: DocumentVersion) -> str:
    """What kind of file this is and what was found in it, told in a word: what may be done with it rests on both."""
    return hashlib.sha256(" ".join([version.media_type, *version.found]).encode()).hexdigest()[:16]


def check(version: DocumentVersion) -> None:
    """Raises Damaged where the log knows of another sealing or nature of this version, or of a version that is not there."""
    known = _known(version)
    if known.get(version.number, {}).get("sealing") != sealing_of(version):
        version.refresh_from_db()  # it may have been sealed under a new key since its row was read
        known = _known(version)
    told = known.get(version.number, {})
    if told.get("sealing") != sealing_of(version):
        raise Damaged("This is not the version that was filed: an older state was put back. Restore it from a backup.")
    if told.get("nature", nature_of(version)) != nature_of(version):  # lines of earlier days do not tell it
        raise Damaged(ROW_CHANGED)
    there = set(DocumentVersion.objects.filter(document=version.document_id).values_list("number", flat=True))
    if not there >= known.keys():
        raise Damaged("A version of this paper was taken out of the database. Restore it from a backup.")


def _known(version: DocumentVersion) -> dict[int | None, dict[str, str | int]]:
    """What the log tells of each version of this paper: its last sealing, and what kind of file was filed."""
    known: dict[int | None, dict[str, str | int]] = defaultdict(dict)
    for entry in AuditEntry.objects.about(str(version.document_id)).filter(event__in=STORED).order_by("seq"):
        known[entry.version].update(entry.facts)
    return known


def is_filed(sealing: str) -> bool:
    """Whether this is the last sealing of a version that the log tells of: some row must name its file."""
    stored = AuditEntry.objects.filter(event__in=STORED)
    told = stored.filter(details__contains=sealing)
    return any(line == stored.about(line.object_id).filter(version=line.version).latest("seq") for line in told)


def note_resealed(version: DocumentVersion) -> None:
    """The line about a version's new sealing, in the transaction that stores it."""
    details = {"sealing": sealing_of(version)}
    line = Line(event="document.resealed", person=None, version=version.number, details=details, **version.logged_as())
    log.append([line])


def watched(pieces: Iterable[bytes], version: DocumentVersion, person: int | None) -> Iterator[bytes]:
    """The pieces of an answer that is already on its way; where they break off, because somebody changed the sealed file,
    a line in the log says so."""
    try:
        yield from pieces
    except Damaged:
        log.refuse(Line(event="sealed.damaged", person=person, version=version.number, **version.logged_as()))
        raise
