"""Logs that nobody touched: both verifiers find them whole, whatever their size, and whatever of them is shown."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhr import clock
from dhr.audit import checkpoints, export, log, offline, shipping
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry, LogHead
from dhr.audit.testing import reset_log
from tests.domain.exported import (
    APART,
    NOON,
    OTHER,
    REVIEW,
    Answer,
    Outside,
    checked,
    exported,
    raw,
    ship,
    told,
    unguarded,
    write,
)
from tests.domain.second_verifier import second_opinion

LONDON = ZoneInfo("Europe/London")


def found_whole(folder: Path, *options: str) -> Answer:
    """By both, with all that a stranger could know."""
    outside = Outside.of_now(folder)
    out = exported(folder, *options)
    answer = checked(out, *outside.options())
    assert answer.text.startswith("The log is whole: "), answer.text
    assert answer.code == 0
    assert second_opinion(out, outside.fingerprint, outside.kept)
    return answer


@pytest.mark.parametrize("size", [0, 1, 2, 3, 6, 7, 8, 14, 15, 16, 30])
def test_a_log_of_any_size_is_whole(folder: Path, size: int) -> None:
    for number in range(1, size + 1):
        write(number)
        ship()
    assert f"{size + 1} line" in found_whole(folder).text  # and the line about the export


def test_a_log_that_never_had_a_line_is_whole(folder: Path) -> None:
    out = folder / "out.zip"
    out.write_bytes(b"".join(export.stream(export.Wanted(), recorded=False)))
    assert checked(out, "--key", checkpoints.fingerprint()).text.startswith("The log is whole: 0 lines. ")
    assert second_opinion(out, checkpoints.fingerprint())


def test_with_a_review_the_others_are_there_as_hashes(folder: Path) -> None:
    for number in range(1, 21):
        write(number)
    ship()
    answer = found_whole(folder, "--review", "dhr13")
    lines = told(folder / "out.zip")
    assert [line[0] for line in lines if len(line) == 12] == [3, 6, 9, 12, 15, 18, 21]  # the last one is the export's
    assert {line[6] for line in lines if len(line) == 12} == {"DHR13"}
    assert b"DHR12" not in (folder / "out.zip").read_bytes()
    assert str(REVIEW) not in str(lines)
    assert "what stands in 14 lines: they are shown as hashes only" in answer.text
    assert "rests on who made the export" in answer.text


def test_a_review_is_found_under_its_earlier_reference_too(folder: Path) -> None:
    with clock.at(NOON), transaction.atomic():
        log.append([Line(event="review.notified", person=1, review=OTHER, reference="N-2026-03")])
    write(3)
    write(4)
    found_whole(folder, "--review", "DHR13")
    assert [line[0] for line in told(folder / "out.zip") if len(line) == 12] == [1, 2, 4]


def test_since_a_day_earlier_lines_are_there_as_hashes(folder: Path) -> None:
    for number in range(1, 21):
        write(number, at=NOON + timedelta(days=number))
        ship()
    answer = found_whole(folder, "--since", "2026-03-12")
    assert [line[0] for line in told(folder / "out.zip") if len(line) == 12] == list(range(10, 22))
    assert "what stands in the first 9 lines: before 2026-03-12 only their hashes are shown" in answer.text
    found_whole(folder, "--since", "2026-03-12", "--review", "DHR12")
    found_whole(folder, "--since", "2199-01-01")


def test_a_day_begins_at_midnight_in_london(folder: Path) -> None:
    write(1, at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    write(2, at=datetime(2026, 6, 30, 23, 1, tzinfo=UTC))
    found_whole(folder, "--since", "2026-07-01")
    assert [len(line) for line in told(folder / "out.zip")] == [2, 12, 12]


def test_the_hours_around_summer_time_raise_no_alarm(folder: Path) -> None:
    for number, hour in enumerate([0, 1, 2, 3]):
        write(number, at=datetime(2026, 3, 29, hour, 30, tzinfo=UTC).astimezone(LONDON))
        ship()
    for number, hour in enumerate([23, 24, 25, 26]):
        write(number, at=(datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=hour, minutes=30)).astimezone(LONDON))
        ship(at=AuditEntry.objects.newest_first()[0].at.astimezone(LONDON))
    found_whole(folder)


def test_a_clock_put_right_by_a_few_minutes_raises_no_alarm(folder: Path) -> None:
    for minutes in (0, 8, -1, 0, 5, 12):
        entry = write(1, at=NOON + timedelta(minutes=minutes))
        shipping.forget_hour()
        with clock.at(NOON + timedelta(minutes=minutes)):
            shipping.ship(LogHead.objects.get().checkpoint)
    assert entry.at == NOON + timedelta(minutes=12)
    times = list(AuditEntry.objects.oldest_first().values_list("at_us", flat=True))
    assert times == sorted(times)
    found_whole(folder)


def test_a_log_written_before_the_head_knew_its_time_goes_on(folder: Path) -> None:
    write(1)
    LogHead.objects.update(at_us=None)
    write(2)
    found_whole(folder)


def test_texts_of_any_alphabet_are_told_byte_for_byte(folder: Path) -> None:
    """No append writes them, but the format holds them: what is stored is what is hashed."""
    entry = AuditEntry(seq=1, at_us=1, event="é", reference="Ω \U0001f5dd", object='"\\\n\t', details="\x7f ")
    entry.leaf = entry.computed_leaf()
    AuditEntry.objects.bulk_create([entry])
    leaf = bytes(entry.leaf)
    note = checkpoints.signer().sign(1, leaf)
    LogHead.objects.bulk_create([LogHead(size=1, frontier=leaf, root=leaf, checkpoint=note, at_us=1)])
    found_whole(folder)


def test_the_same_checkpoint_shipped_many_times_raises_no_alarm(folder: Path) -> None:
    for number in range(1, 4):
        write(number)
        for hours in range(5):
            ship(at=NOON + APART * number + timedelta(minutes=hours))
    lines = shipping.shipping_file().read_text().splitlines(keepends=True)
    shipping.shipping_file().write_text("".join(reversed(lines)))  # copies joined in any order
    found_whole(folder)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 4), st.booleans(), st.integers(0, 90)), max_size=12), shown=st.data())
def test_no_honest_log_raises_an_alarm(folder: Path, steps: list[tuple[int, bool, int]], shown: Any) -> None:
    unguarded()
    reset_log()
    now = NOON
    for lines, shipped, minutes in steps:
        now += timedelta(minutes=minutes)
        with clock.at(now), transaction.atomic():
            log.append([Line(event="review.viewed", person=n, review=REVIEW, reference="DHR12") for n in range(lines)])
        if shipped:
            ship(at=now + timedelta(seconds=minutes))
    options = [[], ["--since", "2026-03-02"], ["--since", "2026-03-03"]]
    if steps:
        options.append(["--review", "DHR12"])
    found_whole(folder, *shown.draw(st.sampled_from(options)))


# ------------------------------------------------------------------------------------------------------- the command
def test_the_export_is_in_the_log_before_it_is_made_and_only_its_owner_reads_it(folder: Path) -> None:
    write(3)
    out = exported(folder, "--review", "DHR13", "--since", "2026-01-01")
    line = AuditEntry.objects.newest_first()[0]
    assert (line.event, line.person, line.reference, line.review) == ("log.exported", None, "DHR13", OTHER)
    assert line.facts == {"filters": "with proofs, reference:DHR13, since:2026-01-01"}
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir() if path.suffix == ".zip" or path.name.startswith(".")] == ["out.zip"]


def test_what_cannot_be_exported_leaves_nothing_behind_and_says_why(folder: Path) -> None:
    write(1)
    out = folder / "out.zip"
    with pytest.raises(CommandError, match="No line of the access log bears the reference DHR99"):
        call_command("export_access_log", str(out), "--review", "DHR99")
    with pytest.raises(CommandError, match="is no day"):
        call_command("export_access_log", str(out), "--since", "yesterday")
    with pytest.raises(CommandError, match="Name the file"):
        call_command("export_access_log")
    with pytest.raises(CommandError, match="nothing was left behind"):
        call_command("export_access_log", str(folder / "none" / "out.zip"))
    unguarded()
    raw("UPDATE audit_head SET checkpoint = 'torn'")
    with pytest.raises(CommandError, match="add --damaged"):
        call_command("export_access_log", str(out))
    assert not list(folder.glob("*.zip"))
    assert AuditEntry.objects.filter(event="log.exported").count() == 1  # that of the folder that is not there


def test_the_checker_is_handed_out_by_itself_too(folder: Path) -> None:
    path, words = folder / "verify.py", StringIO()
    call_command("export_access_log", verifier=path, stdout=words)
    assert path.read_text() == offline.one_file()
    assert "SHA-256 of verify.py: " in words.getvalue()
    assert AuditEntry.objects.count() == 0


def test_progress_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "TOLD_EVERY", 2)
    for number in range(1, 5):
        write(number)
    words = StringIO()
    call_command("export_access_log", str(folder / "out.zip"), stdout=StringIO(), stderr=words)
    assert words.getvalue().splitlines() == ["2 of 5 lines", "4 of 5 lines", "5 of 5 lines"]


def test_lines_written_while_it_is_made_are_not_in_it(folder: Path) -> None:
    write(1)
    pieces = export.stream(export.Wanted(since=date(2026, 1, 1)))
    first = next(pieces)
    write(2)
    ship()
    out = folder / "out.zip"
    out.write_bytes(first + b"".join(pieces))
    assert [line[0] for line in told(out)] == [1]
    assert checked(out, "--key", checkpoints.fingerprint()).code == 0
