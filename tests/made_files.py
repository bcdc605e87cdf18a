"""Files of every accepted kind, made in code: whole, and each with the one thing in it that a test is about."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

OFFICE = "application/vnd.openxmlformats-officedocument"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_MAIN = f"{OFFICE}.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
SHEET_MAIN = f"{OFFICE}.spreadsheetml.sheet.main+xml"
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
Parts = Mapping[str, bytes | str]


def zipped(parts: Parts, *, stored: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(name, content, compress_type=how)
    return file.getvalue()


def content_types(main: str, part: str) -> str:
    return f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/{part}" ContentType="{main}"/></Types>'


def paragraph(text: str, style: str = "") -> str:
    head = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{head}<w:r><w:t>{text}</w:t></w:r></w:p>"


def word_body(*inner: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{"".join(inner)}</w:body></w:document>'


def docx(*inner: str, main: str = WORD_MAIN, more: Parts | None = None) -> bytes:
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(main, "word/document.xml"),
        "word/document.xml": word_body(*(inner or (paragraph("The whole account."),))),
    }
    return zipped(parts | dict(more or {}))


def docm(*inner: str) -> bytes:
    return docx(*inner, main=MACRO_MAIN, more={"word/vbaProject.bin": b"never run"})


def relationships(*entries: tuple[str, str, str]) -> str:
    """Of (kind, target, mode)."""
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{target}"{f" TargetMode={mode!r}" if mode else ""}/>'
        for n, (kind, target, mode) in enumerate(entries)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(rows: str, *, strings: tuple[str, ...] = (), styles: str = "", more: Parts | None = None) -> bytes:
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(SHEET_MAIN, "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Chronology" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml", "")),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{S}">' + "".join(f"<si><t>{one}</t></si>" for one in strings) + "</sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{S}">{styles}</styleSheet>',
    }
    return zipped(parts | dict(more or {}))


ODF = "urn:oasis:names:tc:opendocument:xmlns"


def content_xml(body: str) -> bytes:
    spaces = f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:table="{ODF}:table:1.0"'
    links = f'xmlns:draw="{ODF}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:script="{ODF}:script:1.0"'
    inner = f"<office:body><office:text>{body}</office:text></office:body>"
    return f"<office:document-content {spaces} {links}>{inner}</office:document-content>".encode()


def manifest_xml(entries: str) -> str:
    return f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0">{entries}</manifest:manifest>'


def odt(body: str, *, manifest: str = "", more: Parts | None = None, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    parts: dict[str, bytes | str] = {
        "mimetype": ODT_TYPE,
        "content.xml": content_xml(body),
        "META-INF/manifest.xml": manifest_xml(manifest),
    }
    return zipped(parts | dict(more or {}), stored=stored)


def png(width: int = 2, height: int = 2, *, behind: bytes = b"") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" + bytes(2) + b"\0" + bytes(2))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"") + behind


def jpeg(width: int = 2, height: int = 2) -> bytes:
    notes = b"\xff\xe1" + struct.pack(">H", 70_000 - 65_536 + 2) + bytes(70_000 - 65_536)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + notes + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(90) + b"\xff\xd9"


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF 1.5 with its table, whose further objects are given whole."""
    made, begins = bytearray(b"%PDF-1.5\n"), []
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    for number, body in enumerate([*bodies, *objects], start=1):
        begins.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(begins) + 1)
    made += b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    return bytes(made) + b"trailer<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(begins) + 1, trailer, start)


def object_stream(inner: bytes) -> bytes:
    packed = zlib.compress(inner)
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\r\n" % len(packed)
    return head + packed + b"\nendstream"


EML = (
    b"Received: from a\r\n by b\r\nFrom: Sam Sender <sam@example.org>\r\nTo: officer@example.org\r\n"
    b"Date: Mon, 2 Mar 2026 09:30:00 +0000\r\nSubject: =?utf-8?q?Our_return_=E2=80=93_IMR?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n"
    b"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlease find our return.\r\n\r\nKind regards\r\n"
    b"--b1\r\nContent-Type: application/zip; name=secret-name.zip\r\nContent-Disposition: attachment; "
    b"filename=secret-name.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBAAAAAAAAAAA\r\n--b1--\r\n"
)


# ---- compound files ([MS-CFB], version 3): streams under 4,096 bytes lie in the small stream, as Word and Outlook do it
FREE, END, FATSECT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, SMALL, CUTOFF = 512, 64, 4096
Tree = Mapping[str, Any]


def _chain(table: list[int], content: bytes, unit: int) -> int:
    """Reserve units for this content; the first of them, or END for nothing."""
    count = -(-len(content) // unit)
    if count == 0:
        return END
    first = len(table)
    table += [*range(first + 1, first + count), END]
    return first


def _entry(name: str, kind: int, *, right: int = FREE, child: int = FREE, start: int = 0, size: int = 0) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
    return head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def compound(tree: Tree) -> bytes:
    """A compound file of streams (bytes) and storages (a tree each)."""
    fat: list[int] = []
    mini: list[int] = []
    sectors, small = bytearray(), bytearray()
    entries: list[bytes] = [b""]

    def put(content: bytes) -> int:
        start = _chain(fat, content, SECTOR)
        sectors.extend(content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0"))
        return start

    def add(found: Tree) -> int:
        after = FREE
        for name in sorted(found, reverse=True):
            value = found[name]
            if isinstance(value, bytes):
                if len(value) < CUTOFF:
                    start = _chain(mini, value, SMALL)
                    small.extend(value.ljust(-(-len(value) // SMALL) * SMALL, b"\0"))
                else:
                    start = put(value)
                entry = _entry(name, 2, right=after, start=start, size=len(value))
            else:
                entry = _entry(name, 1, right=after, child=add(value))
            entries.append(entry)
            after = len(entries) - 1
        return after

    first = add(tree)
    entries[0] = _entry("Root Entry", 5, child=first, start=put(bytes(small)), size=len(small))
    mini_table = struct.pack(f"<{len(mini)}I", *mini)
    mini_start = put(mini_table + b"\xff" * (-len(mini_table) % SECTOR))
    directory = b"".join(entries)
    directory_start = put(directory + _entry("", 0)[:0] + bytes(-len(directory) % SECTOR))
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    places = list(range(len(fat), len(fat) + count))
    table = [*fat, *[FATSECT] * count]
    table += [FREE] * (count * 128 - len(table))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIII", 0, count, directory_start, 0, CUTOFF)
    head += struct.pack("<IIII", mini_start, -(-len(mini_table) // SECTOR), END, 0)
    head += struct.pack(f"<{count}I", *places) + b"\xff" * (4 * (109 - count))
    return head + bytes(sectors) + struct.pack(f"<{len(table)}I", *table)


def doc(text: str = "The first paragraph.\rThe second one.\r", *, flags: int = 0, more: Tree | None = None) -> bytes:
    """A Word 97 document in two pieces: one of 8-bit characters, one of 16-bit ([MS-DOC] 2.8.35)."""
    half = len(text) // 2
    narrow, wide = text[:half].encode("cp1252"), text[half:].encode("utf-16-le")
    at = 0x800
    block = bytearray(at)
    struct.pack_into("<H", block, 0, 0xA5EC)
    struct.pack_into("<H", block, 0x0A, 0x0200 | flags)  # the table stream is 1Table
    struct.pack_into("<I", block, 0x4C, len(text))
    pieces = struct.pack("<HIH", 0, (at * 2) | 0x40000000, 0) + struct.pack("<HIH", 0, at + len(narrow), 0)
    plc = struct.pack("<III", 0, half, len(text)) + pieces
    table = b"\x01\x02\x00\xaa\xbb" + b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<II", block, 0x1A2, 0, len(table))
    stream = bytes(block) + narrow + wide
    return compound({"WordDocument": stream.ljust(CUTOFF, b"\0"), "1Table": table, **(more or {})})


def msg(body: str = "Please find our return.\r\n\r\nKind regards", *, attached: int = 1) -> bytes:
    """A message of Outlook ([MS-OXMSG]), with attachments of one kind."""

    def text(tag: str, value: str) -> dict[str, bytes]:
        return {f"__substg1.0_{tag}001F": value.encode("utf-16-le")}

    sent = struct.pack("<IIQ", 0x00390040, 6, 134_169_318_000_000_000)
    tree: dict[str, Any] = {
        "__properties_version1.0": bytes(32) + sent,
        **text("0037", "Our return"),
        **text("0C1A", "Sam Sender"),
        **text("0E04", "Officer"),
        **text("1000", body),
    }
    for number in range(attached):
        inner = {**text("3707", "secret-name.zip"), "__substg1.0_37010102": b"PK" * 700}
        tree[f"__attach_version1.0_#{number:08X}"] = inner
    return compound(tree)


ENCRYPTED_PACKAGE = compound({"EncryptionInfo": b"\x04\x00\x04\x00", "EncryptedPackage": bytes(64)})
