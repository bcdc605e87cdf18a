"""How a file is built, what in it could act, and what it would unpack to: found without running any of it."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest

from restricted_docs.kinds import limits
from restricted_docs.kinds.findings import IN_WORDS, Finding, NotTaken, Why, in_order, in_words
from restricted_docs.kinds.inspecting import inspect
from restricted_docs.kinds.pdf import PdfScan
from restricted_docs.sniffing import TYPES
from tests import made_files as made


def streamed(ending: str, content: bytes, step: int = 65_536) -> set[Finding]:
    """What is found as it streams by, however it is cut."""
    scan: Any = TYPES[ending].scan
    looking = scan()
    for start in range(0, len(content), step):
        looking.add(content[start : start + step])
    found: set[Finding] = looking.finish()
    return found


def looked_into(ending: str, content: bytes) -> set[Finding]:
    return inspect(io.BytesIO(content), ending)


def refusal(look: Any, ending: str, content: bytes) -> Why:
    with pytest.raises(NotTaken) as refused:
        look(ending, content)
    return refused.value.why


def test_every_finding_is_told_in_words_and_in_one_order() -> None:
    assert set(IN_WORDS) == set(Finding)
    assert in_order({Finding.JAVASCRIPT, Finding.MACROS}) == ["macros", "javascript"]
    assert in_words(["macros", "of a later version"]) == ["Has macros. They are never run here."]


# ------------------------------------------------------------------------------------------------------------- PDF
ACTIONS = {
    b"<</S/JavaScript/JS(app.alert\\(1\\))>>": Finding.JAVASCRIPT,
    b"<</S/J#61va#53cript/JS(x)>>": Finding.JAVASCRIPT,
    b"<</S/Launch/F(cmd.exe)>>": Finding.LAUNCHES,
    b"<</S/SubmitForm/F(x)>>": Finding.LAUNCHES,
    b"<</Type/EmbeddedFile/Length 3>>stream\nabc\nendstream": Finding.EMBEDDED_FILES,
    b"<</Subtype/FileAttachment>>": Finding.EMBEDDED_FILES,
    b"<</Subtype/RichMedia>>": Finding.MEDIA,
}


@pytest.mark.parametrize("step", [1, 7, 65_536])
@pytest.mark.parametrize("action", ACTIONS)
def test_what_could_act_in_a_pdf_is_found_wherever_it_is_cut(action: bytes, step: int) -> None:
    assert streamed(".pdf", made.pdf(action), step) == {ACTIONS[action]}


@pytest.mark.parametrize("step", [1, 11, 65_536])
def test_it_is_found_inside_a_packed_object_stream_too(step: int) -> None:
    inner = b"4 0 <</S/JavaScript/JS(x)>>" + b" " * 5000
    assert streamed(".pdf", made.pdf(made.object_stream(inner)), step) == {Finding.JAVASCRIPT}
    twice = made.pdf(made.object_stream(b"4 0 <<>>"), made.object_stream(b"5 0 <</S/Launch>>"))
    assert streamed(".pdf", twice, step) == {Finding.LAUNCHES}


def test_a_plain_pdf_has_nothing_to_tell_and_an_encrypted_one_its_password() -> None:
    assert streamed(".pdf", made.pdf(b"(About JavaScript and Launch)")) == set()
    assert streamed(".pdf", made.pdf(trailer=b"/Root 1 0 R/Encrypt 4 0 R")) == {Finding.PASSWORD}


def test_an_object_stream_is_found_wherever_the_file_is_cut() -> None:
    content = made.pdf(made.object_stream(b"<</S/Launch>>"))
    for cut in range(1, len(content)):
        scan = PdfScan()
        for piece in (content[:cut], content[cut : cut + 1], content[cut + 1 :]):
            scan.add(piece)
        assert scan.finish() == {Finding.LAUNCHES}, cut


@pytest.mark.parametrize("step", [1, 11, 300, 65_536])
def test_a_long_object_stream_behind_a_long_dictionary_is_looked_into_to_its_end(step: int) -> None:
    inner = zlib.compress(b" ".join(b"%d 0 R" % (number**3) for number in range(3_000)) + b"<</S/Launch>>")
    assert b"Launch" not in inner
    assert len(inner) > 1_000
    dictionary = b"<</Type/ObjStm/Note(%s)/Length %d>>" % (b"x" * 1000, len(inner))
    packed = dictionary + b"stream\n" + inner + b"\nendstream"
    assert streamed(".pdf", made.pdf(packed), step) == {Finding.LAUNCHES}


def test_object_streams_that_are_not_what_they_say_do_not_stop_the_look() -> None:
    broken = b"<</Type/ObjStm/Length 3>>stream\nabc\nendstream"
    assert streamed(".pdf", made.pdf(broken, b"<</S/Launch>>")) == {Finding.LAUNCHES}
    assert streamed(".pdf", made.pdf(b"<</Type/ObjStm>>" + b" " * 9000, b"<</S/Launch>>"), 100) == {Finding.LAUNCHES}


def test_a_pdf_whose_object_streams_unpack_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OBJECT_STREAMS", 3_000_000)
    assert streamed(".pdf", made.pdf(made.object_stream(bytes(2_900_000)))) == set()
    assert refusal(streamed, ".pdf", made.pdf(made.object_stream(bytes(3_100_000)))) == Why.TOO_MUCH


@pytest.mark.parametrize("content", [b"%PDF-1.4\nno object /Root\n%%EOF", b"%PDF-1.4\n1 0 obj endobj\n%%EOF"])
def test_what_only_looks_like_a_pdf_is_refused(content: bytes) -> None:
    assert refusal(streamed, ".pdf", content) == Why.OTHER


# -------------------------------------------------------------------------------------------------------- pictures
@pytest.mark.parametrize("step", [1, 13, 65_536])
def test_pictures_are_measured_however_they_are_cut(step: int) -> None:
    assert streamed(".png", made.png(), step) == streamed(".jpg", made.jpeg(), step) == set()
    assert streamed(".png", made.png(behind=b"PK\x03\x04"), step) == {Finding.MORE_BEHIND}
    for ending, bomb in ((".png", made.png(30_000, 30_000)), (".jpg", made.jpeg(30_000, 30_000))):
        with pytest.raises(NotTaken) as refused:
            streamed(ending, bomb, step)
        assert refused.value.why == Why.TOO_WIDE


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".png", made.png()[:-6]),
        (".png", made.png(0, 2)),
        (".png", b"\x89PNG\r\n\x1a\nxxxxIDATxxxxxxxx"),
        (".png", b"not a picture at all, but long enough"),
        (".jpg", made.jpeg(0, 2)),
        (".jpg", b"\xff\xd8\xff\xe1\x00\x02this is no marker"),
        (".jpg", b"\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00scan without a frame\xff\xd9"),
        (".jpg", b"\xff\xd8"),
    ],
)
def test_what_only_looks_like_a_picture_is_refused(ending: str, content: bytes) -> None:
    assert refusal(streamed, ending, content) == Why.OTHER


# ------------------------------------------------------------------------------------------------------------ text
@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", '"=cmd()"', "+A1", "-(2)"])
def test_cells_that_a_spreadsheet_would_calculate_are_found(cell: str) -> None:
    assert streamed(".csv", f"Agency,Due\nPolice,{cell}\n".encode(), 3) == {Finding.FORMULAS}
    assert streamed(".txt", cell.encode()) == set()


def test_plain_tables_and_mails_have_nothing_to_tell() -> None:
    assert streamed(".csv", b"Agency,Change\nPolice,-3\nRefuge,+4.5\n") == set()
    assert streamed(".eml", made.EML, 10) == {Finding.EMBEDDED_FILES}
    assert streamed(".eml", made.EML.split(b"--b1")[0]) == set()
    assert refusal(streamed, ".csv", b"Agency" + bytes(3)) == Why.OTHER
    assert streamed(".csv", "Agency,Due".encode("utf-16")) == set()


# -------------------------------------------------------------------------------------------------------- packages
REMOTE = "http://203.0.113.7/evil.dotm"
PACKAGES: dict[str, tuple[str, bytes, Finding | None]] = {
    "a plain report": (".docx", made.docx(), None),
    "a report with macros": (".docm", made.docm(), Finding.MACROS),
    "macros under a plain name": (".docx", made.docx(more={"word/vbaProject.bin": b"x"}), Finding.MACROS),
    "a template elsewhere": (
        ".docx",
        made.docx(more={"word/_rels/settings.xml.rels": made.relationships(("attachedTemplate", REMOTE, "External"))}),
        Finding.EXTERNAL_TEMPLATE,
    ),
    "a picture elsewhere": (
        ".docx",
        made.docx(more={"word/_rels/document.xml.rels": made.relationships(("image", REMOTE, "External"))}),
        Finding.EXTERNAL_CONTENT,
    ),
    "a link to click": (
        ".docx",
        made.docx(more={"word/_rels/document.xml.rels": made.relationships(("hyperlink", REMOTE, "External"))}),
        None,
    ),
    "a page of its own inside": (
        ".docx",
        made.docx(more={"word/_rels/document.xml.rels": made.relationships(("aFChunk", "a.html", ""))}),
        Finding.EMBEDDED_FILES,
    ),
    "an object": (".docx", made.docx(more={"word/embeddings/oleObject1.bin": b"x"}), Finding.OLE_OBJECTS),
    "a workbook inside": (".docx", made.docx(more={"word/embeddings/Book.xlsx": b"x"}), Finding.EMBEDDED_FILES),
    "a control": (".docx", made.docx(more={"word/activeX/activeX1.xml": b"<x/>"}), Finding.ACTIVEX),
    "a field that asks another program": (
        ".docx",
        made.docx("<w:p><w:r><w:instrText>DDEAUTO c:\\x</w:instrText></w:r></w:p>"),
        Finding.EXTERNAL_CONTENT,
    ),
    "tracked changes": (".docx", made.docx("<w:p><w:del w:id='1'/></w:p>"), Finding.TRACKED_CHANGES),
    "a plain chronology": (".xlsx", made.xlsx(""), None),
    "another workbook's cells": (
        ".xlsx",
        made.xlsx("", more={"xl/externalLinks/externalLink1.xml": "<x/>"}),
        Finding.EXTERNAL_CONTENT,
    ),
    "a locked report": (".docx", made.ENCRYPTED_PACKAGE, Finding.PASSWORD),
    "a locked workbook": (".xlsx", made.ENCRYPTED_PACKAGE, Finding.PASSWORD),
    "a plain text": (".odt", made.odt("<text:p>Text</text:p>"), None),
    "a locked text": (
        ".odt",
        made.odt("", manifest="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
        Finding.PASSWORD,
    ),
    "a macro in a text": (".odt", made.odt("", more={"Basic/Standard/script-lb.xml": "<x/>"}), Finding.MACROS),
    "a listener": (".odt", made.odt("<script:event-listener/>"), Finding.MACROS),
    "an object in a text": (".odt", made.odt("", more={"Object 1/content.xml": "<x/>"}), Finding.OLE_OBJECTS),
    "a picture from elsewhere in a text": (
        ".odt",
        made.odt(f'<draw:image xlink:href="{REMOTE}"/>'),
        Finding.EXTERNAL_CONTENT,
    ),
    "its own picture in a text": (".odt", made.odt('<draw:image xlink:href="Pictures/1.png"/>'), None),
    "changes in a text": (".odt", made.odt("<text:tracked-changes/>"), Finding.TRACKED_CHANGES),
    "an old report": (".doc", made.doc(), None),
    "an old report with macros": (".doc", made.doc(more={"Macros": {"VBA": b"x"}}), Finding.MACROS),
    "an old report with objects": (".doc", made.doc(more={"ObjectPool": {"_1": b"x"}}), Finding.OLE_OBJECTS),
    "a locked old report": (".doc", made.doc(flags=0x100), Finding.PASSWORD),
    "a mail": (".msg", made.msg(attached=0), None),
    "a mail with a file": (".msg", made.msg(), Finding.EMBEDDED_FILES),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_what_a_package_has_in_it(name: str) -> None:
    ending, content, finding = PACKAGES[name]
    assert looked_into(ending, content) == ({finding} if finding else set())


WRONG = {
    "a workbook called a report": (".docx", made.xlsx("")),
    "a report called a workbook": (".xlsx", made.docx()),
    "a macro report called a plain one": (".docx", made.docm()),
    "a text called a report": (".docx", made.odt("")),
    "a report called a text": (".odt", made.docx()),
    "no list of types": (".docx", made.zipped({"word/document.xml": "x"})),
    "a main part that is not there": (
        ".docx",
        made.zipped({"[Content_Types].xml": made.content_types(made.WORD_MAIN, "gone.xml")}),
    ),
    "a document type": (".docx", made.docx(more={"[Content_Types].xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"})),
    "half a zip": (".docx", made.docx()[:-30]),
    "a mail called a report": (".doc", made.msg()),
    "an old report called a mail": (".msg", made.doc()),
    "an old report called a new one": (".docx", made.doc()),
    "an old report with a strange head": (".doc", made.compound({"WordDocument": bytes(5000)})),
    "an old report cut short": (".doc", made.doc()[:700]),
    "noise": (".doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 3000),
    "a text without its list": (".odt", made.zipped({"mimetype": made.ODT_TYPE}, stored=("mimetype",))),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", WRONG)
def test_a_package_that_is_not_what_its_name_says_is_refused(name: str) -> None:
    ending, content = WRONG[name]
    assert refusal(looked_into, ending, content) == Why.OTHER


def test_a_zip_with_a_password_or_two_files_of_one_name_is_refused() -> None:
    locked = bytearray(made.docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert refusal(looked_into, ".docx", bytes(locked)) == Why.OTHER
    twice = made.docx(more={"word/document.xmk": "x"}).replace(b"document.xmk", b"document.xml")
    assert refusal(looked_into, ".docx", twice) == Why.OTHER


def test_decompression_bombs_are_refused_by_ratio_by_total_and_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = made.docx(more={"word/media/image1.bmp": bytes(30_000_000)})
    assert len(bomb) < 60_000
    assert refusal(looked_into, ".docx", bomb) == Why.TOO_MUCH
    monkeypatch.setattr(limits, "UNPACKED", 10_000)
    assert refusal(looked_into, ".docx", made.docx(more={"a": bytes(9_900)})) == Why.TOO_MUCH
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MEMBERS", 3)
    assert looked_into(".docx", made.docx(more={"a": "x"})) == set()
    assert refusal(looked_into, ".docx", made.docx(more={"a": "x", "b": "x"})) == Why.TOO_MUCH


@pytest.mark.parametrize(
    ("limit", "most", "content"),
    [
        ("XML_PART", 500, made.docx(made.paragraph("x" * 600))),
        ("SMALL_PART", 150, made.docx()),
        ("LISTS", 0, made.docx(more={"word/_rels/document.xml.rels": made.relationships()})),
    ],
)
def test_a_part_that_unpacks_to_more_than_agreed_is_refused(
    limit: str, most: int, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, most)
    assert refusal(looked_into, ".docx", content) == Why.TOO_MUCH


def test_a_compound_file_with_too_many_streams_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OLE_ENTRIES", 3)
    assert refusal(looked_into, ".msg", made.msg()) == Why.TOO_MUCH


def test_memory_that_runs_out_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("restricted_docs.kinds.packages.check", full)
    assert refusal(looked_into, ".docx", made.docx()) == Why.TOO_MUCH


def test_a_flate_bomb_costs_no_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OBJECT_STREAMS", 1_000_000)
    packed = zlib.compress(bytes(200_000_000))
    head = b"<</Type/ObjStm/Filter/FlateDecode/Length %d>>stream\r\n" % len(packed)
    assert refusal(streamed, ".pdf", made.pdf(head + packed + b"\nendstream")) == Why.TOO_MUCH
