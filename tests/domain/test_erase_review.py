"""Erasing a review: by two people, everywhere, for ever, with a certificate; and exactly what is promised of backups."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.audit.verify import verify
from dhr.reviews.models import Notification, Review
from dhr.usecase import AlreadyDone, NotYet, Refused
from restricted_docs import erasing, fields, recovering, strongroom
from restricted_docs.certificates import certificate_file, problem_with
from restricted_docs.models import DocumentVersion, Erasure
from restricted_docs.parking import park
from restricted_docs.reading import open_paper
from restricted_docs.upload import take_in
from restricted_docs.vault.errors import KeyMissing, VaultError, VaultUnavailable
from restricted_docs.vault.receipt import Scope, mint
from tests import build
from tests.cast import PASSWORD, Cast
from tests.papers_desk import PDF, paper

pytestmark = pytest.mark.django_db
REASON = "retention_ended"


@pytest.fixture
def closed(cast: Cast) -> Review:
    review = build.notify(cast)
    paper(review, cast.officer)
    build.do(review, cast, "scope_with_agencies")
    build.do(review, cast, "decide", outcome="not_our_area")
    for _ in range(20):
        if not review.is_open:
            return review
        ready = [name for name in build.ORDER if build.is_open(review, name)]
        build.do(review, cast, ready[0])
    return review


def erase(review: Review, cast: Cast, **other: Any) -> Erasure:
    return erasing.erase_review(
        review, **({"by": cast.protection, "second": cast.team_manager, "reason": REASON} | other)
    )


def text_of(review: Review) -> str:
    receipt = mint(seq=1, leaf=bytes(32), person=None, container=review.pk, scope=Scope.NARRATIVE)
    with fields.reading(receipt):
        return str(Notification.objects.get(review=review).circumstances)


def paper_of(review: Review, by: Any) -> bytes:
    version = DocumentVersion.objects.filter(review=review).select_related("document__review").latest("number")
    return b"".join(open_paper(version, by=by)[0])


def stored(name: str) -> Path:
    return Path(settings.VAR) / "papers" / name[:2] / name


# what it does


def test_nothing_of_an_erased_review_can_be_read(cast: Cast, closed: Review) -> None:
    assert text_of(closed) == build.CANARY_TEXT
    erase(closed, cast)
    with pytest.raises(KeyMissing, match="was destroyed"):
        text_of(closed)
    with pytest.raises(KeyMissing):
        paper_of(closed, cast.officer)
    with pytest.raises(KeyMissing):
        strongroom.vault().seal_text(closed.pk, "somewhere", "something new")
    with pytest.raises(KeyMissing):
        strongroom.vault().create_container(closed.pk)


def test_its_papers_are_deleted_and_those_that_wait_too(cast: Cast, closed: Review) -> None:
    parked = park(take_in(closed, "waiting.pdf", PDF), owner=cast.officer, review=closed)
    names = [*DocumentVersion.objects.filter(review=closed).values_list("blob_name", flat=True), parked.blob_name]
    assert all(stored(name).exists() for name in names)
    assert erase(closed, cast).papers == len(names) >= 2
    assert not any(stored(name).exists() for name in names)


def test_other_reviews_are_untouched(cast: Cast, closed: Review) -> None:
    other = build.notify(cast)
    paper(other, cast.officer)
    erase(closed, cast)
    assert text_of(other) == build.CANARY_TEXT
    assert paper_of(other, cast.officer) == PDF


def test_the_log_keeps_every_line_and_goes_on_verifying(cast: Cast, closed: Review) -> None:
    before = list(AuditEntry.objects.order_by("seq").values_list("seq", "leaf"))
    erase(closed, cast)
    after = list(AuditEntry.objects.order_by("seq").values_list("seq", "leaf"))
    assert [(seq, bytes(leaf)) for seq, leaf in after[: len(before)]] == [(seq, bytes(leaf)) for seq, leaf in before]
    ordered, completed = AuditEntry.objects.filter(event__startswith="erasure.").order_by("seq")
    assert (ordered.event, ordered.person, ordered.facts["whom"]) == (
        "erasure.ordered",
        cast.protection.pk,
        cast.team_manager.pk,
    )
    assert (completed.event, completed.facts["keys"], completed.reference) == ("erasure.completed", 1, closed.reference)
    assert verify().whole


def test_the_order_is_in_the_log_before_the_key_goes(
    cast: Cast, closed: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    real = strongroom.ContainerKeyFiles.destroy

    def destroy(self: Any, container: Any) -> None:
        seen.append(AuditEntry.objects.filter(event="erasure.ordered").count())
        real(self, container)

    monkeypatch.setattr(strongroom.ContainerKeyFiles, "destroy", destroy)
    erase(closed, cast)
    assert seen == [1]


def test_its_page_says_that_it_was_erased(cast: Cast, closed: Review) -> None:
    client = Client()
    client.force_login(cast.officer, backend="dhr.accounts.backends.SignInBackend")
    address = reverse("review", args=[closed.pk])
    assert "can never be read again" not in client.get(address).content.decode()
    erase(closed, cast)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "its papers, names and texts can never be read again" in answer.content.decode()


def test_the_review_stays_as_its_row_and_its_codes(cast: Cast, closed: Review) -> None:
    ending = closed.ending
    erase(closed, cast)
    closed.refresh_from_db()
    assert closed.ending == ending != ""
    assert Erasure.objects.get(review=closed).reason == REASON


# who may, and when


@pytest.mark.parametrize(
    "pair",
    [
        ("officer", "protection"),
        ("protection", "officer"),
        ("administrator", "protection"),
        ("protection", "lead_chair"),
        ("stranger", "team_manager"),
        ("protection", "protection"),
    ],
)
def test_only_two_who_may_can_order_it(cast: Cast, closed: Review, pair: tuple[str, str]) -> None:
    with pytest.raises(Refused):
        erase(closed, cast, by=getattr(cast, pair[0]), second=getattr(cast, pair[1]))
    assert text_of(closed) == build.CANARY_TEXT
    assert not Erasure.objects.exists()
    assert AuditEntry.objects.filter(event="access.refused").exists()


def test_a_person_whose_account_ended_is_no_second_person(cast: Cast, closed: Review) -> None:
    User.objects.filter(pk=cast.team_manager.pk).update(is_active=False)
    with pytest.raises(Refused):
        erase(closed, cast, second=User.objects.get(pk=cast.team_manager.pk))
    assert strongroom.vault().has_container(closed.pk)


def test_an_open_review_is_not_erased(cast: Cast) -> None:
    review = build.notify(cast)
    with pytest.raises(NotYet, match="closed or cancelled"):
        erase(review, cast)
    assert text_of(review) == build.CANARY_TEXT


def test_it_is_erased_once(cast: Cast, closed: Review) -> None:
    erase(closed, cast)
    with pytest.raises(AlreadyDone):
        erase(closed, cast)


@pytest.mark.parametrize("where", ["destroy", "_delete_papers", "complete_erasure", "certify"])
def test_cut_short_it_is_finished_by_ordering_it_again(
    cast: Cast, closed: Review, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def cut(*_args: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(strongroom.ContainerKeyFiles if where == "destroy" else erasing, where, cut)
        with pytest.raises(KeyboardInterrupt):
            erase(closed, cast)
    erasure = erase(closed, cast)
    assert len(erasure.keys) == 1
    assert problem_with(erasure.certificate) == ""
    assert not strongroom.vault().has_container(closed.pk)
    assert verify().whole


# the certificate


def test_the_certificate_names_no_one_and_is_proved_by_the_log(cast: Cast, closed: Review) -> None:
    key = strongroom.container_keys().fingerprints(closed.pk)
    erasure = erase(closed, cast)
    told = json.loads(certificate_file(erasure).read_text())
    assert told["keys"] == key
    assert (told["reference"], told["reason"], told["papers"]) == (closed.reference, REASON, erasure.papers)
    assert problem_with(erasure.certificate) == ""
    for name in [build.CANARY_NAME, build.CANARY_TEXT, cast.protection.name, cast.team_manager.name, "@"]:
        assert name not in erasure.certificate


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda told: told.update(papers=99), "not what the log's line"),
        (lambda told: told.update(reference="DHR77"), "not what the log's line"),
        (lambda told: told["log"]["line"].update(event="erasure.ordered"), "not in the log"),
        (lambda told: told["log"].update(proof=[]), "not in the log"),
        (lambda told: told["log"].update(checkpoint="no checkpoint"), "not signed"),
        (lambda told: told.pop("log"), "no certificate"),
    ],
)
def test_a_certificate_that_was_changed_does_not_hold(cast: Cast, closed: Review, change: Any, says: str) -> None:
    told = json.loads(erase(closed, cast).certificate)
    change(told)
    assert says in problem_with(json.dumps(told))


# backups


def test_yesterdays_backup_does_not_bring_it_back(cast: Cast, closed: Review, tmp_path: Path, settings: Any) -> None:
    """The backup as the runbook says: database, papers, root key, everything but keys/containers. Those come from the
    second key folder, which is written and erased together with the first."""
    settings.KEY_COPY = str(tmp_path / "second-key-folder")
    strongroom.make_keys()
    other = build.notify(cast)
    paper(other, cast.officer)
    backup = tmp_path / "yesterday"
    shutil.copytree(settings.VAR, backup, ignore=shutil.ignore_patterns("containers", "*.sqlite3*"))
    rows = list(Notification.objects.filter(review=closed)), list(DocumentVersion.objects.filter(review=closed))
    erase(closed, cast)
    shutil.copytree(tmp_path / "second-key-folder", backup / "keys" / "containers")
    settings.VAR, settings.KEY_COPY = backup, ""
    strongroom.reset()
    assert text_of(other) == build.CANARY_TEXT
    assert paper_of(other, cast.officer) == PDF
    receipt = mint(seq=1, leaf=bytes(32), person=None, container=closed.pk, scope=Scope.NARRATIVE)
    with fields.reading(receipt), pytest.raises(KeyMissing, match="was destroyed"):
        str(rows[0][0].circumstances)
    version = rows[1][0]
    assert (backup / "papers" / version.blob_name[:2] / version.blob_name).exists()
    mine = mint(
        seq=1, leaf=bytes(32), person=None, container=closed.pk, scope=Scope.DOCUMENT, subject=version.context.subject
    )
    with pytest.raises(KeyMissing, match="was destroyed"):
        strongroom.vault().open_document(version.context, version.blob, mine)


def test_yesterdays_backup_without_any_container_keys_opens_nothing(
    cast: Cast, closed: Review, tmp_path: Path, settings: Any
) -> None:
    backup = tmp_path / "yesterday"
    shutil.copytree(settings.VAR, backup, ignore=shutil.ignore_patterns("containers", "*.sqlite3*"))
    erase(closed, cast)
    settings.VAR = backup
    strongroom.reset()
    with pytest.raises(KeyMissing, match="has no key"):
        text_of(closed)


def test_the_holders_of_the_recovery_key_cannot_bring_it_back(
    cast: Cast, closed: Review, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = Path(shutil.copytree(settings.VAR, tmp_path / "var", ignore=shutil.ignore_patterns("*.sqlite3*")))
    strongroom.reset()
    given: dict[User, str] = {}
    recovering.make_recovery_key([cast.monitoring, cast.board_chair], by=None, needed=2, hand_out=given.__setitem__)
    erase(closed, cast)
    recovering.break_glass(list(given.items()), reason="drill")
    with pytest.raises(KeyMissing, match="was destroyed"):
        text_of(closed)


def test_a_second_key_folder_that_is_away_leaves_the_erasure_unfinished(
    cast: Cast, closed: Review, tmp_path: Path, settings: Any
) -> None:
    second = tmp_path / "second-key-folder"
    settings.KEY_COPY = str(second)
    strongroom.make_keys()
    second.rename(tmp_path / "away")
    with pytest.raises(VaultUnavailable, match="second key folder"):
        erase(closed, cast)
    assert Erasure.objects.get(review=closed).completed_at is None
    assert (tmp_path / "away" / closed.pk.hex).stat().st_size > 0
    (tmp_path / "away").rename(second)
    assert erase(closed, cast).completed_at is not None
    assert (second / closed.pk.hex).read_bytes() == b""


# the command


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def told(cast: Cast, review: Review) -> list[str]:
    people = ["--by", cast.protection.email, "--second", cast.team_manager.email]
    return ["erase_review", review.reference, "--reason", REASON, *people]


def test_the_command_asks_both_for_their_passwords_and_leaves_a_certificate_that_holds(
    cast: Cast, closed: Review, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = io.StringIO()
    typed(monkeypatch, PASSWORD, PASSWORD)
    call_command(*told(cast, closed), stdout=out)
    assert f"{closed.reference} was erased" in out.getvalue()
    file = certificate_file(Erasure.objects.get(review=closed))
    call_command("erase_review", str(file), "--check", stdout=out)
    assert "The certificate holds" in out.getvalue()
    (tmp_path / "forged.json").write_text(file.read_text().replace(REASON, "court_order"))
    with pytest.raises(CommandError, match="not what the log"):
        call_command("erase_review", str(tmp_path / "forged.json"), "--check")


@pytest.mark.parametrize("passwords", [("wrong", PASSWORD), (PASSWORD, "wrong")])
def test_a_wrong_password_changes_nothing_and_is_written_down(
    cast: Cast, closed: Review, monkeypatch: pytest.MonkeyPatch, passwords: tuple[str, str]
) -> None:
    typed(monkeypatch, *passwords)
    with pytest.raises(CommandError, match="not their password"):
        call_command(*told(cast, closed))
    assert text_of(closed) == build.CANARY_TEXT
    assert AuditEntry.objects.filter(event="access.refused").latest("seq").facts["reason"] == "password"


def test_the_command_says_what_it_was_told_wrongly(cast: Cast, closed: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Say --reason"):
        call_command("erase_review", closed.reference)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("erase_review", "nowhere.json", "--check")
    open_review = build.notify(cast)
    typed(monkeypatch, PASSWORD, PASSWORD)
    with pytest.raises(CommandError, match="Close or cancel it first"):
        call_command(*told(cast, open_review))


def test_a_fault_of_the_store_says_that_it_is_not_finished(
    cast: Cast, closed: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise VaultError("The disk is away.")

    monkeypatch.setattr(strongroom.ContainerKeyFiles, "destroy", fails)
    typed(monkeypatch, PASSWORD, PASSWORD)
    with pytest.raises(CommandError, match=r"The disk is away\. The erasure is not finished"):
        call_command(*told(cast, closed))
