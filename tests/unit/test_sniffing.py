"""What kind of file an upload is: the ending of its name and its bytes must say the same."""

import io
import zipfile

import pytest

from restricted_docs.sniffing import ACCEPTED, SAMPLE_BYTES, TYPES, WrongType, ending_of, sniff

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def zipped(*names: str, mimetype: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            archive.writestr(name, "text " * 50)
    return file.getvalue()


def judged(name: str, content: bytes) -> str:
    return sniff(name, content[:SAMPLE_BYTES], content[-SAMPLE_BYTES:]).media_type


GOOD = {
    ".pdf": b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n",
    ".docx": zipped("[Content_Types].xml", "word/document.xml"),
    ".odt": zipped("content.xml", mimetype=b"application/vnd.oasis.opendocument.text"),
    ".xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    ".csv": b"Agency,Due\nPolice,3 May\n",
    ".txt": "Minutes of the panel – first meeting".encode(),
    ".png": b"\x89PNG\r\n\x1a\n" + bytes(40) + b"IEND\xaeB`\x82",
    ".jpg": b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9",
    ".jpeg": b"\xff\xd8\xff\xe1" + bytes(40) + b"\xff\xd9",
    ".doc": OLE,
    ".msg": OLE,
    ".eml": b"Received: from a\r\n by b\r\nFrom: x@example.org\r\nSubject: Return\r\n\r\nText",
}


def test_there_is_an_example_of_every_accepted_kind() -> None:
    assert set(GOOD) == set(ACCEPTED)


@pytest.mark.parametrize("ending", ACCEPTED)
def test_a_file_that_is_what_its_name_says_is_accepted(ending: str) -> None:
    assert judged(f"Report{ending.upper()}", GOOD[ending]) == TYPES[ending].media_type
    assert TYPES[ending_of(TYPES[ending].media_type)].media_type == TYPES[ending].media_type


@pytest.mark.parametrize("ending", sorted(set(ACCEPTED) - {".txt", ".csv"}))
def test_a_web_page_under_another_name_is_refused(ending: str) -> None:
    with pytest.raises(WrongType, match="something else"):
        judged(f"report{ending}", b"<!doctype html><script>alert(1)</script>")


@pytest.mark.parametrize("ending", [".txt", ".csv", ".eml"])
@pytest.mark.parametrize("content", [GOOD[".pdf"], GOOD[".docx"], OLE, b"MZ\x90", b"text with \0 in it"])
def test_what_is_no_text_is_refused_as_text(ending: str, content: bytes) -> None:
    with pytest.raises(WrongType, match="something else"):
        judged(f"notes{ending}", content)


def test_text_in_sixteen_bits_is_text() -> None:
    assert judged("notes.txt", "Minutes".encode("utf-16")) == "text/plain"


@pytest.mark.parametrize("name", ["report.exe", "report.html", "report.svg", "report.docm", "report", "", ".pdf/"])
def test_a_kind_that_is_not_on_the_list_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(WrongType, match="Choose PDF, Word"):
        judged(name, GOOD[".pdf"])


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".xlsx", ".odt", ".png", ".jpg"])
def test_a_file_that_was_cut_short_is_refused(ending: str) -> None:
    with pytest.raises(WrongType, match="damaged"):
        judged(f"report{ending}", GOOD[ending][: len(GOOD[ending]) // 2])


def test_one_zip_is_not_taken_for_another() -> None:
    for named, is_really in [(".docx", ".xlsx"), (".xlsx", ".docx"), (".odt", ".docx"), (".docx", ".odt")]:
        with pytest.raises(WrongType):
            judged(f"report{named}", GOOD[is_really])


def test_macros_are_refused_and_named() -> None:
    with pytest.raises(WrongType, match="macros"):
        judged("report.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"))


def test_a_password_is_named() -> None:
    with pytest.raises(WrongType, match="password"):
        judged("report.docx", OLE)


def test_an_email_needs_a_header_of_an_email() -> None:
    for text in (b"Dear all,\nplease find", b"Note: this\nis no mail\n", b"\nFrom: x@example.org\n"):
        with pytest.raises(WrongType):
            judged("mail.eml", text)


def test_a_long_file_is_judged_by_its_two_ends() -> None:
    long = GOOD[".pdf"][:9] + bytes(3 * SAMPLE_BYTES) + b"%%EOF"
    assert judged("long.pdf", long) == "application/pdf"
    big = io.BytesIO()
    with zipfile.ZipFile(big, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("picture.png", bytes(3 * SAMPLE_BYTES))
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("word/document.xml", "x")
    assert judged("long.docx", big.getvalue()).endswith("wordprocessingml.document")
