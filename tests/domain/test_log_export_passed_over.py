"""What a check must not pass over in silence: a second witness, a log without a signature, lines hidden without a reason."""

import json
from pathlib import Path

import pytest

from dhr.audit import shipping
from dhr.audit.models import LogHead
from tests.domain.exported import Outside, checked, exported, raw, repacked, twelve, unguarded, write
from tests.domain.second_verifier import second_opinion


@pytest.fixture
def outside(folder: Path) -> Outside:
    twelve()
    return Outside.of_now(folder)


def test_every_checkpoint_that_was_kept_counts(folder: Path) -> None:
    """Two notes in one file, or two files: none is passed over."""
    early, late = folder / "early.txt", folder / "late.txt"
    for number in range(1, 9):
        write(number)
    backup = LogHead.objects.get()
    early.write_text(backup.checkpoint)
    for number in range(9, 13):
        write(number)
    late.write_text(LogHead.objects.get().checkpoint)
    unguarded()
    raw("DELETE FROM audit_head")
    raw("DELETE FROM audit_entry WHERE seq > 8")
    LogHead.objects.bulk_create([backup])
    out = exported(folder)
    assert checked(out, "--checkpoint", str(early)).code == 0
    for one, two in ((early, late), (late, early)):
        assert checked(out, "--checkpoint", str(one), "--checkpoint", str(two)).kinds == {"tail cut"}
    both = folder / "both.txt"
    for gap in ("", "\n"):
        both.write_text(early.read_text() + gap + late.read_text())
        answer = checked(out, "--checkpoint", str(both))
        assert answer.code == 2
        assert "put each into a file of its own" in answer.text


def test_a_log_emptied_on_its_way_is_not_said_to_be_signed(folder: Path, outside: Outside) -> None:
    def emptied(files: dict[str, bytes]) -> None:
        files["export.json"] = files["export.json"].replace(b'"size": 13', b'"size": 0')
        files |= dict.fromkeys(
            ("checkpoint.txt", "checkpoints.log", "log.jsonl", "inclusion.txt", "consistency.txt"), b""
        )

    out = repacked(exported(folder), emptied)
    answer = checked(out, "--key", outside.fingerprint)
    assert "signed by the key" not in answer.text
    assert "nothing in it is signed: anybody could have made it" in answer.text
    assert checked(out, *outside.options()).kinds == {"tail cut"}


def all_hidden_but_the_last(files: dict[str, bytes]) -> None:
    """Said to be from a day on that is before the first line."""
    lines = files["log.jsonl"].splitlines(keepends=True)
    told = [json.loads(one) for one in lines]
    files["log.jsonl"] = b"".join(b'[%d,"%s"]\n' % (one[0], one[-1].encode()) for one in told[:-1]) + lines[-1]
    proof: list[bytes] = []
    for one in files["inclusion.txt"].splitlines():
        _, kept, *new = one.split(b" ")
        proof = new + (proof[-int(kept) :] if int(kept) else [])
    files["inclusion.txt"] = b" ".join([b"%d" % len(told), b"0", *proof]) + b"\n"
    files["export.json"] = files["export.json"].replace(b'"since": ""', b'"since": "2026-03-02"')


def test_lines_hidden_as_older_than_the_day_that_is_named_are_found_by_the_checkpoints(
    folder: Path, outside: Outside
) -> None:
    out = repacked(exported(folder), all_hidden_but_the_last)
    answer = checked(out, *outside.options())
    assert (answer.code, answer.kinds) == (1, {"damaged export"}), answer.text
    assert "Line 4 is there as a hash only, though a checkpoint shipped at 2026-03-02 13:00:00 UTC" in answer.text
    assert not second_opinion(out, outside.fingerprint, outside.kept)


def test_what_no_checkpoint_tells_about_hidden_lines_is_said_to_rest_on_who_made_the_export(
    folder: Path, outside: Outside
) -> None:
    shipping.shipping_file().unlink()
    answer = checked(repacked(exported(folder), all_hidden_but_the_last), "--key", outside.fingerprint)
    assert answer.code == 0
    assert "That all of them are from before that day rests on who made the export." in answer.text
    answer = checked(exported(folder, "--review", "DHR12", "--since", "2027-01-01"), "--key", outside.fingerprint)
    assert "That each of them is from before 2027-01-01 or not about DHR12 rests on who made the export." in answer.text
