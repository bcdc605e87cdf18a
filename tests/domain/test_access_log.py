"""The access log: append-only, gapless, signed, and the only source of a receipt."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from dhr import clock
from dhr.audit import checkpoints, log, shipping, table, triggers
from dhr.audit.entry_bytes import canonical_details
from dhr.audit.events import EVENTS, DetailRefused, Kind, UnknownEvent
from dhr.audit.line import Line
from dhr.audit.merkle import tree_root
from dhr.audit.models import AuditEntry, DailySighting, LogHead
from dhr.audit.reading import sentence
from dhr.audit.testing import reset_log
from dhr.audit.verify import verify
from restricted_docs.vault.receipt import Scope

REVIEW = UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def viewed(person: int = 1, review: UUID = REVIEW, **more: Any) -> Line:
    return Line(event="review.viewed", person=person, review=review, reference="DHR12", **more)


def opened(person: int = 1) -> Line:
    return Line(
        event="document.opened", person=person, review=REVIEW, reference="DHR12",
        object="document", object_id="8f1e", version=2, details={"page": 3},
    )  # fmt: skip


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


class TestWriting:
    def test_lines_are_numbered_from_one_and_each_has_the_hash_of_what_it_says(self, inside: Path) -> None:
        with clock.at(NOON):
            write(viewed(), opened())
            write(viewed(2))
        entries = list(AuditEntry.objects.oldest_first())
        assert [entry.seq for entry in entries] == [1, 2, 3]
        assert {entry.at for entry in entries} == {NOON}
        assert all(bytes(entry.leaf) == entry.computed_leaf() for entry in entries)
        assert bytes(LogHead.objects.get().root) == tree_root([bytes(entry.leaf) for entry in entries])

    def test_a_write_costs_three_queries_whatever_its_number_of_lines(
        self, inside: Path, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        write(viewed())
        with transaction.atomic(), django_assert_num_queries(3):
            log.append([viewed(), opened(), viewed(3)])

    def test_nothing_is_written_for_no_lines(self, inside: Path) -> None:
        assert write() == []
        assert not LogHead.objects.exists()

    def test_outside_a_transaction_nothing_is_written(self, committed: Path) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            log.append([viewed()])
        assert not AuditEntry.objects.exists()

    def test_a_line_vanishes_with_the_change_that_rolls_back(self, committed: Path) -> None:
        write(viewed())
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            log.append([opened()])
            raise ZeroDivisionError
        write(viewed(2))
        assert [entry.seq for entry in AuditEntry.objects.oldest_first()] == [1, 2]
        assert verify().whole

    def test_lines_of_many_writers_at_once_are_numbered_without_a_gap(self, committed: Path) -> None:
        faults: list[BaseException] = []

        def work() -> None:
            try:
                for _ in range(8):
                    write(viewed(), opened())
            except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
                faults.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert list(AuditEntry.objects.oldest_first().values_list("seq", flat=True)) == list(range(1, 65))
        assert verify().whole

    def test_without_its_key_nothing_is_written_and_the_sentence_says_what_to_do(self, inside: Path) -> None:
        checkpoints.key_file().unlink()
        with pytest.raises(log.LogUnavailable, match="Try again in a minute") as refused:
            write(viewed())
        assert refused.value.status == 503
        assert isinstance(refused.value.__cause__, checkpoints.SigningKeyMissing)
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("damage", [{"frontier": b""}, {"id": None}])
    def test_a_log_without_its_head_is_not_continued(self, inside: Path, damage: dict[str, Any]) -> None:
        write(viewed())
        triggers.remove()
        LogHead.objects.all().delete() if "id" in damage else LogHead.objects.update(**damage)
        with pytest.raises(log.LogUnavailable) as refused:
            write(viewed())
        assert isinstance(refused.value.__cause__, log.HeadDamaged)


class TestLines:
    def test_an_event_outside_the_registry_is_refused_at_once(self) -> None:
        with pytest.raises(UnknownEvent, match=r"review\.peeked"):
            Line(event="review.peeked", person=1)

    @pytest.mark.parametrize(
        "details",
        [
            *({"mood": "x"}, {"page": "Ms. Ö. Ünlü"}, {"page": "x" * 81}, {"page": "two\nlines"}, {"page": True}),
            *({"page": 1.5}, {"page": None}, {"page": "what's said"}),
        ],
    )
    def test_a_detail_that_is_not_listed_or_not_a_code_is_refused(self, details: Any) -> None:
        with pytest.raises(DetailRefused):
            viewed(details=details)

    def test_free_text_in_place_of_a_reference_is_refused(self) -> None:
        with pytest.raises(DetailRefused):
            Line(event="review.viewed", person=1, reference="the sister's review")

    @pytest.mark.parametrize("details", [{}, {"whom": "Somebody", "role": "officer"}])
    def test_what_the_sentence_cannot_do_without_must_be_there(self, details: dict[str, str | int]) -> None:
        with pytest.raises(DetailRefused):
            Line(event="account.role_given", person=1, details=details)
        with pytest.raises(DetailRefused, match="version"):
            Line(event="document.opened", person=1)

    def test_details_do_not_change_once_the_line_is_made(self) -> None:
        details: dict[str, str | int] = {"page": 1}
        line = viewed(details=details)
        details["page"] = 2
        assert line.details == {"page": 1}

    @pytest.mark.parametrize("name", sorted(EVENTS))
    def test_every_event_can_be_told_in_one_sentence(self, name: str) -> None:
        event = EVENTS[name]
        details: dict[str, str | int] = {key: 5 if key == "whom" else "x" for key in event.details}
        for review in (REVIEW, None):
            line = Line(event=name, person=4, review=review, object="document", version=2, details=details)
            entry = AuditEntry(
                event=name, person=4, review=review, object="document", version=2,
                details=canonical_details(line.details),
            )  # fmt: skip
            told = sentence(entry, {4: "Rowan Ash", 5: "Sam Field"})
            assert told.endswith(".")
            assert "{" not in told
            assert ("Sam Field" in told) == ("whom" in event.details)
            assert len(name) <= 60

    def test_a_sentence_says_who_what_where_and_for_whom(self, inside: Path) -> None:
        entry = write(opened())[0]
        entry.on_behalf_of = 2
        told = sentence(entry, {1: "Rowan Ash"})
        assert told == "Rowan Ash opened version 2 of document 8f1e on DHR12, for person 2 (page: 3)."


class TestReceipts:
    def test_a_receipt_stands_for_a_line_that_is_committed(self, committed: Path) -> None:
        receipt = log.append_first(opened(), container=REVIEW, scope=Scope.DOCUMENT, subject="8f1e:2")
        entry = AuditEntry.objects.get(seq=receipt.seq)
        assert (receipt.person, receipt.leaf) == (1, bytes(entry.leaf))
        assert receipt.covers(REVIEW, Scope.DOCUMENT, "8f1e:2")
        assert not receipt.covers(uuid4(), Scope.DOCUMENT, "8f1e:2")
        assert not connection.in_atomic_block

    @pytest.mark.parametrize("earn", [log.append_first, log.sighted])
    @pytest.mark.parametrize("already_seen", [False, True])
    def test_nothing_is_opened_inside_a_transaction(self, committed: Path, earn: Any, already_seen: bool) -> None:
        if already_seen:
            log.sighted(viewed(), container=REVIEW)
        with transaction.atomic(), pytest.raises(RuntimeError):
            earn(viewed(), container=REVIEW, scope=Scope.NARRATIVE)
        assert AuditEntry.objects.count() == already_seen

    def test_viewing_writes_one_line_per_person_review_and_day(self, inside: Path) -> None:
        with clock.at(NOON):
            first = log.sighted(viewed(), container=REVIEW)
            again = log.sighted(viewed(), container=REVIEW)
            log.sighted(viewed(2), container=REVIEW)
            log.sighted(viewed(review=uuid4()), container=REVIEW)
        with clock.at(NOON + timedelta(days=1)):
            log.sighted(viewed(), container=REVIEW)
        assert (first.seq, first.leaf) == (again.seq, again.leaf)
        assert again.covers(REVIEW, Scope.NARRATIVE)
        assert AuditEntry.objects.count() == 4

    def test_the_second_sighting_of_a_day_costs_one_query(
        self, inside: Path, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        log.sighted(viewed(), container=REVIEW)
        with django_assert_num_queries(1):
            log.sighted(viewed(), container=REVIEW)

    def test_sightings_at_the_same_moment_share_one_line(self, inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        first = log.sighted(viewed(), container=REVIEW)
        look, looks = log._seen_today, iter([True, False])
        monkeypatch.setattr(log, "_seen_today", lambda line: None if next(looks) else look(line))
        assert log.sighted(viewed(), container=REVIEW).seq == first.seq
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize("line", [viewed(), viewed(person=2), viewed(review=uuid4()), opened()])
    def test_a_sighting_that_points_at_another_line_opens_nothing(self, inside: Path, line: Line) -> None:
        with clock.at(NOON):
            other = write(line)[0]
        DailySighting.objects.create(person=1, review=REVIEW, event="review.viewed", day=clock.today(), entry=other)
        with pytest.raises(log.LogUnavailable):
            log.sighted(viewed(), container=REVIEW)

    def test_a_sighting_without_a_person_or_a_review_is_refused(self, inside: Path) -> None:
        for line in (Line(event="review.viewed", person=1), Line(event="review.viewed", person=None, review=REVIEW)):
            with pytest.raises(ValueError, match="by a person"):
                log.sighted(line, container=REVIEW)

    @pytest.mark.parametrize("scope", [Scope.IDENTITY, Scope.DOCUMENT])
    def test_a_name_or_a_paper_is_never_opened_on_an_earlier_line(self, inside: Path, scope: Scope) -> None:
        with pytest.raises(ValueError, match="a review's account"):
            log.sighted(viewed(), container=REVIEW, scope=scope)

    def test_a_refusal_stays_although_the_change_rolled_back(self, committed: Path) -> None:
        with pytest.raises(PermissionError), transaction.atomic():
            raise PermissionError
        log.refuse(Line(event="access.refused", person=1, review=REVIEW, details={"permission": "reviews.view_review"}))
        assert AuditEntry.objects.of_kind(Kind.REFUSAL).count() == 1

    def test_a_log_that_cannot_be_written_opens_nothing(self, inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(*_: Any, **__: Any) -> None:
            raise DatabaseError("the disk is full")

        monkeypatch.setattr(table, "add", gone)
        for attempt in (
            lambda: log.append_first(viewed(), container=REVIEW, scope=Scope.NARRATIVE),
            lambda: log.sighted(viewed(), container=REVIEW),
            lambda: log.refuse(viewed()),
        ):
            with pytest.raises(log.LogUnavailable):
                attempt()


class TestAppendOnly:
    def test_the_triggers_are_installed(self, inside: Path) -> None:
        assert triggers.missing() == []
        triggers.remove()
        assert triggers.missing() == list(triggers.NAMES[connection.vendor])

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_entry SET person = 9",
            "DELETE FROM audit_entry",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET size = size - 1",
            {
                "sqlite": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 1",
                "postgresql": "TRUNCATE audit_entry, audit_head CASCADE",
            },
        ],
    )
    def test_the_database_refuses_to_change_or_delete(self, inside: Path, statement: str | dict[str, str]) -> None:
        write(viewed(), viewed())
        sql = statement if isinstance(statement, str) else statement[connection.vendor]
        with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert verify().whole

    def test_a_reset_leaves_an_empty_log_with_its_triggers(self, inside: Path) -> None:
        log.sighted(viewed(), container=REVIEW)
        reset_log()
        assert not AuditEntry.objects.exists()
        assert triggers.missing() == []


class TestReading:
    def test_entries_are_found_by_review_person_thing_kind_and_day(self, inside: Path) -> None:
        with clock.at(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)):  # already 2 June in London
            write(viewed(1), opened(2), Line(event="account.signed_in", person=3))
        with clock.at(NOON):
            write(viewed(4, on_behalf_of=2))
        entries = AuditEntry.objects.newest_first()
        june_2 = datetime(2026, 6, 2, tzinfo=UTC).date()
        assert [entry.seq for entry in entries.of_review(REVIEW)] == [4, 2, 1]
        assert [entry.seq for entry in entries.by_person(2)] == [4, 2]
        assert [entry.seq for entry in entries.about("8f1e")] == [2]
        assert [entry.seq for entry in entries.of_event("review.viewed").before(4)] == [1]
        assert [entry.seq for entry in entries.of_kind(Kind.ACCOUNT)] == [3]
        assert [entry.seq for entry in entries.between(june_2, june_2)] == [3, 2, 1]
        assert not entries.between(june_2 - timedelta(days=1), june_2 - timedelta(days=1)).exists()
