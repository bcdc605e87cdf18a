"""The log as a workbook: what the list shows, texts that stay texts, and an end where a file ends."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from dhr.access.roles import Standing
from dhr.accounts.models import User
from dhr.audit.models import THE_HEAD, LogHead
from dhr.audit.views import export, pages, spreadsheet
from tests.web.log_desk import a_log_of_its_own, asked_by, damaged, opened, person, signed_in, table, viewed, write

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.log_desk")]

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SAID = (
    "This file was cut: it holds the newest 60 lines, and there are more. For the others, narrow the dates (give an earlier "
    "last day) and download again, export the log with its proofs, or ask the administrator for manage.py export_access_log."
)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\N{FULLWIDTH EQUALS SIGN}1"]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_log_of_its_own(tmp_path, settings, monkeypatch)


@pytest.fixture
def olu() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)


@pytest.fixture
def aud() -> User:
    return person("Aud", Standing.AUDITOR)


@pytest.fixture
def auditor(aud: User) -> Client:
    return signed_in(aud)


def cells(content: bytes, sheet: int = 1) -> Iterator[tuple[str, str, str, bool]]:
    """Every cell: its place, kind ("s" a text, "n" a number), what it says, and whether it is marked as a text for ever."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = ["".join(one.itertext()) for one in ET.fromstring(book.read("xl/sharedStrings.xml"))]  # noqa: S314 - our own
        styles = ET.fromstring(book.read("xl/styles.xml")).find(f"{S}cellXfs")  # noqa: S314
        assert styles is not None
        marked = [style.get("quotePrefix") == "1" for style in styles]
        for cell in ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml")).iter(f"{S}c"):  # noqa: S314
            assert cell.find(f"{S}f") is None, "a formula"
            value, kind = cell.findtext(f"{S}v") or "", cell.get("t", "n")
            yield cell.get("r", ""), kind, texts[int(value)] if kind == "s" else value, marked[int(cell.get("s", "0"))]


def rows(content: bytes, sheet: int = 1) -> list[dict[str, str]]:
    """Each row under its first row's words."""
    found: dict[str, dict[str, str]] = {}
    for place, _, told, _ in cells(content, sheet):
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # type: ignore[union-attr]
        found.setdefault(row, {})[column] = told
    heading, *below = found.values()
    return [{heading[column]: told for column, told in row.items()} for row in below]


def test_the_workbook_holds_what_the_list_shows_and_its_line_says_so(auditor: Client, aud: User, olu: User) -> None:
    first, second = write(viewed(olu), opened(olu))
    answer = auditor.get(reverse("access-log-spreadsheet"), {"reference": "DHR12"})
    facts = {"filters": "reference:DHR12", "size": 2, "format": "xlsx", "first": first.seq, "last": second.seq}
    assert asked_by(aud) == [("log.exported", facts)]
    assert answer["Content-Type"] == spreadsheet.TYPE
    assert re.fullmatch(r'attachment; filename="access-log-\d{4}-\d\d-\d\d\.xlsx"', answer["Content-Disposition"])
    lines = rows(answer.content)
    assert [line["line"] for line in lines] == [str(second.seq), str(first.seq)]
    assert lines[0]["when"] == "2026-03-02T12:00:00+00:00"
    assert lines[0]["what happened"].startswith("Olu Example opened version 2")
    assert lines[0]["account"] == str(olu.pk)
    assert lines[0]["leaf hash"] == bytes(second.leaf).hex()


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_it_is_a_formula_or_becomes_one(auditor: Client, olu: User, text: str) -> None:
    User.objects.filter(pk=olu.pk).update(name=text)
    write(viewed(olu))
    found = list(cells(auditor.get(reverse("access-log-spreadsheet")).content))
    assert ("s", text, True) in [(kind, told, marked) for _, kind, told, marked in found]
    assert {kind for _, kind, _, _ in found} == {"s", "n"}
    assert all(told.isdigit() for _, kind, told, _ in found if kind == "n")


def test_an_address_in_it_is_no_link(auditor: Client, olu: User) -> None:
    User.objects.filter(pk=olu.pk).update(name="https://example.org")
    write(viewed(olu))
    content = auditor.get(reverse("access-log-spreadsheet")).content
    assert b"hyperlink" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_a_second_sheet_says_what_it_is(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    content = auditor.get(reverse("access-log-spreadsheet"), {"person": olu.pk}).content
    told = [text for _, _, text, _ in cells(content, 2)]
    assert told[2:8] == ["By", "Aud Example", "Lines", "1", "Answers", f"person:{olu.pk}"]
    assert "Cut off" not in told


@pytest.fixture
def _sixty_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (export, pages):
        monkeypatch.setattr(module, "MOST", 60)


@pytest.mark.usefixtures("_sixty_at_most")
def test_a_file_that_was_cut_off_ends_with_a_line_that_says_so(auditor: Client, olu: User) -> None:
    User.objects.filter(pk=olu.pk).update(name="=1+1")
    lines = write(*(viewed(olu) for _ in range(61)))
    content = auditor.get(reverse("access-log-spreadsheet"), {"person": olu.pk}).content
    *told, last = rows(content)
    assert [int(row["line"]) for row in told] == [entry.seq for entry in lines[:0:-1]]
    assert list(last.values()) == [SAID]
    assert ("Cut off", SAID) in pairwise(text for _, _, text, _ in cells(content, 2))
    answer = auditor.get(reverse("access-log-export"), {"person": olu.pk})
    raw = b"".join(answer).decode()
    assert raw.splitlines()[-1] == f'"{SAID}"' + ',""' * (len(export.HEADINGS) - 1)
    assert raw.count('"\'=1+1"') == 60


@pytest.mark.usefixtures("_sixty_at_most")
def test_a_file_that_is_just_full_is_whole_and_does_not_speak_of_more(auditor: Client, olu: User) -> None:
    lines = write(*(viewed(olu) for _ in range(60)))
    content = auditor.get(reverse("access-log-spreadsheet"), {"person": olu.pk}).content
    assert [int(row["line"]) for row in rows(content)] == [entry.seq for entry in reversed(lines)]
    assert "Cut off" not in [text for _, _, text, _ in cells(content, 2)]
    found = table(auditor.get(reverse("access-log-export"), {"person": olu.pk}))
    assert [int(row["line"]) for row in found] == [entry.seq for entry in reversed(lines)]


@pytest.mark.usefixtures("_sixty_at_most")
def test_the_page_says_how_many_lines_a_file_holds_and_where_all_of_them_are(auditor: Client, olu: User) -> None:
    write(*(viewed(olu) for _ in range(61)))
    page = auditor.get(reverse("access-log"), {"person": olu.pk}).content.decode()
    assert "A file holds 60 lines at most, the newest." in page
    assert "manage.py export_access_log" in page


def test_a_list_of_one_page_does_not_speak_of_more(auditor: Client, olu: User) -> None:
    write(*(viewed(olu) for _ in range(50)))
    assert b"A file holds" not in auditor.get(reverse("access-log"), {"person": olu.pk}).content


def test_a_workbook_without_lines_has_its_headings(auditor: Client) -> None:
    content = auditor.get(reverse("access-log-spreadsheet"), {"reference": "DHR99"}).content
    assert [text for _, _, text, _ in cells(content)] == list(export.HEADINGS)


def test_nothing_is_handed_out_while_the_log_cannot_be_written(auditor: Client, olu: User) -> None:
    write(opened(olu))
    LogHead.objects.filter(pk=THE_HEAD).update(frontier=b"damaged")
    auditor.raise_request_exception = False
    assert auditor.get(reverse("access-log-spreadsheet")).status_code == 503
    assert auditor.get(reverse("access-log-questions")).status_code == 503


def test_a_changed_line_is_written_as_far_as_it_can_be(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    damaged("UPDATE audit_entry SET event = 'never.happened', details = '[', at_us = 9000000000000000000")
    told = [row["what happened"] for row in rows(auditor.get(reverse("access-log-spreadsheet")).content)]
    assert "This line cannot be read. Verify the log now." in told


def test_a_question_that_makes_no_sense_makes_no_file(auditor: Client, aud: User) -> None:
    assert auditor.get(reverse("access-log-spreadsheet"), {"question": "who did it"}).status_code == 422
    assert asked_by(aud) == []
