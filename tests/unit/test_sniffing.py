"""What kind of file an upload is: the ending of its name and its first and last bytes must say the same."""

import io
import zipfile

import pytest

from restricted_docs.kinds.findings import WrongType
from restricted_docs.sniffing import ACCEPTED, SAMPLE_BYTES, TYPES, ending_of, sniff
from tests import made_files as made

GOOD = {
    ".pdf": made.pdf(),
    ".docx": made.docx(),
    ".docm": made.docm(),
    ".odt": made.odt("<text:p>Text</text:p>"),
    ".xlsx": made.xlsx(""),
    ".csv": b"Agency,Due\nPolice,3 May\n",
    ".txt": "Minutes of the panel – first meeting".encode(),
    ".png": made.png(),
    ".jpg": made.jpeg(),
    ".jpeg": made.jpeg(),
    ".doc": made.doc(),
    ".msg": made.msg(),
    ".eml": made.EML,
}
CONTAINERS = {".docx", ".docm", ".odt", ".xlsx", ".doc", ".msg"}


def judged(name: str, content: bytes) -> str:
    return sniff(name, content[:SAMPLE_BYTES], content[-SAMPLE_BYTES:]).media_type


def test_there_is_an_example_of_every_accepted_kind() -> None:
    assert set(GOOD) == set(ACCEPTED)
    assert {ending for ending, kind in TYPES.items() if kind.is_container} == CONTAINERS
    assert all(kind.is_container or kind.scan for kind in TYPES.values())


@pytest.mark.parametrize("ending", ACCEPTED)
def test_a_file_that_is_what_its_name_says_is_accepted(ending: str) -> None:
    assert judged(f"Report{ending.upper()}", GOOD[ending]) == TYPES[ending].media_type
    assert TYPES[ending_of(TYPES[ending].media_type)].media_type == TYPES[ending].media_type


@pytest.mark.parametrize("ending", sorted(set(ACCEPTED) - {".txt", ".csv"}))
def test_a_web_page_under_another_name_is_refused(ending: str) -> None:
    with pytest.raises(WrongType, match="something else"):
        judged(f"report{ending}", b"<!doctype html><script>alert(1)</script>")


@pytest.mark.parametrize("ending", [".txt", ".csv", ".eml"])
@pytest.mark.parametrize(
    "content",
    [GOOD[".pdf"], GOOD[".docx"], GOOD[".doc"], b"MZ\x90", b"text with \0 in it"],
    ids=["pdf", "docx", "doc", "mz", "nul"],
)
def test_what_is_no_text_is_refused_as_text(ending: str, content: bytes) -> None:
    with pytest.raises(WrongType, match="something else"):
        judged(f"notes{ending}", content)


def test_text_in_sixteen_bits_is_text() -> None:
    assert judged("notes.txt", "Minutes".encode("utf-16")) == "text/plain"


@pytest.mark.parametrize("name", ["report.exe", "report.html", "report.svg", "report.xlsm", "report", "", ".pdf/"])
def test_a_kind_that_is_not_on_the_list_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(WrongType, match="Choose PDF, Word"):
        judged(name, GOOD[".pdf"])


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".xlsx", ".odt", ".jpg"])
def test_a_file_that_was_cut_short_is_refused(ending: str) -> None:
    with pytest.raises(WrongType, match="damaged"):
        judged(f"report{ending}", GOOD[ending][: len(GOOD[ending]) // 2])


def test_an_office_file_that_a_password_turned_into_a_compound_file_goes_on_to_be_looked_into() -> None:
    for ending in (".docx", ".docm", ".xlsx"):
        assert judged(f"report{ending}", made.ENCRYPTED_PACKAGE) == TYPES[ending].media_type


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
        archive.writestr("word/document.xml", "x")
    assert judged("long.docx", big.getvalue()).endswith("wordprocessingml.document")
