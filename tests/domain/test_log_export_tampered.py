"""What can be done to a log, by whom, and by which name a stranger hears of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dhr.audit import checkpoints, shipping
from dhr.audit.merkle import leaf_hash
from dhr.audit.models import AuditEntry, LogHead
from tests.domain.exported import (
    APART,
    KINDS,
    NOON,
    Answer,
    Outside,
    another_key,
    checked,
    exported,
    mend_all,
    mend_hashes,
    put_in,
    raw,
    renumber,
    repacked,
    ship,
    swap,
    unguarded,
    write,
)
from tests.domain.second_verifier import second_opinion

Attack = Callable[[Outside], None]
ATTACKS: list[tuple[str, str, Attack]] = []


def attack(kind: str, hands: str) -> Callable[[Attack], Attack]:
    """`hands`: what whoever does this holds: the database, the database and the key, or only the file in transit."""

    def keep(act: Attack) -> Attack:
        ATTACKS.append((kind, hands, act))
        return act

    return keep


# ------------------------------------------------------------------------------------------------------------------ edit
@attack("edit", "database")
def a_column_is_changed(outside: Outside) -> None:
    raw("UPDATE audit_entry SET person = 9 WHERE seq = 5")


@attack("edit", "database")
def a_column_is_changed_and_its_hash_made_to_fit(outside: Outside) -> None:
    a_column_is_changed(outside)
    mend_hashes()


@attack("edit", "database")
def a_hash_is_no_hash_any_more(outside: Outside) -> None:
    AuditEntry.objects.filter(seq=5).update(leaf=b"short")


@attack("edit", "database")
def a_column_holds_what_no_line_ever_held(outside: Outside) -> None:
    AuditEntry.objects.filter(seq=5).update(details="x" * 300_000)


# ---------------------------------------------------------------------------------------------------------------- delete
@attack("delete", "database")
def a_line_is_taken_out(outside: Outside) -> None:
    raw("DELETE FROM audit_entry WHERE seq = 5")


@attack("delete", "database")
def a_line_is_taken_out_and_the_others_move_up(outside: Outside) -> None:
    a_line_is_taken_out(outside)
    renumber(6, -1)


@attack("delete", "database")
def a_line_is_taken_out_and_all_hashes_made_to_fit(outside: Outside) -> None:
    a_line_is_taken_out_and_the_others_move_up(outside)
    tree = mend_hashes()
    LogHead.objects.update(size=tree.size, frontier=bytes(tree), root=tree.root())


# ---------------------------------------------------------------------------------------------------------------- insert
@attack("insert", "database")
def a_line_is_put_at_the_end(outside: Outside) -> None:
    put_in(13, at=NOON + timedelta(days=2))


@attack("insert", "database")
def a_line_is_put_in_and_the_others_move_down(outside: Outside) -> None:
    renumber(5, 1)
    put_in(5, at=NOON + APART * 5)


@attack("insert", "database")
def a_line_is_put_in_and_all_hashes_made_to_fit(outside: Outside) -> None:
    a_line_is_put_in_and_the_others_move_down(outside)
    mend_hashes()


# --------------------------------------------------------------------------------------------------------------- reorder
@attack("reorder", "database")
def two_lines_change_places(outside: Outside) -> None:
    swap(5, 6)


@attack("reorder", "database")
def two_lines_change_places_and_the_hashes_are_made_to_fit(outside: Outside) -> None:
    swap(4, 7)
    mend_hashes()


@attack("reorder", "database")
def what_two_lines_say_is_exchanged(outside: Outside) -> None:
    names = ("at_us", "person", "review", "reference")
    one, two = (AuditEntry.objects.filter(seq=seq).values(*names).get() for seq in (5, 6))
    AuditEntry.objects.filter(seq=5).update(**two)
    AuditEntry.objects.filter(seq=6).update(**one)


# -------------------------------------------------------------------------------------------------------------- tail cut
@attack("tail cut", "database")
def an_old_backup_is_put_back(outside: Outside) -> None:
    raw("DELETE FROM audit_head")
    raw("DELETE FROM audit_entry WHERE seq > 8")
    LogHead.objects.bulk_create([BACKUP[0]])


@attack("tail cut", "key")
def the_end_is_cut_off_and_what_left_is_signed(outside: Outside) -> None:
    raw("DELETE FROM audit_entry WHERE seq > 8")
    mend_all()
    shipping.shipping_file().unlink()


# ------------------------------------------------------------------------------------------------- whole-log replacement
@attack("whole-log replacement", "key")
def everything_is_written_anew(outside: Outside) -> None:
    AuditEntry.objects.update(person=7)
    mend_all()
    shipping.shipping_file().unlink()


@attack("whole-log replacement", "server")
def everything_is_written_anew_with_a_key_made_for_it(outside: Outside) -> None:
    checkpoints.key_file().unlink()
    checkpoints.make_signing_key()
    everything_is_written_anew(outside)


# ------------------------------------------------------------------------------------------------------------------ fork
@attack("fork", "key")
def a_line_is_changed_and_everything_after_it_signed_again(outside: Outside) -> None:
    raw("UPDATE audit_entry SET person = 9 WHERE seq = 5")
    mend_all()
    shipping.shipping_file().unlink()


@attack("fork", "key")
def two_pasts_were_shown_to_two_people(outside: Outside) -> None:
    with outside.kept.open("a") as file:
        ship(note=checkpoints.signer().sign(10, leaf_hash(b"another past")))
        file.write(shipping.shipping_file().read_text().splitlines()[-1] + "\n")
    lines = shipping.shipping_file().read_text().splitlines(keepends=True)
    shipping.shipping_file().write_text("".join(lines[:-1]))


@attack("fork", "database")
def the_end_is_cut_off_and_the_log_goes_on_past_it(outside: Outside) -> None:
    an_old_backup_is_put_back(outside)
    for number in range(9, 12):
        write(number + 20)


# ----------------------------------------------------------------------------------------------------------- back-dating
@attack("back-dating", "key")
def a_line_is_added_with_an_earlier_time(outside: Outside) -> None:
    put_in(13, at=NOON)
    mend_all()


@attack("back-dating", "key")
def a_line_is_added_between_the_last_one_and_a_checkpoint_shipped_since(outside: Outside) -> None:
    put_in(13, at=NOON + APART * 14)  # after line 12, and long before what was shipped at noon of the next day
    mend_all()


@attack("back-dating", "database")
def a_time_is_changed_and_the_hashes_made_to_fit(outside: Outside) -> None:
    raw("UPDATE audit_entry SET at_us = at_us - %s WHERE seq = 5", 10 * 24 * 3_600 * 1_000_000)
    mend_hashes()


@attack("back-dating", "server")
def the_clock_of_the_server_is_set_back_for_an_act(outside: Outside) -> None:
    write(13, at=NOON - timedelta(days=1))


# ----------------------------------------------------------------------------------------------- replayed old checkpoint
@attack("replayed old checkpoint", "database")
def the_head_is_set_back_and_the_lines_stay(outside: Outside) -> None:
    raw("DELETE FROM audit_head")
    LogHead.objects.bulk_create([BACKUP[0]])


@attack("replayed old checkpoint", "database")
def the_head_carries_an_older_checkpoint(outside: Outside) -> None:
    LogHead.objects.update(checkpoint=BACKUP[0].checkpoint)


@attack("replayed old checkpoint", "server")
def an_old_checkpoint_is_shipped_once_more(outside: Outside) -> None:
    ship(at=NOON + timedelta(days=2), note=BACKUP[0].checkpoint)


# ------------------------------------------------------------------------------------------------------------- re-signed
@attack("re-signed with another key", "database")
def a_line_is_changed_and_the_head_signed_with_another_key(outside: Outside) -> None:
    raw("UPDATE audit_entry SET person = 9 WHERE seq = 12")
    mend_all(another_key())


@attack("re-signed with another key", "database")
def a_checkpoint_that_left_is_signed_with_another_key(outside: Outside) -> None:
    ship(note=another_key().sign(12, LogHead.objects.get().root))


BACKUP: list[LogHead] = []


@pytest.fixture
def outside(folder: Path) -> Outside:
    """The log of twelve lines, as a stranger knew it before anybody laid hands on it; and a backup of the head at eight."""
    BACKUP.clear()
    for number in range(1, 13):
        write(number)
        if number in {3, 8, 10}:
            ship()
        if number == 8:
            BACKUP.append(LogHead.objects.get())
    ship(at=NOON + timedelta(days=1))
    return Outside.of_now(folder)


def examined(folder: Path, outside: Outside) -> Answer:
    out = exported(folder)
    answer = checked(out, *outside.options())
    assert second_opinion(out, outside.fingerprint, outside.kept) is (answer.code == 0), "the two verifiers disagree"
    return answer


@pytest.mark.parametrize(("kind", "hands", "act"), ATTACKS, ids=lambda one: getattr(one, "__name__", str(one)))
def test_it_is_found_and_named(folder: Path, outside: Outside, kind: str, hands: str, act: Attack) -> None:
    unguarded()
    act(outside)
    answer = examined(folder, outside)
    assert answer.code == 1
    assert kind in answer.kinds, answer.text
    assert len(answer.kinds) == 1 or kind in {"re-signed with another key", "fork"}, answer.text


def test_every_kind_of_hand_is_tried() -> None:
    assert {kind for kind, _, _ in ATTACKS} == set(KINDS)


def test_the_same_log_untouched_raises_no_alarm(folder: Path, outside: Outside) -> None:
    unguarded()
    answer = examined(folder, outside)
    assert (answer.code, answer.kinds) == (0, set())


# ----------------------------------------------------------------------------------------------- the file on its way
def lines(files: dict[str, bytes]) -> list[bytes]:
    return files["log.jsonl"].splitlines(keepends=True)


def one_line_out(files: dict[str, bytes]) -> None:
    files["log.jsonl"] = b"".join(lines(files)[:4] + lines(files)[5:])


def one_line_twice(files: dict[str, bytes]) -> None:
    files["log.jsonl"] = b"".join(lines(files)[:5] + lines(files)[4:])


def two_lines_swapped(files: dict[str, bytes]) -> None:
    one = lines(files)
    one[4], one[5] = one[5], one[4]
    files["log.jsonl"] = b"".join(one)


def the_end_cut_off(files: dict[str, bytes]) -> None:
    files["log.jsonl"] = b"".join(lines(files)[:-2])


def one_word_changed(files: dict[str, bytes]) -> None:
    files["log.jsonl"] = files["log.jsonl"].replace(b'"stages"', b'"people"', 1).replace(b"stages", b"people", 1)


def one_line_hidden(files: dict[str, bytes]) -> None:
    """The last one, and its proof with it, so that nothing else is missed."""
    one = lines(files)
    one[-1] = b'[13,"' + one[-1].rpartition(b',"')[2]
    files["log.jsonl"] = b"".join(one)
    files["inclusion.txt"] = b"".join(files["inclusion.txt"].splitlines(keepends=True)[:-1])


def one_proof_wrong(files: dict[str, bytes]) -> None:
    files["inclusion.txt"] = files["inclusion.txt"].replace(b"a", b"b", 1)


def one_step_wrong(files: dict[str, bytes]) -> None:
    files["consistency.txt"] = files["consistency.txt"].replace(b"a", b"b", 1)


def no_proofs(files: dict[str, bytes]) -> None:
    files["inclusion.txt"] = b""


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (one_line_out, "delete"),
        (one_line_twice, "insert"),
        (two_lines_swapped, "reorder"),
        (the_end_cut_off, "tail cut"),
        (one_word_changed, "edit"),
        (one_line_hidden, "damaged export"),
        (one_proof_wrong, "damaged export"),
        (one_step_wrong, "damaged export"),
        (no_proofs, "damaged export"),
    ],
)
def test_what_is_done_to_the_file_is_found_and_named(
    folder: Path, outside: Outside, change: Callable[[dict[str, bytes]], None], kind: str
) -> None:
    out = repacked(exported(folder), change)
    answer = checked(out, *outside.options())
    assert (answer.code, answer.kinds) == (1, {kind}), answer.text
    assert not second_opinion(out, outside.fingerprint, outside.kept)


# ------------------------------------------------------------------------------------------------ what needs a witness
def test_without_the_fingerprint_a_log_with_another_key_passes_and_it_says_so(folder: Path, outside: Outside) -> None:
    unguarded()
    everything_is_written_anew_with_a_key_made_for_it(outside)
    out = exported(folder)
    answer = checked(out)
    assert answer.code == 0
    assert "Not checked: whether this is the right log." in answer.text
    assert "Not checked: whether lines were cut off the end" in answer.text
    assert checked(out, "--key", outside.fingerprint).kinds == {"whole-log replacement"}
    assert checked(out, "--checkpoint", str(outside.kept)).kinds == {"whole-log replacement"}


def test_one_signed_checkpoint_copied_from_the_page_is_witness_enough(folder: Path, outside: Outside) -> None:
    note = folder / "note.txt"
    note.write_text(LogHead.objects.get().checkpoint.replace("\n", "\r\n"))
    assert checked(exported(folder), "--checkpoint", str(note)).code == 0
    unguarded()
    an_old_backup_is_put_back(outside)
    shipping.shipping_file().unlink()
    answer = checked(exported(folder), "--checkpoint", str(note))
    assert answer.kinds == {"tail cut"}


def test_a_witness_that_is_none_is_said_to_be_none(folder: Path, outside: Outside) -> None:
    note = folder / "note.txt"
    note.write_text("a shopping list\n")
    out = exported(folder)
    assert checked(out, "--checkpoint", str(note)).code == 2
    note.write_text(outside.kept.read_text() + "torn")
    answer = checked(out, "--checkpoint", str(note))
    assert answer.code == 2
    assert "line 5 of the checkpoints you kept is no checkpoint" in answer.text.lower()
    assert checked(out, "--checkpoint", str(folder / "none")).code == 2
    assert checked(out, "--key", "1234").code == 2
