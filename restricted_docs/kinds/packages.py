"""Zip packages: DOCX, DOCM and XLSX (ECMA-376 part 2) and ODT (OpenDocument 1.3 part 2). The directory is read, no more
than a few parts are unpacked, and nothing that is inside of one is opened as a package of its own.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO
from xml.etree.ElementTree import Element

from . import limits, xml
from .findings import Finding, NotTaken, Why

MAIN_TYPES = {
    ".docx": ("wordprocessingml.document.main+xml",),
    ".docm": ("word.document.macroEnabled.main+xml", "wordprocessingml.document.main+xml"),
    ".xlsx": ("spreadsheetml.sheet.main+xml",),
}
ODT = b"application/vnd.oasis.opendocument.text"
MANIFEST = "META-INF/manifest.xml"
WHOLE = "encrypted-package"  # a whole text, locked, in a package of nothing else (OASIS OFFICE-4153)
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
STEP = 1_000_000
CHANGES = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)[ >]")
FETCHES = re.compile(rb"\bDDE(?:AUTO)?\b|\bINCLUDE(?:PICTURE|TEXT)\b")
ODT_FETCHES = re.compile(
    rb"<(?:draw:image|draw:object|text:section-source|draw:plugin)\b[^>]{0,400}?xlink:href=\"(?:[a-z]+:|//|\\\\|/)"
    rb"|<office:dde-source"
)
OUTSIDE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")  # an address, or a share of another computer
ODT_SCRIPTS = re.compile(rb"<script:event-listener|<office:script")
ODT_CHANGES = re.compile(rb"<text:tracked-changes")


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The package, once its directory is known to promise no more than a paper could hold. Raises NotTaken."""
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise NotTaken(Why.OTHER) from None
    found = package.infolist()
    if len(found) > limits.MEMBERS:
        raise NotTaken(Why.TOO_MUCH)
    names = {info.filename for info in found}
    if len(names) != len(found) or any(info.flag_bits & 1 or info.compress_type not in PACKED for info in found):
        raise NotTaken(Why.OTHER)
    total, packed = sum(info.file_size for info in found), sum(info.compress_size for info in found)
    if total > limits.UNPACKED or (total > limits.RATIO_FROM and total > limits.RATIO * max(packed, 1)):
        raise NotTaken(Why.TOO_MUCH)
    return package


def check(file: IO[bytes], ending: str) -> set[Finding]:
    """What a package has in it. Raises NotTaken where it is no package of this kind."""
    package = opened(file)
    return _open_document(package) if ending == ".odt" else _office(package, ending)


def _office(package: zipfile.ZipFile, ending: str) -> set[Finding]:
    names = package.namelist()
    if "[Content_Types].xml" not in names:
        raise NotTaken(Why.OTHER)
    types = xml.small(package, "[Content_Types].xml")
    main = main_part(types, ending)
    if main not in names:
        raise NotTaken(Why.OTHER)
    found = _by_names(names) | _by_relationships(package)
    if any("vbaproject" in element.get("ContentType", "").lower() for element in types):
        found.add(Finding.MACROS)
    if ending != ".xlsx":
        found |= _in(package, main, {CHANGES: Finding.TRACKED_CHANGES, FETCHES: Finding.EXTERNAL_CONTENT})
    return found


def main_part(types: Element, ending: str) -> str:
    """The part that the package is about (ECMA-376 part 2, 6.2.3). Raises NotTaken."""
    for element in types:
        kind = element.get("ContentType", "")
        if kind.endswith(MAIN_TYPES[ending]) and element.get("PartName"):
            return str(element.get("PartName")).lstrip("/")
    raise NotTaken(Why.OTHER)


def _by_names(names: list[str]) -> set[Finding]:
    found = set()
    for name in map(str.lower, names):
        if name.endswith("vbaproject.bin"):
            found.add(Finding.MACROS)
        if "/activex/" in name:
            found.add(Finding.ACTIVEX)
        if "/embeddings/" in name:
            found.add(Finding.OLE_OBJECTS if name.endswith(".bin") else Finding.EMBEDDED_FILES)
        if "/externallinks/" in name:
            found.add(Finding.EXTERNAL_CONTENT)
    return found


def _by_relationships(package: zipfile.ZipFile) -> set[Finding]:
    """Relationships to what lies outside, links that somebody must click left out (ECMA-376 part 2, 6.5.3.4)."""
    lists = [name for name in package.namelist() if name.lower().endswith(".rels")]
    if len(lists) > limits.LISTS:
        raise NotTaken(Why.TOO_MUCH)
    found = set()
    for name in lists:
        for relation in xml.small(package, name):
            kind = relation.get("Type", "").rpartition("/")[2]
            if _lies_outside(relation) and kind != "hyperlink":
                found.add(Finding.EXTERNAL_TEMPLATE if kind == "attachedTemplate" else Finding.EXTERNAL_CONTENT)
            if kind == "aFChunk":
                found.add(Finding.EMBEDDED_FILES)
    return found


def _lies_outside(relation: Element) -> bool:
    """By what it says, however that is written, or by where it leads: programs have followed both."""
    target = relation.get("Target", "")
    return relation.get("TargetMode", "").lower() == "external" or OUTSIDE.match(target) is not None


def _open_document(package: zipfile.ZipFile) -> set[Finding]:
    names = package.namelist()
    first = package.infolist()[0] if names else None
    if first is None or first.filename != "mimetype" or first.file_size > 200 or package.read(first).strip() != ODT:
        raise NotTaken(Why.OTHER)
    if MANIFEST not in names or not {"content.xml", WHOLE} & set(names):
        raise NotTaken(Why.OTHER)
    if is_locked(package):
        return {Finding.PASSWORD}
    if "content.xml" not in names:
        raise NotTaken(Why.OTHER)
    found = set()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        found.add(Finding.MACROS)
    if any(name.startswith("Object ") for name in names):
        found.add(Finding.OLE_OBJECTS)
    looked_for = {
        ODT_FETCHES: Finding.EXTERNAL_CONTENT,
        ODT_SCRIPTS: Finding.MACROS,
        ODT_CHANGES: Finding.TRACKED_CHANGES,
    }
    return found | _in(package, "content.xml", looked_for)


def is_locked(package: zipfile.ZipFile) -> bool:
    """Whether a password locks this text (OpenDocument 1.3 part 2, 3.4)."""
    manifest = xml.small(package, MANIFEST)
    return any(xml.local(element.tag) == "encryption-data" for element in manifest.iter())


def _in(package: zipfile.ZipFile, name: str, looked_for: dict[re.Pattern[bytes], Finding]) -> set[Finding]:
    """Which of these patterns a part has, a million bytes at a time."""
    found: set[Finding] = set()
    tail, read = b"", 0
    with package.open(name) as part:
        while chunk := part.read(STEP):
            read += len(chunk)
            if read > limits.XML_PART:
                raise NotTaken(Why.TOO_MUCH)
            found.update(finding for pattern, finding in looked_for.items() if pattern.search(tail + chunk))
            tail = chunk[-500:]
    return found
