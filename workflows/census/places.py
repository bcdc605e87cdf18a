"""What is left when everybody has gone home: files, caches, sessions, mail."""

from __future__ import annotations

import email
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.storage import InMemoryStorage, default_storage, storages

from .post import posted
from .report import Place
from .sieve import Sieve

LARGEST = 256_000_000  # bytes of one file


def folder(name: str, sieve: Sieve, where: Path, *, leave_out: Iterable[Path] = ()) -> Place:
    """Every file in this folder, and what each is called."""
    place = Place(name, {"files": 0})
    out = {path.resolve() for path in leave_out}
    for path in _files(where):
        if not out & {path, *path.parents}:
            file(place, sieve, path, str(path.relative_to(where)))
    return place


def _files(where: Path) -> Iterator[Path]:
    for above, _, names in os.walk(where.resolve()):
        yield from (Path(above) / name for name in sorted(names))


def file(place: Place, sieve: Sieve, path: Path, called: str) -> None:
    place.sift(sieve, f"the name of {called}", called.encode())
    try:
        if not path.is_file() or path.is_symlink():
            return
        with path.open("rb") as content:
            place.sift(sieve, called, content.read(LARGEST), "files")
            if content.read(1):
                place.unseen.append(f"{called} is larger than {LARGEST:,} bytes; only its beginning was read.")
    except FileNotFoundError:
        return  # gone while we looked: the database's own
    except OSError as no:
        place.unseen.append(f"{called} could not be read ({type(no).__name__}).")


def elsewhere(sieve: Sieve, written: Iterable[str], scratch: Path) -> Place:
    """Files that were opened for writing outside the scratch folder."""
    place = Place("files written elsewhere", {"files": 0})
    for path in sorted({Path(name).resolve() for name in written}):
        if scratch.resolve() not in path.parents:
            file(place, sieve, path, str(path))
    return place


def cache(sieve: Sieve) -> Place:
    """Everything that stands in the caches."""
    place = Place("caches", {"entries": 0})
    for alias in settings.CACHES:
        kept: dict[str, bytes] = vars(caches[alias])[
            "_cache"
        ]  # in memory, by the settings; it lists what it holds nowhere else
        for key, value in list(kept.items()):
            place.sift(sieve, f"the cache {alias}", key.encode() + b"\0" + bytes(value), "entries")
    return place


def sessions(sieve: Sieve) -> Place:
    """What every session holds, decoded."""
    place = Place("sessions, decoded", {"sessions": 0})
    if settings.SESSION_ENGINE != "django.contrib.sessions.backends.db":
        return Place(
            place.name, unseen=[f"Sessions are kept by {settings.SESSION_ENGINE}: look into it where it runs."]
        )
    for session in Session.objects.all():
        place.sift(sieve, "a session", repr(session.get_decoded()).encode(), "sessions")
    return place


def mail(sieve: Sieve) -> Place:
    """Every message that left or would have left, as it was sent and decoded; those to whoever is told of errors as well."""
    place = Place("mail, of errors too", {"messages": 0})
    for content in posted:
        message = email.message_from_bytes(content)
        where = f"mail to {message['To']}: “{message['Subject']}”"
        parts: list[Any] = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
        place.sift(sieve, where, b"\n".join([content, *(part for part in parts if part)]), "messages")
    return place


def stored(sieve: Sieve) -> Place:
    """What Django's own file storage and the folders of static files and media hold."""
    place = Place("static, media, stored files", {"files": 0})
    for named in filter(None, (settings.STATIC_ROOT, settings.MEDIA_ROOT)):
        where = Path(str(named))
        for path in _files(where):
            file(place, sieve, path, str(path.relative_to(where)))
    if isinstance(storages["default"], InMemoryStorage):
        _memory(place, sieve, "")
    return place


def _memory(place: Place, sieve: Sieve, inside: str) -> None:
    folders, names = default_storage.listdir(inside)
    for name in names:
        with default_storage.open(f"{inside}{name}") as file:
            place.sift(sieve, f"stored: {inside}{name}", file.read(), "files")
    for each in folders:
        _memory(place, sieve, f"{inside}{each}/")
