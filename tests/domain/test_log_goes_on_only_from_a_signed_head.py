"""The log goes on only from a head that its own key signed, and its times do not go back for a clock put right."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dhr import clock
from dhr.audit import checkpoints, log, shipping
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry, DailySighting, LogHead
from restricted_docs.vault.receipt import Scope
from tests.domain.exported import NOON, REVIEW, another_key, mend_hashes, raw, unguarded, write


@pytest.fixture(autouse=True)
def _three_lines(db: None, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    checkpoints.make_signing_key()
    shipping.forget_hour()
    for number in (1, 2, 3):
        write(number, at=NOON)


def history_rewritten_without_the_key() -> None:
    raw("UPDATE audit_entry SET person = 9 WHERE seq = 2")
    tree = mend_hashes()
    LogHead.objects.update(root=tree.root(), frontier=bytes(tree))


def head_signed_by_somebody_else() -> None:
    head = LogHead.objects.get()
    LogHead.objects.update(checkpoint=another_key().sign(head.size, bytes(head.root)))


def head_of_another_size() -> None:
    LogHead.objects.update(checkpoint=checkpoints.signer().sign(2, bytes(LogHead.objects.get().root)))


def no_checkpoint() -> None:
    LogHead.objects.update(checkpoint="")


@pytest.mark.parametrize(
    "act", [history_rewritten_without_the_key, head_signed_by_somebody_else, head_of_another_size, no_checkpoint]
)
def test_a_head_that_was_put_there_is_never_signed_again(act: Callable[[], None]) -> None:
    unguarded()
    act()
    with pytest.raises(log.LogUnavailable):
        write(4)
    with pytest.raises(log.LogUnavailable):
        log.append_first(Line(event="log.viewed", person=1), container=uuid4(), scope=Scope.NARRATIVE)
    assert AuditEntry.objects.count() == 3


@pytest.mark.parametrize(("minutes", "written"), [(0, 0), (-1, 0), (-10, 0), (-11, -11), (-600, -600), (1, 1)])
def test_a_clock_put_right_gives_the_time_of_the_line_before_and_one_set_back_its_own(
    minutes: int, written: int
) -> None:
    assert write(4, at=NOON + timedelta(minutes=minutes)).at == NOON + timedelta(minutes=written)


def test_a_clock_put_right_over_midnight_still_counts_one_sighting_a_day() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    line = Line(event="review.viewed", person=7, review=REVIEW, reference="DHR12")

    def seen(minutes: int) -> int:
        with clock.at(midnight + timedelta(minutes=minutes)):
            return log.sighted(line, container=REVIEW).seq

    first = seen(3)
    assert [seen(-5), seen(-1)] == [5, 5]
    assert seen(4) == first == 4
    assert AuditEntry.objects.get(seq=5).at == midnight + timedelta(minutes=3)
    assert DailySighting.objects.count() == 2


def test_a_head_that_an_earlier_process_signed_is_checked_by_its_signature_and_gone_on_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked: list[str] = []
    read = checkpoints.Verifier.read
    monkeypatch.setattr(checkpoints.Verifier, "read", lambda of, note: checked.append(note) or read(of, note))
    write(4)
    assert checked == []  # this process signed the head itself, word for word
    checkpoints._signer.cache_clear()  # as after a restart
    write(5)
    assert len(checked) == 1
    write(6)
    assert len(checked) == 1
