"""Whether the access log is whole: every way of changing it is found, and nothing else is taken for one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.db import connection, transaction

from dhr import clock
from dhr.audit import checkpoints, log, shipping, triggers
from dhr.audit.line import Line
from dhr.audit.merkle import Frontier, leaf_hash
from dhr.audit.models import AuditEntry, LogHead
from dhr.audit.testing import reset_log
from dhr.audit.verify import verify

REVIEW = UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def viewed(person: int = 1, review: UUID = REVIEW, **more: Any) -> Line:
    return Line(event="review.viewed", person=person, review=review, reference="DHR12", **more)


def write(*lines: Line) -> list[AuditEntry]:
    with transaction.atomic():
        return log.append(lines)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    checkpoints.make_signing_key()
    shipping.forget_hour()
    return tmp_path


@pytest.fixture
def inside(db: None, folder: Path) -> Path:
    """A log in a test's own transaction: nothing is really committed, so nothing is shipped by itself."""
    return folder


@pytest.fixture
def committed(transactional_db: None, folder: Path) -> Iterator[Path]:
    """A log that really commits, emptied afterwards before the tables are flushed."""
    reset_log()
    yield folder
    reset_log()


def raw(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def edit() -> None:
    raw("UPDATE audit_entry SET person = 9 WHERE seq = 5")


def edit_and_mend_the_leaf() -> None:
    entry = AuditEntry.objects.get(seq=5)
    entry.person = 9
    AuditEntry.objects.filter(seq=5).update(person=9, leaf=entry.computed_leaf())


def delete() -> None:
    raw("DELETE FROM audit_entry WHERE seq = 5")


def delete_and_renumber() -> None:
    delete()
    for seq in range(6, 13):
        raw("UPDATE audit_entry SET seq = seq - 1 WHERE seq = %s", seq)


def cut_the_tail() -> None:
    raw("DELETE FROM audit_entry WHERE seq > 8")


def add_beyond_the_head() -> None:
    entry = AuditEntry.objects.get(seq=12)
    entry.seq = 13
    entry.leaf = entry.computed_leaf()
    AuditEntry.objects.bulk_create([entry])


def rebuild(size: int, signer: checkpoints.Signer) -> None:
    """What somebody with the whole database in hand would do: new leaves, new tree, new head."""
    raw("DELETE FROM audit_entry WHERE seq > %s", size)
    tree = Frontier()
    for entry in AuditEntry.objects.oldest_first():
        AuditEntry.objects.filter(seq=entry.seq).update(leaf=entry.computed_leaf())
        tree.add(entry.computed_leaf())
    note = signer.sign(tree.size, tree.root())
    LogHead.objects.update(size=tree.size, frontier=bytes(tree), root=tree.root(), checkpoint=note)


def set_the_head_back() -> None:
    rebuild(8, checkpoints.signer())


def rewrite_with_the_key() -> None:
    edit()
    rebuild(12, checkpoints.signer())


def rebuild_with_another_key() -> None:
    stranger = Ed25519PrivateKey.generate()
    rebuild(12, checkpoints.Signer(checkpoints.signer().origin, stranger))


def replace_the_key() -> None:
    checkpoints.key_file().unlink()
    checkpoints.make_signing_key()
    rebuild(12, checkpoints.signer())


def empty_it() -> None:
    raw("DELETE FROM audit_entry")
    raw("DELETE FROM audit_head")


def lose_the_head() -> None:
    raw("DELETE FROM audit_head")


def swap_the_head() -> None:
    other = checkpoints.signer().sign(12, leaf_hash(b"other"))
    LogHead.objects.update(checkpoint=other)


def damage_the_frontier() -> None:
    LogHead.objects.update(frontier=b"\0" * 64)


def tear_a_shipped_line() -> None:
    path = shipping.shipping_file()
    path.write_text(path.read_text()[:-20])


def fork_what_is_shipped() -> None:
    shipping.ship(checkpoints.signer().sign(10, leaf_hash(b"other")))


class TestVerifying:
    @pytest.fixture
    def twelve(self, inside: Path) -> Path:
        """Twelve lines, with checkpoints shipped at three and at ten; the triggers out of the attacker's way."""
        for number in range(1, 13):
            write(viewed(number))
            if number in {3, 10}:
                shipping.ship(LogHead.objects.get().checkpoint)
        triggers.remove()
        return inside

    def test_a_whole_log_is_found_whole(self, twelve: Path) -> None:
        verdict = verify()
        assert (verdict.whole, verdict.lines) == (True, 12)
        assert verdict.sentence.startswith("The access log is whole: 12 lines, checked against 2 shipped checkpoints")

    @pytest.mark.parametrize(
        ("attack", "found"),
        [
            (edit, "line 5 was changed"),
            (edit_and_mend_the_leaf, "first 10 lines are not those"),
            (delete, "line 5 is missing"),
            (delete_and_renumber, "line 5 was changed"),
            (cut_the_tail, "line 9 is missing"),
            (add_beyond_the_head, "line 13 stands beyond its end at line 12"),
            (set_the_head_back, "ends at line 8, and had 10 lines"),
            (rewrite_with_the_key, "first 10 lines are not those"),
            (rebuild_with_another_key, "head is not signed by this log's key"),
            (replace_the_key, "line 1 of the shipped checkpoints is not signed by this log's key"),
            (empty_it, "it is empty, and 10 lines had been written"),
            (lose_the_head, "has lines and no head"),
            (swap_the_head, "head is signed for other lines"),
            (damage_the_frontier, "not those that its head was made from"),
            (tear_a_shipped_line, "line 2 of the shipped checkpoints is not whole"),
            (fork_what_is_shipped, "lines 2 and 3 of the shipped checkpoints contradict"),
        ],
    )
    def test_every_change_is_found(self, twelve: Path, attack: Callable[[], None], found: str) -> None:
        assert verify().whole
        attack()
        verdict = verify()
        assert not verdict.whole
        assert found in verdict.sentence
        assert verdict.sentence.count(".") == 1

    @pytest.mark.parametrize("column", ["at_us", "event", "person", "on_behalf_of", "review", "reference", "object"])
    def test_no_column_can_be_changed_unseen(self, twelve: Path, column: str) -> None:
        values = {"event": "review.closed", "review": uuid4(), "reference": "DHR13", "object": "document"}
        AuditEntry.objects.filter(seq=12).update(**{column: values.get(column, 77)})
        assert "line 12 was changed" in verify().sentence

    def test_a_copy_kept_elsewhere_is_believed_before_the_one_on_this_machine(self, twelve: Path) -> None:
        copy = twelve / "copy.log"
        copy.write_text(shipping.shipping_file().read_text())
        shipping.shipping_file().unlink()
        set_the_head_back()
        assert verify().whole  # nothing outside the database is left to contradict it
        assert "had 10 lines" in verify(copy).sentence
        assert "no shipped checkpoints" in verify(twelve / "none.log").sentence

    def test_the_command_answers_in_one_sentence_and_by_its_exit_code(self, twelve: Path) -> None:
        out = StringIO()
        call_command("verify_access_log", stdout=out)
        assert out.getvalue().startswith("The access log is whole: 12 lines")
        edit()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_access_log", stdout=out)
        assert ended.value.code == 1

    def test_an_empty_log_is_whole_and_a_log_without_its_key_cannot_be_checked(self, inside: Path) -> None:
        assert verify().whole
        checkpoints.key_file().unlink()
        assert "signing key" in verify().sentence
        assert not verify().whole


class TestShipping:
    def test_a_checkpoint_leaves_the_database_once_an_hour_and_on_demand(self, committed: Path) -> None:
        for minutes in (0, 10, 59, 60):
            with clock.at(NOON + timedelta(minutes=minutes)):
                write(viewed())
        sizes = [one.checkpoint.size for one in shipping.shipped(checkpoints.verifier())]
        assert sizes == [1, 4]
        out = StringIO()
        call_command("ship_checkpoint", stdout=out)
        assert checkpoints.fingerprint() in out.getvalue()
        assert verify().sentence.count("2 shipped checkpoints") == 1

    def test_what_rolls_back_is_never_shipped(self, committed: Path) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            log.append([viewed()])
            raise ZeroDivisionError
        assert not shipping.shipping_file().exists()
        call_command("ship_checkpoint", stdout=StringIO())
        assert not shipping.shipping_file().exists()

    def test_key_and_checkpoints_are_readable_by_the_service_alone(self, inside: Path) -> None:
        write(viewed())
        shipping.ship(LogHead.objects.get().checkpoint)
        for path in (checkpoints.key_file(), shipping.shipping_file()):
            assert path.stat().st_mode & 0o777 == 0o600

    def test_a_key_that_is_there_is_never_replaced(self, folder: Path, settings: Any) -> None:
        before = checkpoints.key_file().read_text(), checkpoints.fingerprint()
        settings.DHR_URL = "https://elsewhere.example"
        checkpoints.make_signing_key()
        assert (checkpoints.key_file().read_text(), checkpoints.fingerprint()) == before
        assert [path.name for path in checkpoints.key_file().parent.iterdir()] == ["log-signing.key"]

    def test_a_key_that_cannot_be_read_says_so(self, folder: Path) -> None:
        checkpoints.key_file().write_text("nothing of the kind")
        with pytest.raises(checkpoints.SigningKeyMissing, match="backup"):
            checkpoints.signer()
