"""One line with its proof, verifying the log, and the log as a file."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts.models import User
from dhr.audit import checkpoints, shipping
from dhr.audit.line import Line
from dhr.audit.models import THE_HEAD, AuditEntry, LogHead
from dhr.audit.views import export
from tests.web.log_desk import (
    JUNE,
    NOON,
    PAPER,
    REVIEW,
    a_log_of_its_own,
    asked_by,
    damaged,
    invited,
    opened,
    person,
    signed_in,
    table,
    viewed,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.log_desk")]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_log_of_its_own(tmp_path, settings, monkeypatch)


@pytest.fixture
def olu() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)


@pytest.fixture
def rowan() -> User:
    return person("Rowan", is_active=False)  # people who left are still named


@pytest.fixture
def aud() -> User:
    return person("Aud", Standing.AUDITOR)


@pytest.fixture
def auditor(aud: User) -> Client:
    return signed_in(aud)


# ------------------------------------------------------------------------------------------------------- one entry
def test_the_page_of_a_line_shows_every_column_and_the_bytes_that_its_hash_proves(
    auditor: Client, aud: User, olu: User, rowan: User
) -> None:
    entry = write(opened(olu, on_behalf_of=rowan.pk))[0]
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    for words in (
        *("2 March 2026, 12:00:00", "document.opened", f"Olu Example (account {olu.pk})", "DHR12", str(REVIEW), PAPER),
        *(f"Rowan Example (account {rowan.pk})", "page: 3", bytes(entry.leaf).hex(), "1772452800000000"),
        *("dhr-access-log/1", "10:{&quot;page&quot;:3}", "This line is as it was written"),
    ):
        assert words in page, words
    assert f'href="/access-log/?document={PAPER}"' in page
    assert asked_by(aud) == [("log.viewed", {"page": f"line:{entry.seq}"})]


def test_a_person_in_the_details_is_named(auditor: Client, olu: User, rowan: User) -> None:
    entry = write(invited(olu, rowan))[0]
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    assert f"whom: Rowan Example (account {rowan.pk})" in page


def test_a_line_about_little_shows_only_that(auditor: Client) -> None:
    entry = write(Line(event="keys.rotated", person=None, details={"count": 2}))[0]
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    assert "Nobody with an account" in page
    assert "<dt" in page
    assert "Recorded for" not in page


def test_a_line_that_is_not_there_is_not_found_and_leaves_no_line(auditor: Client, aud: User) -> None:
    for seq in ("0", "999", "9" * 30):
        assert auditor.get(f"/access-log/{seq}/").status_code == 404
    assert asked_by(aud) == []


def test_a_line_changed_behind_its_hash_says_so(auditor: Client, olu: User, rowan: User) -> None:
    entry = write(viewed(olu))[0]
    damaged("UPDATE audit_entry SET person = %s WHERE seq = %s", rowan.pk, entry.seq)
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    assert "This line is not as it was written" in page
    assert "This line is as it was written" not in page


# ---------------------------------------------------------------------------------------------------------- verify
def test_verifying_says_in_one_sentence_that_the_log_is_whole(auditor: Client, aud: User, olu: User) -> None:
    write(viewed(olu))
    size = AuditEntry.objects.count()
    page = auditor.post(reverse("access-log-verify")).content.decode()
    assert f"The access log is whole: {size} lines" in page
    assert asked_by(aud) == [("log.verified", {"size": size, "outcome": "whole"})]


def test_verifying_a_changed_log_says_which_line_and_what_to_do(auditor: Client, aud: User, olu: User) -> None:
    entry = write(viewed(olu), viewed(olu))[0]
    damaged("UPDATE audit_entry SET person = 9 WHERE seq = %s", entry.seq)
    page = auditor.post(reverse("access-log-verify")).content.decode()
    assert f"The access log is not whole: line {entry.seq} was changed after it was written." in page
    assert "Change nothing and delete nothing." in page
    assert "whole: " not in page.replace("not whole: ", "")
    assert asked_by(aud) == [("log.verified", {"size": 0, "outcome": "not_whole"})]


def test_the_answer_is_given_even_when_the_log_takes_no_more_lines(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    LogHead.objects.filter(pk=THE_HEAD).update(frontier=b"damaged")
    page = auditor.post(reverse("access-log-verify"))
    assert page.status_code == 200
    assert b"The access log is not whole" in page.content
    assert b"could not be written into the log itself" in page.content


def test_looking_at_the_key_and_the_checkpoint_checks_nothing(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    page = auditor.get(reverse("access-log-verify")).content.decode()
    assert checkpoints.fingerprint() in page
    assert "The access log is whole" not in page
    text = re.search(r'<textarea[^>]+id="checkpoint"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text
    assert checkpoints.verifier().read(text[1].replace("&#x27;", "'")).size == AuditEntry.objects.count()


def test_the_moment_a_checkpoint_was_last_shipped_is_told(auditor: Client, olu: User) -> None:
    assert b"Never yet" in auditor.get(reverse("access-log-verify")).content
    write(viewed(olu))
    note = LogHead.objects.get().checkpoint
    for moment in (NOON, JUNE):
        with clock.at(moment):
            shipping.ship(note)
    size = AuditEntry.objects.count()
    assert f"1 July 2026, 00:30, for {size} line".encode() in auditor.get(reverse("access-log-verify")).content
    with shipping.shipping_file().open("a") as file:
        file.write("cut off")
    assert b"checkpoints.log cannot be read" in auditor.get(reverse("access-log-verify")).content


def test_a_missing_key_is_said_in_words(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    checkpoints.key_file().unlink()
    assert b"signing key keys/log-signing.key is missing" in auditor.get(reverse("access-log-verify")).content
    assert b"The access log cannot be checked" in auditor.post(reverse("access-log-verify")).content


# ------------------------------------------------------------------------------------------------------------ file
def test_the_file_holds_the_lines_that_are_shown_and_its_line_is_committed_before_it_streams(
    auditor: Client, aud: User, olu: User
) -> None:
    first, second = write(viewed(olu), opened(olu))
    answer = auditor.get(reverse("access-log-export"), {"reference": "DHR12"})
    facts = {"filters": "reference:DHR12", "size": 2, "format": "csv", "first": first.seq, "last": second.seq}
    assert asked_by(aud) == [("log.exported", facts)]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="access-log-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    rows = table(answer)
    assert [row["line"] for row in rows] == [str(second.seq), str(first.seq)]
    assert rows[0]["when"] == "2026-03-02T12:00:00+00:00"
    assert rows[0]["number of the thing"] == PAPER
    assert rows[0]["leaf hash"] == bytes(second.leaf).hex()
    assert rows[0]["what happened"].startswith("Olu Example opened version 2")


def test_a_file_without_lines_has_its_headings(auditor: Client, aud: User) -> None:
    answer = auditor.get(reverse("access-log-export"), {"reference": "DHR99"})
    assert b"".join(answer).decode("utf-8-sig").startswith('"line","when"')
    assert asked_by(aud) == [("log.exported", {"filters": "reference:DHR99", "format": "csv", "size": 0})]


def test_a_file_holds_no_more_than_its_limit_and_then_the_newest(
    auditor: Client, olu: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write(*(viewed(olu) for _ in range(5)))
    monkeypatch.setattr(export, "MOST", 3)
    *rows, _said = table(auditor.get(reverse("access-log-export"), {"reference": "DHR12"}))
    assert [int(row["line"]) for row in rows] == [entry.seq for entry in reversed(lines[2:])]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", " =1", "\t=1", "＝1"])
def test_a_name_that_looks_like_a_formula_reaches_the_file_as_text(auditor: Client, name: str) -> None:
    who = User.objects.create_user("f@example.org", name)
    write(viewed(who))
    rows = table(auditor.get(reverse("access-log-export"), {"reference": "DHR12"}))
    assert rows[0]["done by"] == f"'{name}"
    assert rows[0]["account"] == str(who.pk)
    assert not [cell for cell in rows[0].values() if cell.strip().startswith(("=", "+", "-", "@", "＝"))]


def test_the_links_of_the_list_ask_for_the_same_lines(auditor: Client, olu: User) -> None:
    write(*(viewed(olu) for _ in range(60)))
    page = auditor.get(reverse("access-log"), {"reference": "DHR12", "before": "55"}).content.decode()
    assert 'href="/access-log/export/?reference=DHR12"' in page
    assert 'href="?reference=DHR12#entries">' in page
