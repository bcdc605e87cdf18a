"""The recovery key: held by several, used by enough of them together, never in silence."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from dhr.accounts.models import Notice, NoticeKind, User
from dhr.audit.models import AuditEntry
from dhr.audit.verify import verify
from dhr.reviews.models import Notification, Review
from restricted_docs import fields, recovering, rotating, strongroom
from restricted_docs.reading import open_paper
from restricted_docs.vault.errors import Damaged, KeyMissing, VaultError, VaultUnavailable
from restricted_docs.vault.receipt import Scope, mint
from restricted_docs.vault.recovery import WrongShares
from tests import build
from tests.cast import Cast
from tests.papers_desk import PDF, latest, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys_as_before() -> Iterator[None]:
    """These tests lose and remake root keys: the process gets its own back."""
    keys = Path(settings.VAR) / "keys"
    kept = keys.with_name("keys-kept")
    shutil.copytree(keys, kept)
    yield
    shutil.rmtree(keys)
    kept.rename(keys)
    strongroom.reset()


@pytest.fixture
def review(cast: Cast) -> Review:
    review = build.notify(cast)
    paper(review, cast.officer)
    return review


@pytest.fixture
def holders(cast: Cast) -> list[User]:
    return [cast.team_manager, cast.board_chair, cast.monitoring]


@pytest.fixture
def shares(review: Review, holders: list[User]) -> dict[User, str]:
    given: dict[User, str] = {}
    recovering.make_recovery_key(holders, by=None, needed=2, hand_out=given.__setitem__)
    return given


def two(shares: dict[User, str], *places: int) -> list[tuple[User, str]]:
    pairs = list(shares.items())
    return [pairs[place] for place in places or (0, 2)]


def text_of(review: Review) -> str:
    receipt = mint(seq=1, leaf=bytes(32), person=None, container=review.pk, scope=Scope.NARRATIVE)
    with fields.reading(receipt):
        return str(Notification.objects.get(review=review).circumstances)


def lose_the_root_key() -> None:
    (Path(settings.VAR) / "keys" / "root.json").unlink()
    strongroom.reset()


def key_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (Path(settings.VAR) / "keys" / "containers").iterdir()}


def events(prefix: str) -> list[str]:
    return list(AuditEntry.objects.filter(event__startswith=prefix).order_by("seq").values_list("event", flat=True))


@pytest.mark.parametrize("places", [(0, 1), (0, 2), (2, 1), (0, 1, 2)])
def test_any_two_of_three_holders_open_everything_when_the_root_key_is_lost(
    cast: Cast, review: Review, shares: dict[User, str], places: tuple[int, ...]
) -> None:
    lose_the_root_key()
    with pytest.raises(VaultUnavailable):
        text_of(review)
    count = recovering.break_glass(two(shares, *places), reason="root_key_lost")
    assert count == len(strongroom.container_keys().containers())
    assert text_of(review) == build.CANARY_TEXT
    document = review.document_set.get()
    assert b"".join(open_paper(latest(document), by=cast.officer)[0]) == PDF


def test_each_use_is_in_the_log_by_name_and_told_to_every_auditor(
    cast: Cast, review: Review, shares: dict[User, str]
) -> None:
    recovering.break_glass(two(shares), reason="drill")
    used = AuditEntry.objects.filter(event="recovery.key_used").order_by("seq")
    assert [entry.facts["whom"] for entry in used] == [cast.team_manager.pk, cast.monitoring.pk]
    assert {entry.facts["reason"] for entry in used} == {"drill"}
    assert set(Notice.objects.filter(kind=NoticeKind.RECOVERY_KEY_USED).values_list("to", flat=True)) == {
        cast.auditor.pk
    }
    assert events("recovery.")[-3:] == ["recovery.key_used", "recovery.key_used", "recovery.finished"]
    assert verify().whole


def test_the_lines_are_there_before_a_key_is_opened(shares: dict[User, str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def restore(_self: Any, _secret: bytes) -> Iterator[bool]:
        seen.append(AuditEntry.objects.filter(event="recovery.key_used").count())
        return iter([])

    monkeypatch.setattr(strongroom.ContainerKeyFiles, "restore_each", restore)
    recovering.break_glass(two(shares), reason="drill")
    assert seen == [2]


def another_set(shares: dict[User, str], holders: list[User]) -> list[tuple[User, str]]:
    from restricted_docs.vault import recovery

    _, others = recovery.make([person.pk for person in holders], 2)
    return list(zip(holders, others, strict=True))[:2]


WRONG = {
    "too_few": lambda shares, holders: two(shares, 0),
    "too_few_twice_the_same": lambda shares, holders: two(shares, 0, 0),
    "not_a_share": lambda shares, holders: [(holders[0], "these are no words"), *two(shares, 2)],
    "not_a_share_mistyped": lambda shares, holders: [(holders[0], shares[holders[0]][:-3] + "xyz"), *two(shares, 2)],
    "another_set": another_set,
    "another_set_mixed": lambda shares, holders: [two(shares, 0)[0], another_set(shares, holders)[1]],
    "another_holder": lambda shares, holders: [(holders[1], shares[holders[0]]), *two(shares, 2)],
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_shares_change_nothing_and_the_attempt_is_in_the_log(
    review: Review, shares: dict[User, str], holders: list[User], wrong: str
) -> None:
    given = WRONG[wrong](shares, holders)
    lose_the_root_key()
    before = key_files()
    with pytest.raises(WrongShares) as refusal:
        recovering.break_glass(given, reason="root_key_lost")
    assert str(refusal.value).endswith(".")
    assert wrong.startswith(refusal.value.code)
    assert key_files() == before
    assert not (Path(settings.VAR) / "keys" / "root.json").exists()
    assert AuditEntry.objects.get(event="recovery.refused").facts == {"reason": refusal.value.code}
    assert events("recovery.key_used") == []
    assert not Notice.objects.filter(kind=NoticeKind.RECOVERY_KEY_USED).exists()


def test_no_share_and_no_key_is_kept_or_told(shares: dict[User, str]) -> None:
    recovering.break_glass(two(shares), reason="drill")
    kept = b"".join(path.read_bytes() for path in Path(settings.VAR).rglob("*") if path.is_file())
    for share in shares.values():
        assert share.encode() not in kept
        assert " ".join(share.split()[4:8]) not in str(list(AuditEntry.objects.values()))


def test_a_review_recorded_later_is_open_to_the_recovery_key_too(cast: Cast, shares: dict[User, str]) -> None:
    later = build.notify(cast)
    rotating.rotate_review(later, by=None, settling=0)
    rotating.rotate_root(by=None)
    assert strongroom.container_keys().not_sealed_for_recovery() == 0
    lose_the_root_key()
    recovering.break_glass(two(shares), reason="root_key_lost")
    assert text_of(later) == build.CANARY_TEXT


def test_a_destroyed_key_is_beyond_the_recovery_key(cast: Cast, review: Review, shares: dict[User, str]) -> None:
    strongroom.vault().destroy_container(review.pk)
    lose_the_root_key()
    recovering.break_glass(two(shares), reason="root_key_lost")
    with pytest.raises(KeyMissing, match="was destroyed"):
        text_of(review)


def test_what_is_sealed_for_recovery_opens_in_no_other_place(
    cast: Cast, review: Review, shares: dict[User, str]
) -> None:
    other = build.notify(cast)
    folder = Path(settings.VAR) / "keys" / "containers"
    (folder / other.pk.hex).write_bytes((folder / review.pk.hex).read_bytes())
    with pytest.raises(Damaged):
        recovering.break_glass(two(shares), reason="drill")


def test_another_recovery_key_takes_the_place_of_the_first_only_when_asked(
    review: Review, shares: dict[User, str], holders: list[User]
) -> None:
    given: dict[User, str] = {}
    with pytest.raises(VaultError, match="--replace"):
        recovering.make_recovery_key(holders, by=None, needed=2, hand_out=given.__setitem__)
    assert given == {}
    recovering.make_recovery_key(holders, by=None, needed=3, hand_out=given.__setitem__, replace=True)
    with pytest.raises(WrongShares):
        recovering.break_glass(two(shares, 0, 1, 2), reason="drill")
    assert recovering.break_glass(list(given.items()), reason="drill") == len(strongroom.container_keys().containers())


def test_shares_that_were_not_all_handed_out_make_no_recovery_key(review: Review, holders: list[User]) -> None:
    def runs_out_of_paper(person: User, _share: str) -> None:
        if person == holders[1]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recovering.make_recovery_key(holders, by=None, needed=2, hand_out=runs_out_of_paper)
    assert recovering.the_lock() is None
    assert events("recovery.") == []


@pytest.mark.parametrize(("people", "needed"), [(1, 1), (1, 2), (2, 1), (2, 3), (3, 0)])
def test_one_person_alone_never_holds_it(review: Review, holders: list[User], people: int, needed: int) -> None:
    with pytest.raises(VaultError, match=r"At least 2|needs 2"):
        recovering.make_recovery_key(holders[:people], by=None, needed=needed, hand_out=lambda *_: None)
    assert recovering.the_lock() is None


def test_the_same_person_twice_is_one_person(holders: list[User]) -> None:
    with pytest.raises(VaultError, match="different holders"):
        recovering.make_recovery_key([holders[0]] * 2, by=None, needed=2, hand_out=lambda *_: None)


def test_sealing_for_the_recovery_key_goes_on_where_it_was_cut_short(
    cast: Cast, review: Review, holders: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[User, str] = {}
    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):

        def cut_short(done: int, _of: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        cut.setattr(recovering, "unwatched", cut_short)
        recovering.make_recovery_key(holders, by=None, needed=2, hand_out=given.__setitem__, watch=cut_short)
    assert strongroom.container_keys().not_sealed_for_recovery() > 0
    with pytest.raises(CommandError, match="recovery_key finish"):
        call_command("recovery_key", "check", stdout=io.StringIO())
    call_command("recovery_key", "finish", stdout=io.StringIO())
    assert strongroom.container_keys().not_sealed_for_recovery() == 0
    lose_the_root_key()
    assert recovering.break_glass(two(given), reason="root_key_lost")


def test_the_commands_from_the_first_share_to_the_last_line(
    cast: Cast, review: Review, holders: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    named = [option for person in holders for option in ("--holder", person.email)]
    call_command("recovery_key", "make", *named, "--needed", "2", stdout=out)
    printed = [line for line in out.getvalue().splitlines() if len(line.split()) == 33]
    assert len(printed) == 3
    call_command("recovery_key", "check", stdout=out)
    assert f"any 2 of {', '.join(person.name for person in holders)}" in out.getvalue()
    assert "It opens every key." in out.getvalue()
    lose_the_root_key()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{printed[2].upper()}\n  {printed[0]}  \n"))
    use = ["--holder", holders[2].email, "--holder", holders[0].email, "--reason", "root_key_lost"]
    call_command("break_glass", *use, stdout=out)
    assert "Every auditor has been told" in out.getvalue()
    assert text_of(review) == build.CANARY_TEXT


def test_the_command_answers_wrong_shares_with_one_sentence(
    shares: dict[User, str], holders: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("nothing\n"))
    with pytest.raises(CommandError, match="not a share"):
        call_command("break_glass", "--holder", holders[0].email, "--reason", "drill")
    with pytest.raises(CommandError, match="No account has this address"):
        call_command("break_glass", "--holder", "nobody@example.org", "--reason", "drill")


def test_a_share_typed_twice_counts_once(review: Review, shares: dict[User, str]) -> None:
    (first, words), (second, other), _ = shares.items()
    with pytest.raises(WrongShares, match="2 different holders"):
        recovering.break_glass([(first, words), (first, words)], reason="drill")
    lose_the_root_key()
    assert recovering.break_glass([(first, words), (first, words), (second, other)], reason="drill")
    assert text_of(review) == build.CANARY_TEXT


def test_without_a_recovery_key_the_commands_say_so(review: Review, holders: list[User]) -> None:
    for what in ("check", "finish"):
        with pytest.raises(CommandError, match="No recovery key was made"):
            call_command("recovery_key", what)
    with pytest.raises(WrongShares, match="ever made here"):
        recovering.break_glass([(holders[0], "words")], reason="drill")
