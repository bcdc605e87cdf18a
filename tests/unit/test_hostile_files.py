"""Files that somebody built to be slow to look at, or to hide from the look."""

from __future__ import annotations

import io

import pytest

from restricted_docs.kinds import limits
from restricted_docs.kinds.findings import Finding, Why
from restricted_docs.kinds.inspecting import inspect
from tests import made_files as made

from .test_kinds import refusal, streamed
from .test_renditions import found

SLOW = {
    "object streams without end": (".pdf", b"/ObjStm ", Why.TOO_MUCH),
    "empty object streams": (".pdf", b"/ObjStm stream\n", Why.TOO_MUCH),
    "a picture of filling": (".jpg", b"\xff", Why.OTHER),
    "a picture of restarts": (".jpg", b"\xff\xd0", Why.OTHER),
    "a picture of empty parts": (".png", b"\0\0\0\0tEXt\0\0\0\0", Why.OTHER),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_file_of_nothing_but_beginnings_is_given_up_early(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OBJECT_STREAM_COUNT", 1_000)
    monkeypatch.setattr(limits, "PICTURE_PARTS", 1_000)
    ending, beginning, why = SLOW[name]
    begins = {".pdf": made.pdf(), ".jpg": b"\xff\xd8", ".png": made.png()[:-12]}[ending]
    ends = {".pdf": made.pdf(), ".jpg": made.jpeg()[2:], ".png": made.png()[-12:]}[ending]
    assert streamed(ending, begins + beginning * 500 + ends) == set()
    assert refusal(streamed, ending, begins + beginning * 2_000 + ends) == why


@pytest.mark.parametrize("step", [1, 7, 65_536])
def test_what_stands_behind_the_end_of_a_photograph_is_told(step: int) -> None:
    assert streamed(".jpg", made.jpeg() + made.zipped({"a": b"x"}), step) == {Finding.MORE_BEHIND}
    assert streamed(".jpg", made.jpeg() + b"film\xff\xd9", step) == {Finding.MORE_BEHIND}
    assert streamed(".jpg", made.jpeg() + bytes(3), step) == set(), "filling"


@pytest.mark.parametrize("how", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("table", ["=1+1,b", "a,=1+1", "a\n+A1", '"@SUM(A1)"'])
def test_a_formula_is_found_however_the_table_is_written(how: str, table: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(how, b"")
    assert streamed(".csv", mark + table.encode(how)) == {Finding.FORMULAS}
    assert streamed(".csv", mark + "a,b\nc-d,3\n".encode(how)) == set()


def test_a_formula_by_the_wide_signs_of_other_keyboards_is_found() -> None:
    assert streamed(".csv", "a,\N{FULLWIDTH EQUALS SIGN}1+1".encode()) == {Finding.FORMULAS}


@pytest.mark.parametrize("kind", ["application/x-msdownload; name=a.exe", "message/rfc822", "image/png"])
def test_a_file_in_a_mail_is_found_although_nobody_says_that_it_is_attached(kind: str) -> None:
    part = f"--b1\r\nContent-Type: {kind}\r\n\r\nx\r\n".encode()
    assert streamed(".eml", made.EML.split(b"--b1")[0] + part, 10) == {Finding.EMBEDDED_FILES}


REMOTE = "http://203.0.113.7/evil.dotm"
ATTACHED = "attachedTemplate"
HIDDEN = {
    "a list in capital letters": ("word/_rels/settings.xml.RELS", (ATTACHED, REMOTE, "External")),
    "a mode in small letters": ("word/_rels/settings.xml.rels", (ATTACHED, REMOTE, "external")),
    "an address without a mode": ("word/_rels/settings.xml.rels", (ATTACHED, REMOTE, "")),
    "a share without a mode": ("word/_rels/settings.xml.rels", (ATTACHED, "\\\\203.0.113.7\\a.dotm", "")),
    "an address without its beginning": (
        "word/_rels/settings.xml.rels",
        (ATTACHED, "//203.0.113.7/a.dotm", "Internal"),
    ),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_template_elsewhere_is_found_however_it_is_written(how: str) -> None:
    name, relation = HIDDEN[how]
    content = made.docx(more={name: made.relationships(relation)})
    assert inspect(io.BytesIO(content), ".docx") == {Finding.EXTERNAL_TEMPLATE}


def test_macros_are_found_by_their_type_in_capital_letters() -> None:
    types = made.content_types(made.WORD_MAIN, "word/document.xml")
    hidden = '<Override PartName="/word/plain.bin" ContentType="application/vnd.ms-office.VBAPROJECT"/></Types>'
    more = {"[Content_Types].xml": types.replace("</Types>", hidden), "word/plain.bin": b"x"}
    assert inspect(io.BytesIO(made.docx(more=more)), ".docx") == {Finding.MACROS}


def rows(table: str) -> list[list[str]]:
    (block,) = found(".csv", table.encode())
    shown: list[list[str]] = block["rows"]
    return shown


def test_what_people_said_stands_in_a_table_as_they_said_it() -> None:
    said = "When,Who,What\n" + "1 May,'her sister','she didn't say'\n" * 20
    assert rows(said)[1] == ["1 May", "'her sister'", "'she didn't say'"]
    late = "When,What\n" + '1 May,"a call, and another"\n' * 1_000 + '2 May,"""No"", she said"\n'
    assert rows(late)[-1] == ["2 May", '"No", she said']


def test_a_quotation_mark_that_is_never_closed_loses_no_word() -> None:
    assert rows('When,What\n1 May,"' + "word " * 30_000)[1] == ["1 May", ("word " * 30_000).rstrip()]
