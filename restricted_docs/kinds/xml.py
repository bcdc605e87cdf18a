"""XML of a package, read part by part through defusedxml: no entities, no document type, no more bytes than agreed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element  # the type alone: defusedxml does the parsing

from defusedxml.ElementTree import fromstring, iterparse

from . import limits
from .findings import NotTaken, Why


class Bounded(io.RawIOBase):
    """What a part unpacks to, up to a limit."""

    def __init__(self, part: IO[bytes], limit: int) -> None:
        super().__init__()
        self._part, self._left = part, limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._part.read(min(size, 1_000_000) if size and size > 0 else 1_000_000)
        self._left -= len(found)
        if self._left < 0:
            raise NotTaken(Why.TOO_MUCH)
        return found


def small(package: zipfile.ZipFile, name: str) -> Element:
    """A small part, whole."""
    with package.open(name) as part:
        found = part.read(limits.SMALL_PART + 1)
    if len(found) > limits.SMALL_PART:
        raise NotTaken(Why.TOO_MUCH)
    return fromstring(found, forbid_dtd=True)


def events(package: zipfile.ZipFile, name: str) -> Iterator[tuple[str, Any]]:
    """The starts and ends of a large part's elements. Clear what was read: the tree is not meant to grow."""
    with package.open(name) as part:
        yield from iterparse(Bounded(part, limits.XML_PART), events=("start", "end"), forbid_dtd=True)


def local(tag: Any) -> str:
    """A name without its namespace."""
    return str(tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name, or ""."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return str(value)
    return ""
