"""The auditor's export with proofs: what is asked for, who may, and a file that a stranger finds whole."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dhr.access.roles import Standing
from dhr.accounts.models import User
from dhr.audit import checkpoints
from dhr.audit.models import AuditEntry, LogHead
from tests.domain.exported import checked, told
from tests.web.log_desk import OTHER, REVIEW, a_log_of_its_own, asked_by, person, signed_in, viewed, write

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.log_desk")]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_log_of_its_own(tmp_path, settings, monkeypatch)


@pytest.fixture
def olu() -> User:
    """Their lines are the first of the log: nobody has signed in yet."""
    olu = person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)
    write(viewed(olu), viewed(olu, "DHR13", OTHER), viewed(olu))
    return olu


@pytest.fixture
def aud(olu: User) -> User:
    return person("Aud", Standing.AUDITOR)


@pytest.fixture
def auditor(aud: User) -> Client:
    return signed_in(aud)


def taken(client: Client, folder: Path, **answers: str) -> Path:
    answer = client.post(reverse("access-log-proofs"), answers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="access-log-20')
    assert "no-store" in answer["Cache-Control"]
    out = folder / "out.zip"
    out.write_bytes(b"".join(answer))
    return out


def test_the_page_says_how_much_will_come(auditor: Client, aud: User) -> None:
    page = auditor.get(reverse("access-log-proofs")).content.decode()
    assert (
        f"The log has {LogHead.objects.get().size} lines. All of it makes less than 1 MB and takes less than a minute."
        in page
    )
    assert asked_by(aud) == []
    assert reverse("access-log-proofs") in auditor.get(reverse("access-log")).content.decode()


def test_the_whole_log_is_found_whole_by_a_stranger(auditor: Client, aud: User, tmp_path: Path) -> None:
    out = taken(auditor, tmp_path)
    assert asked_by(aud) == [("log.exported", {"filters": "with proofs"})]
    assert [len(line) for line in told(out)] == [12] * AuditEntry.objects.count()
    answer = checked(out, "--key", checkpoints.fingerprint())
    assert answer.code == 0, answer.text


def test_of_one_review_the_other_lines_are_hashes(auditor: Client, aud: User, tmp_path: Path) -> None:
    out = taken(auditor, tmp_path, reference="dhr12", since_day="1", since_month="3", since_year="2026")
    assert asked_by(aud) == [("log.exported", {"filters": "with proofs, reference:DHR12, since:2026-03-01"})]
    line = AuditEntry.objects.newest_first()[0]
    assert (line.reference, line.review) == ("DHR12", REVIEW)
    assert {one[6] for one in told(out) if len(one) == 12} == {"DHR12"}
    with zipfile.ZipFile(out) as made:
        assert b"DHR13" not in b"".join(made.read(name) for name in made.namelist())
    assert checked(out, "--key", checkpoints.fingerprint()).code == 0


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"reference": "somebody's name"}, "Enter a reference such as DHR12"),
        ({"reference": "DHR99"}, "No line of the access log bears the reference DHR99."),
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "February 2026 has no day 31"),
    ],
)
def test_what_cannot_be_exported_is_asked_for_again_and_leaves_no_line(
    auditor: Client, aud: User, answers: dict[str, str], words: str
) -> None:
    page = auditor.post(reverse("access-log-proofs"), answers)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert asked_by(aud) == []


def test_only_an_auditor_may_and_a_refusal_is_a_line(olu: User) -> None:
    client = signed_in(olu)
    for answer in (client.get(reverse("access-log-proofs")), client.post(reverse("access-log-proofs"))):
        assert answer.status_code == 403
    assert AuditEntry.objects.filter(event="access.refused", person=olu.pk).count() == 2
    assert not AuditEntry.objects.filter(event="log.exported").exists()


def test_nothing_is_exported_when_the_log_takes_no_line(auditor: Client) -> None:
    LogHead.objects.update(checkpoint="torn")
    auditor.raise_request_exception = False
    answer = auditor.post(reverse("access-log-proofs"))
    assert answer.status_code in {500, 503}
    assert not answer.streaming
