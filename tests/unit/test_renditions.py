"""What a file says, as blocks: its words in their order, and no markup, link, picture or program of it."""

from __future__ import annotations

import io
import json
import random
import struct
from typing import Any

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from pypdf import PdfWriter

from restricted_docs.renditions import blocks, locks, mail, sheets
from restricted_docs.renditions.rendering import render
from restricted_docs.sandbox.asking import ask
from tests import made_files as made

from .test_sandbox import InMemory


def rendered(ending: str, content: bytes, password: str = "") -> dict[str, Any]:
    return render(io.BytesIO(content), ending, password)


def found(ending: str, content: bytes, password: str = "") -> list[dict[str, Any]]:
    answer = rendered(ending, content, password)
    blocks_found: list[dict[str, Any]] = answer["blocks"]
    assert answer["cut"] is False
    return blocks_found


def paragraphs(*texts: str) -> list[dict[str, Any]]:
    return [{"kind": "paragraph", "text": text} for text in texts]


# ------------------------------------------------------------------------------------------------------------- Word
def test_a_report_has_its_headings_paragraphs_lists_and_tables_in_their_order() -> None:
    cell = "<w:tc>{}</w:tc>".format
    row = "<w:tr>{}</w:tr>".format
    body = [
        made.paragraph("Overview report", "Title"),
        made.paragraph("What happened", "Heading2"),
        made.paragraph("First.") + "<w:p><w:r><w:t>Sec</w:t><w:tab/><w:t>ond</w:t><w:br/><w:t>line</w:t></w:r></w:p>",
        '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>An item</w:t></w:r></w:p>',
        "<w:tbl>"
        + row(cell(made.paragraph("When")) + cell(made.paragraph("What")))
        + row(cell(made.paragraph("1 May") + made.paragraph("noon")) + cell(made.paragraph("A call")))
        + "</w:tbl>",
        "<w:p/>",
    ]
    assert found(".docx", made.docx(*body)) == [
        {"kind": "heading", "text": "Overview report", "level": 1},
        {"kind": "heading", "text": "What happened", "level": 2},
        *paragraphs("First.", "Sec\tond\nline"),
        {"kind": "item", "text": "An item"},
        {"kind": "table", "rows": [["When", "What"], ["1 May\nnoon", "A call"]]},
    ]


def test_struck_text_field_codes_and_second_tellings_are_left_out_and_macros_are_not_looked_at() -> None:
    again = (
        "<mc:AlternateContent xmlns:mc='m'><mc:Choice><w:t>once</w:t></mc:Choice>"
        "<mc:Fallback><w:t>again</w:t></mc:Fallback></mc:AlternateContent>"
    )
    inner = (
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:del><w:r><w:delText>struck</w:delText><w:t>moved</w:t></w:r></w:del>"
        f"<w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r><w:r>{again}</w:r></w:p>"
    )
    assert found(".docm", made.docm(inner)) == paragraphs("Kept once")


def test_footnotes_and_comments_follow_the_text_and_a_table_in_a_cell_becomes_its_lines() -> None:
    notes = f'<w:footnotes xmlns:w="{made.W}"><w:footnote>{made.paragraph("A note.")}</w:footnote></w:footnotes>'
    inner = f"<w:tbl><w:tr><w:tc>{made.paragraph('in')}</w:tc><w:tc>{made.paragraph('ner')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{inner}{made.paragraph('out')}</w:tc></w:tr></w:tbl>"
    assert found(".docx", made.docx(body, more={"word/footnotes.xml": notes})) == [
        {"kind": "table", "rows": [["in | ner\nout"]]},
        {"kind": "heading", "text": "Footnotes", "level": 2},
        {"kind": "item", "text": "A note."},
    ]


def test_an_old_report_is_read_piece_by_piece_without_its_field_codes() -> None:
    text = 'The account – of\x0bthe panel.\r\x13HYPERLINK "http://x"\x14a link\x15 here\r\x01\x07A cell\x07\x07'
    assert found(".doc", made.doc(text)) == paragraphs("The account – of\nthe panel.", "a link here", "A cell")


def test_an_old_report_without_text_says_so() -> None:
    assert rendered(".doc", made.doc(" \r")) == {"trouble": "no_text"}
    no_table = made.compound({"WordDocument": bytes(10)})
    assert rendered(".doc", no_table) == {"trouble": "damaged"}
    broken = made.doc().replace(b"\x01\x02\x00\xaa\xbb\x02", b"\x01\x02\x00\xaa\xbb\x07")
    assert rendered(".doc", broken) == {"trouble": "no_text"}
    block = bytearray(0x200)
    struct.pack_into("<H", block, 0, 0xA5EC)
    assert rendered(".doc", made.compound({"WordDocument": bytes(block)})) == {"trouble": "no_text"}


# -------------------------------------------------------------------------------------------------------------- ODT
def test_a_text_of_open_document_has_its_headings_paragraphs_lists_and_tables() -> None:
    body = (
        '<text:tracked-changes><text:p>struck</text:p></text:tracked-changes><text:h text:outline-level="1">Head</text:h>'
        '<text:p>One<text:s text:c="2"/>two<text:tab/><text:span>three</text:span><text:line-break/>four'
        "<office:annotation><text:p>a remark</text:p></office:annotation> five</text:p>"
        "<text:list><text:list-item><text:p>An item</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>c</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    assert found(".odt", made.odt(body)) == [
        {"kind": "heading", "text": "Head", "level": 1},
        *paragraphs("One  two\tthree\nfour five"),
        {"kind": "item", "text": "An item"},
        {"kind": "table", "rows": [["a\nb", "c", "c"]]},
    ]


def test_a_locked_text_of_open_document_says_that_it_cannot_be_unlocked_here() -> None:
    locked = made.odt("", manifest="<manifest:encryption-data/>")
    assert rendered(".odt", locked, "whatever") == {"trouble": "cannot_unlock"}


# ----------------------------------------------------------------------------------------------------------- sheets
def test_a_chronology_shows_its_dates_as_dates_and_its_cells_where_they_stand() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/><numFmt numFmtId="171" formatCode="0&quot;day&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>'
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>What</t></is></c></row>'
        '<row r="2"><c r="A2" s="1"><v>46082</v></c><c r="B2" s="2"><v>0.5</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2" s="3"><v>7</v></c><c r="E2" t="str"><f>1+1</f><v>2</v></c><c r="F2" s="1"><v>1e99</v></c></row>'
    )
    assert found(".xlsx", made.xlsx(rows, strings=("When",), styles=styles)) == [
        {"kind": "heading", "text": "Chronology", "level": 2},
        {
            "kind": "table",
            "rows": [["When", "", "What", "", "", ""], ["1 March 2026", "12:00:00", "Yes", "7", "2", "1e99"]],
        },
    ]


@pytest.mark.parametrize("content", [b"a;b\n1;2\n", "a\tb\n1\t2\n".encode("utf-16"), b"a,b\r\n1,2"])
def test_a_table_in_text_is_divided_as_its_writer_divided_it(content: bytes) -> None:
    assert found(".csv", content) == [{"kind": "table", "rows": [["a", "b"], ["1", "2"]]}]


def test_text_is_read_as_windows_wrote_it_and_a_letter_cut_in_two_is_left_out() -> None:
    assert sheets.decoded("Café".encode("cp1252") + b" und so weiter") == "Café und so weiter"
    assert sheets.decoded("Café".encode()[:-1]) == "Caf"


def test_a_long_table_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST_ROWS", 2)
    assert rendered(".csv", b"a,b\n1,2\n3,4\n") == {
        "blocks": [{"kind": "table", "rows": [["a", "b"], ["1", "2"]]}],
        "cut": True,
    }
    monkeypatch.setattr(sheets, "CSV_BYTES", 4)
    assert rendered(".csv", b"a,b\n1,2\n")["cut"] is True


def test_a_rendition_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    long = made.docx(*[made.paragraph("word " * 10)] * 30)
    monkeypatch.setattr(blocks, "MOST_BLOCKS", 7)
    assert [len(rendered(".docx", long)["blocks"]), rendered(".docx", long)["cut"]] == [7, True]
    monkeypatch.setattr(blocks, "MOST_TEXT", 99)
    assert [len(rendered(".docx", long)["blocks"]), rendered(".docx", long)["cut"]] == [2, True]


# ------------------------------------------------------------------------------------------------------------- mail
ATTACHED = {"kind": "attachments", "files": [["zip", 12]]}


def test_a_mail_has_its_head_its_words_and_what_is_attached_by_type_and_size() -> None:
    head = [
        ["From", "Sam Sender <sam@example.org>"],
        ["To", "officer@example.org"],
        ["Sent", "Mon, 2 Mar 2026 09:30:00 +0000"],
        ["Subject", "Our return – IMR"],
    ]
    whole = found(".eml", made.EML)
    assert whole == [
        {"kind": "facts", "pairs": head},
        *paragraphs("Please find our return.", "Kind regards"),
        ATTACHED,
    ]
    assert "secret-name" not in json.dumps(whole)


def test_a_mail_that_was_written_as_a_web_page_is_its_words() -> None:
    page = (
        "<html><head><title>no</title><style>p{}</style></head><body onload=alert(1)><script>alert(2)</script>"
        "<h2>News</h2><p>Read <a href='http://x'>this</a><br>now &amp; then</p><ul><li>One</li></ul>"
        "<table><tr><td>a</td><td>b</td></tr></table><img src='http://x/pixel'>end</body></html>"
    )
    mailed = b"From: a@example.org\r\nContent-Type: text/html; charset=x-unheard-of\r\n\r\n" + page.encode()
    assert found(".eml", mailed)[1:] == [
        {"kind": "heading", "text": "News", "level": 2},
        *paragraphs("Read this\nnow & then"),
        {"kind": "item", "text": "One"},
        *paragraphs("a | b", "end"),
    ]


def test_a_mail_inside_a_mail_is_one_thing_that_is_attached() -> None:
    inner = b"From: b@example.org\r\nSubject: hidden words\r\n\r\nhidden words"
    mailed = (
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee below.\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--x--\r\n"
    )
    whole = found(".eml", mailed)
    assert [block["kind"] for block in whole] == ["facts", "paragraph", "attachments"]
    assert "hidden words" not in json.dumps(whole)


def test_a_mail_that_is_made_of_itself_without_end_is_damaged() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(40))
    assert rendered(".eml", b"From: a@example.org\r\n" + deep + b"\r\ntext") == {"trouble": "damaged"}


def test_a_mail_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LARGEST", 100)
    assert rendered(".eml", made.EML) == {"trouble": "too_large"}


def test_a_message_of_outlook_is_a_mail_too() -> None:
    whole = found(".msg", made.msg())
    assert whole == [
        {
            "kind": "facts",
            "pairs": [
                ["From", "Sam Sender"],
                ["To", "Officer"],
                ["Sent", "2 March 2026, 13:30 UTC"],
                ["Subject", "Our return"],
            ],
        },
        *paragraphs("Please find our return.", "Kind regards"),
        {"kind": "attachments", "files": [["zip", 1400]]},
    ]
    assert "secret-name" not in json.dumps(whole)
    assert rendered(".msg", made.msg("")) == {"trouble": "no_text"}


# -------------------------------------------------------------------------------------------------------- passwords
def locked_docx(password: str) -> bytes:
    made_locked = io.BytesIO()
    plain = made.docx(made.paragraph("Behind the lock."), more={"word/media/image1.png": random.randbytes(9000)})
    OOXMLFile(io.BytesIO(plain)).encrypt(password, made_locked)
    return made_locked.getvalue()


def locked_pdf(password: str, algorithm: str = "AES-256") -> bytes:
    writer, written = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(PDF_WITH_TEXT))
    writer.encrypt(password, owner_password="of the owner", algorithm=algorithm)
    writer.write(written)
    return written.getvalue()


PDF_WITH_TEXT = made.pdf().replace(
    b"/MediaBox[0 0 200 200]>>",
    b"/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
)
PDF_WITH_TEXT = PDF_WITH_TEXT.replace(
    b"xref\n0 4",
    b"4 0 obj\n<</Length 42>>stream\nBT /F1 12 Tf 10 100 Td (Behind the lock.) Tj ET\nendstream\nendobj\nxref\n0 4",
)


@pytest.mark.filterwarnings("ignore")
def test_a_locked_report_opens_with_its_password_alone() -> None:
    locked = locked_docx("open sesame")
    assert rendered(".docx", locked) == {"trouble": "password_needed"}
    assert rendered(".docx", locked, "wrong") == {"trouble": "password_wrong"}
    assert found(".docx", locked, "open sesame") == paragraphs("Behind the lock.")
    assert rendered(".docx", made.ENCRYPTED_PACKAGE, "x") == {"trouble": "damaged"}


@pytest.mark.parametrize("algorithm", ["AES-256", "AES-128", "RC4-128"])
def test_a_locked_pdf_opens_with_its_password_alone(algorithm: str) -> None:
    locked = locked_pdf("open sesame", algorithm)
    assert rendered(".pdf", locked) == {"trouble": "password_needed"}
    assert rendered(".pdf", locked, "wrong") == {"trouble": "password_wrong"}
    heading = {"kind": "heading", "text": "Page 1", "level": 2}
    assert found(".pdf", locked, "open sesame") == [heading, *paragraphs("Behind the lock.")]


def test_a_pdf_that_only_its_owner_locked_needs_no_password() -> None:
    assert found(".pdf", locked_pdf(""))[1:] == paragraphs("Behind the lock.")
    assert rendered(".pdf", made.pdf()) == {"trouble": "no_text"}
    assert rendered(".pdf", b"%PDF-1.4 broken") == {"trouble": "damaged"}


def test_a_locked_file_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LARGEST", 100)
    assert rendered(".docx", locked_docx("x"), "x") == {"trouble": "too_large"}


def test_a_locked_old_report_asks_for_its_password() -> None:
    assert rendered(".doc", made.doc(flags=0x100)) == {"trouble": "password_needed"}
    assert rendered(".doc", made.doc(flags=0x100), "x")["trouble"] in {"cannot_unlock", "damaged", "password_wrong"}


# -------------------------------------------------------------------------------------------------------- hostility
def test_marks_that_nobody_sees_or_that_write_backwards_are_left_out() -> None:
    assert blocks.clean("a\u202eb\u0000c\u2066d\ufeff\x1b[31m\r\ne") == "abcd[31m\ne"


HOSTILE = {
    "an entity that grows": (
        ".docx",
        made.docx(more={"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}),
        "damaged",
    ),
    "a bomb": (".docx", made.docx(more={"word/media/a": bytes(30_000_000)}), "too_large"),
    "no xml": (".xlsx", made.xlsx("", more={"xl/workbook.xml": "no xml"}), "damaged"),
    "half a file": (".odt", made.odt("<text:p>x</text:p>")[:-40], "damaged"),
    "noise": (".msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "damaged"),
    "nothing": (".csv", b"\n\n", "no_text"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_word_of_trouble(name: str) -> None:
    ending, content, trouble = HOSTILE[name]
    assert rendered(ending, content) == {"trouble": trouble}


@pytest.mark.parametrize("fault", [MemoryError, RecursionError])
def test_memory_and_depth_have_an_end(fault: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise fault

    monkeypatch.setattr("restricted_docs.renditions.word.render", full)
    assert rendered(".docx", made.docx()) == {"trouble": "too_large"}


@pytest.mark.filterwarnings("ignore")
def test_every_kind_is_rendered_in_the_sandbox_as_it_is_here() -> None:
    files = {
        ".docx": made.docx(),
        ".docm": made.docm(made.paragraph("Text")),
        ".odt": made.odt("<text:p>Text</text:p>"),
        ".xlsx": made.xlsx('<row><c t="inlineStr"><is><t>x</t></is></c></row>'),
        ".csv": "Café,b\n".encode("cp1252"),
        ".eml": made.EML.replace(b"utf-8", b"iso-8859-15"),
        ".msg": made.msg(),
        ".doc": made.doc(),
        ".pdf": PDF_WITH_TEXT,
    }
    for ending, content in files.items():
        job = {"job": "render", "ending": ending, "password": ""}
        assert ask(job, InMemory(content)) == rendered(ending, content), ending
    for ending, content in ((".docx", locked_docx("open sesame")), (".pdf", locked_pdf("open sesame"))):
        for password in ("", "wrong", "open sesame"):
            job = {"job": "render", "ending": ending, "password": password}
            assert ask(job, InMemory(content)) == rendered(ending, content, password), (ending, password)
