"""The canned questions: each finds exactly its lines, and none where there are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dhr.access.roles import ROLE_NAMES, Standing
from dhr.accounts.models import User
from dhr.audit.events import EVENTS
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.audit.questions import QUESTIONS
from tests.web.log_desk import (
    OTHER,
    PANEL,
    REVIEW,
    TUESDAY,
    a_log_of_its_own,
    about,
    fact,
    joined,
    left,
    opened,
    person,
    refused,
    viewed,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.log_desk")]

OFFICER = ROLE_NAMES["officer"]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_log_of_its_own(tmp_path, settings, monkeypatch)


@pytest.fixture(autouse=True)
def _now(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 9, 1, 11, tzinfo=UTC))  # a working day after all of it, so that the auditor's own look is none


@pytest.fixture
def olu() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)


@pytest.fixture
def rowan() -> User:
    return person("Rowan")


def answer(code: str) -> list[int]:
    """The numbers of the lines, oldest first."""
    return sorted(QUESTIONS[code].find(AuditEntry.objects.all()).values_list("seq", flat=True))


def seqs(*written: list[AuditEntry]) -> list[int]:
    return [entry.seq for lines in written for entry in lines]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


# --------------------------------------------------------------------------------------------------- out of hours
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 3, 6, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 3, 20, 0, tzinfo=UTC),
        datetime(2026, 7, 7, 5, 59, 59, tzinfo=UTC),  # 6:59:59 in summer time
        datetime(2026, 7, 7, 19, 0, tzinfo=UTC),  # 20:00
        datetime(2026, 3, 7, 12, tzinfo=UTC),  # a Saturday
        datetime(2026, 3, 8, 12, tzinfo=UTC),  # a Sunday
        datetime(2026, 7, 5, 22, 59, tzinfo=UTC),  # Sunday, a minute before midnight in London
        datetime(2026, 4, 3, 12, tzinfo=UTC),  # Good Friday
        datetime(2026, 12, 28, 12, tzinfo=UTC),  # the Monday kept for Boxing Day
    ],
)
def test_out_of_hours_finds_nights_weekends_and_bank_holidays(olu: User, moment: datetime) -> None:
    write(viewed(olu), at=TUESDAY)
    assert seqs(write(viewed(olu), at=moment)) == answer("out_of_hours")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 3, 7, 0, tzinfo=UTC),
        datetime(2026, 3, 3, 19, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 7, 7, 6, 0, tzinfo=UTC),
        datetime(2026, 7, 7, 18, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 27, 7, 30, tzinfo=UTC),  # the last working day before the clocks go forward
        datetime(2026, 3, 30, 6, 30, tzinfo=UTC),  # the first after it
        datetime(2026, 4, 2, 12, tzinfo=UTC),  # Maundy Thursday
    ],
)
def test_out_of_hours_finds_nothing_in_a_working_day(olu: User, moment: datetime) -> None:
    write(viewed(olu), at=moment)
    assert answer("out_of_hours") == []


def test_what_the_system_does_by_itself_knows_no_hours() -> None:
    write(fact("notice.sent", None), at=datetime(2026, 3, 3, 2, tzinfo=UTC))
    assert answer("out_of_hours") == []


def test_the_hour_of_every_hour_of_a_year_is_londons(olu: User) -> None:
    """Every hour of 2026, asked of the time-zone database in Python and of the sum in the database."""
    from django.utils.timezone import localtime

    begins = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [begins + timedelta(hours=hour) for hour in range(0, 365 * 24, 7)]
    holidays = {date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25)}
    holidays |= {date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28)}
    late = []
    for moment in moments:
        entry = write(viewed(olu), at=moment)[0]
        here = localtime(moment)
        if not 7 <= here.hour < 20 or here.weekday() >= 5 or here.date() in holidays:
            late.append(entry.seq)
    assert answer("out_of_hours") == late


# ----------------------------------------------------------------------------------------------------------- bulk
def one(who: User, number: int) -> Line:
    return Line(
        event="document.opened", person=who.pk, review=REVIEW, object="document", object_id=f"paper-{number}", version=1
    )


def run(who: User, count: int, apart: float, begins: datetime = TUESDAY) -> list[int]:
    return seqs(*(write(one(who, number), at=begins + minutes(apart * number)) for number in range(count)))


def test_bulk_finds_every_opening_of_a_run_of_more_than_twenty_in_ten_minutes(olu: User, rowan: User) -> None:
    early = write(one(olu, 900), at=TUESDAY - minutes(30))
    many = run(olu, 21, 0.5)  # the 21st ten minutes after the first
    late = write(one(olu, 901), at=TUESDAY + minutes(40))
    run(rowan, 20, 0.1, TUESDAY + minutes(60))
    assert answer("bulk") == many
    assert not set(seqs(early, late)) & set(answer("bulk"))


def test_bulk_counts_names_and_downloads_too(olu: User) -> None:
    events = ("document.opened", "document.downloaded", "identity.revealed")
    lines = [
        Line(event=events[number % 3], person=olu.pk, review=REVIEW, object="thing", object_id=str(number), version=1)
        for number in range(21)
    ]
    assert seqs(write(*lines, at=TUESDAY)) == answer("bulk")


def test_bulk_finds_nothing_in_twenty_or_in_twenty_one_over_a_longer_time(olu: User) -> None:
    run(olu, 20, 0.1)
    run(olu, 40, 0.51, TUESDAY + minutes(60))
    assert answer("bulk") == []


def test_a_paper_that_is_read_part_by_part_is_one_paper(olu: User) -> None:
    write(*(opened(olu) for _ in range(50)), at=TUESDAY)
    assert answer("bulk") == []


def test_a_paper_opened_shortly_before_a_run_is_not_counted_in_it_again(olu: User) -> None:
    write(one(olu, 0), at=TUESDAY - minutes(9))
    run(olu, 21, 0.5)
    assert answer("bulk") == []


def test_bulk_finds_what_counting_one_by_one_finds(olu: User, rowan: User) -> None:
    chance = Random(5)
    lines: list[tuple[User, int, datetime, int]] = []
    moment = TUESDAY
    for _ in range(500):
        moment += timedelta(seconds=chance.choice([5, 15, 18, 20, 20, 21, 22, 23, 40]))
        who, thing = chance.choice([olu, olu, rowan]), chance.randrange(120)
        lines.append((who, thing, moment, write(one(who, thing), at=moment)[0].seq))
    expected = set()
    for person_asked in (olu, rowan):
        opened_last: dict[int, datetime] = {}
        counted: list[tuple[datetime, int]] = []
        for _, thing, moment, seq in (line for line in lines if line[0] == person_asked):
            if thing not in opened_last or moment - opened_last[thing] > minutes(10):
                counted.append((moment, seq))
            opened_last[thing] = moment
        for first, last in zip(counted, counted[20:], strict=False):
            if last[0] - first[0] <= minutes(10):
                expected |= {seq for _, seq in counted[counted.index(first) : counted.index(last) + 1]}
    assert 20 < len(expected) < 400
    assert answer("bulk") == sorted(expected)


# -------------------------------------------------------------------------------------- refused, and break-glass
def test_refused_finds_refusals_and_failed_sign_ins(olu: User, rowan: User) -> None:
    refusals = write(
        Line(event="access.refused", person=olu.pk, details={"permission": "reviews.view_review"}),
        Line(event="account.sign_in_failed", person=rowan.pk),
        Line(event="recovery.refused", person=None, details={"reason": "share"}),
    )
    write(viewed(olu), opened(olu))
    assert answer("refused") == seqs(refusals)


def test_refused_finds_nothing_where_nothing_was(olu: User) -> None:
    write(viewed(olu), opened(olu))
    assert answer("refused") == []


def test_break_glass_finds_everything_about_keys_and_their_recovery(olu: User, rowan: User) -> None:
    lines = write(
        Line(event="keys.rotated", person=olu.pk, details={"count": 2}),
        Line(event="recovery.share_given", person=olu.pk, details={"whom": rowan.pk}),
        Line(event="recovery.finished", person=None, details={"count": 9}),
    )
    write(viewed(olu))
    assert answer("break_glass") == seqs(lines)


def test_break_glass_finds_nothing_in_ordinary_work(olu: User) -> None:
    write(viewed(olu), opened(olu))
    assert answer("break_glass") == []


def test_an_event_of_keys_that_is_added_later_is_asked_for_too(olu: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from dhr.audit import events
    from dhr.audit.questions import break_glass

    more = {**EVENTS, "recovery.drilled": events.Event("recovery.drilled", "{who} drilled", events.Kind.SYSTEM)}
    monkeypatch.setattr(events, "EVENTS", more)
    monkeypatch.setattr(break_glass, "EVENTS", more)
    assert answer("break_glass") == []
    lines = write(Line(event="recovery.drilled", person=olu.pk))
    assert answer("break_glass") == seqs(lines)


# ---------------------------------------------------------------------------------------------------- after leaving


def test_after_leaving_finds_what_they_tried_on_that_review_alone(olu: User, rowan: User) -> None:
    write(joined(olu, rowan), joined(olu, rowan, review=OTHER), at=TUESDAY)
    write(viewed(rowan), at=TUESDAY + minutes(1))
    write(left(olu, rowan), at=TUESDAY + minutes(2))
    tried = write(refused(rowan), viewed(rowan), at=TUESDAY + minutes(3))
    write(refused(olu), viewed(rowan, "DHR13", OTHER), viewed(olu), at=TUESDAY + minutes(4))
    assert answer("after_leaving") == seqs(tried)


def test_after_leaving_knows_the_last_day_of_a_part_that_ended_by_itself(olu: User, rowan: User) -> None:
    write(joined(olu, rowan, until_on="2026-03-04"), at=TUESDAY)
    write(viewed(rowan), at=datetime(2026, 3, 4, 23, 59, tzinfo=UTC))
    assert seqs(write(refused(rowan), at=datetime(2026, 3, 5, 0, 0, 1, tzinfo=UTC))) == answer("after_leaving")


def test_after_leaving_finds_nothing_of_who_has_another_part_or_has_come_back(olu: User, rowan: User) -> None:
    write(joined(olu, rowan, membership="a"), joined(olu, rowan, OFFICER, membership="b"), at=TUESDAY)
    write(left(olu, rowan, membership="a"), at=TUESDAY + minutes(1))
    write(viewed(rowan), at=TUESDAY + minutes(2))
    write(left(olu, rowan, OFFICER, membership="b"), at=TUESDAY + minutes(3))
    write(joined(olu, rowan, membership="c"), at=TUESDAY + minutes(4))
    write(viewed(rowan), at=TUESDAY + minutes(5))
    write(refused(olu), at=TUESDAY + minutes(6))
    assert answer("after_leaving") == []


def test_after_leaving_finds_what_they_tried_until_they_came_back(olu: User, rowan: User) -> None:
    write(joined(olu, rowan), at=TUESDAY)
    write(left(olu, rowan), at=TUESDAY + minutes(1))
    tried = write(refused(rowan), at=TUESDAY + minutes(2))
    write(joined(olu, rowan), at=TUESDAY + minutes(3))
    write(viewed(rowan), at=TUESDAY + minutes(4))
    assert answer("after_leaving") == seqs(tried)


def test_one_of_two_parts_with_the_same_role_can_end(olu: User, rowan: User) -> None:
    write(joined(olu, rowan, membership="a"), joined(olu, rowan, membership="b"), at=TUESDAY)
    write(left(olu, rowan, membership="a"), at=TUESDAY + minutes(1))
    write(viewed(rowan), at=TUESDAY + minutes(2))
    assert answer("after_leaving") == []
    write(left(olu, rowan, membership="b"), at=TUESDAY + minutes(3))
    assert seqs(write(refused(rowan), at=TUESDAY + minutes(4))) == answer("after_leaving")


def test_changed_dates_of_a_part_count(olu: User, rowan: User) -> None:
    write(joined(olu, rowan, until_on="2026-03-03"), at=TUESDAY)
    change = fact("membership.changed", olu, whom=rowan.pk, role=PANEL, from_on="2026-03-03", until_on="2026-03-05")
    write(change, at=TUESDAY + minutes(1))
    write(viewed(rowan), at=TUESDAY + timedelta(days=2))
    assert answer("after_leaving") == []
    assert write(viewed(rowan), at=TUESDAY + timedelta(days=3))[0].seq in answer("after_leaving")


def test_a_first_day_that_is_moved_before_it_comes_is_no_leaving(olu: User, rowan: User) -> None:
    write(fact("membership.joined", olu, whom=rowan.pk, role=PANEL, from_on="2026-03-05"), at=TUESDAY)
    change = fact("membership.changed", olu, whom=rowan.pk, role=PANEL, from_on="2026-03-09")
    write(change, at=TUESDAY + minutes(1))
    write(refused(rowan), at=TUESDAY + timedelta(days=3))
    assert answer("after_leaving") == []


def test_a_part_that_begins_sooner_after_all_gives_nothing_before_that_was_said(olu: User, rowan: User) -> None:
    write(joined(olu, rowan), at=TUESDAY)
    write(left(olu, rowan), at=TUESDAY + minutes(1))
    again = fact("membership.joined", olu, whom=rowan.pk, role=PANEL, from_on="2026-03-09")
    write(again, at=TUESDAY + minutes(2))
    tried = write(refused(rowan), at=TUESDAY + minutes(3))
    change = fact("membership.changed", olu, whom=rowan.pk, role=PANEL, from_on="2026-03-03")
    write(change, at=TUESDAY + minutes(4))
    write(viewed(rowan), at=TUESDAY + minutes(5))
    assert answer("after_leaving") == seqs(tried)


def test_what_was_tried_after_the_last_day_stays_found_when_the_part_is_lengthened_later(
    olu: User, rowan: User
) -> None:
    write(joined(olu, rowan, until_on="2026-03-03"), at=TUESDAY)
    tried = write(refused(rowan), at=TUESDAY + timedelta(days=2))
    change = fact("membership.changed", olu, whom=rowan.pk, role=PANEL, until_on="2026-03-09")
    write(change, at=TUESDAY + timedelta(days=3))
    write(viewed(rowan), at=TUESDAY + timedelta(days=4))
    assert answer("after_leaving") == seqs(tried)


# -------------------------------------------------------------------------------------------------- ended accounts


def test_ended_accounts_finds_lines_after_deactivation_until_it_is_taken_back(olu: User, rowan: User) -> None:
    write(viewed(rowan), at=TUESDAY)
    write(about("account.deactivated", olu, rowan), at=TUESDAY + minutes(1))
    tried = write(Line(event="account.sign_in_failed", person=rowan.pk), at=TUESDAY + minutes(2))
    write(viewed(olu), at=TUESDAY + minutes(2))
    write(about("account.reactivated", olu, rowan), at=TUESDAY + minutes(3))
    write(viewed(rowan), at=TUESDAY + minutes(4))
    assert answer("ended_accounts") == seqs(tried)


def test_ended_accounts_finds_lines_after_the_last_day_until_a_new_invitation(olu: User, rowan: User) -> None:
    write(about("account.invited", olu, rowan, expires_on="2026-03-04"), at=TUESDAY)
    write(viewed(rowan), at=datetime(2026, 3, 4, 23, 59, tzinfo=UTC))
    tried = write(viewed(rowan), at=datetime(2026, 3, 5, 9, tzinfo=UTC))
    write(about("account.invited", olu, rowan), at=datetime(2026, 3, 6, 9, tzinfo=UTC))
    write(viewed(rowan), at=datetime(2026, 3, 7, 9, tzinfo=UTC))
    assert answer("ended_accounts") == seqs(tried)


def test_ended_accounts_finds_nothing_where_every_account_works(olu: User, rowan: User) -> None:
    write(about("account.invited", olu, rowan), about("account.invitation_used", rowan, rowan), at=TUESDAY)
    write(viewed(rowan), viewed(olu), at=TUESDAY + minutes(1))
    assert answer("ended_accounts") == []


# --------------------------------------------------------------------- for somebody else, and all by one person
def test_for_another_finds_what_was_recorded_for_somebody_with_or_without_an_account(olu: User, rowan: User) -> None:
    lines = write(
        viewed(olu, on_behalf_of=rowan.pk),
        fact("commission.returned", olu, how="email", recorded_for_another=1),
    )
    write(viewed(olu), fact("commission.returned", olu, how="meeting"))
    assert answer("for_another") == seqs(lines)


def test_for_another_finds_nothing_where_everybody_did_their_own(olu: User) -> None:
    write(viewed(olu), fact("review.decided", olu, outcome="review"))
    assert answer("for_another") == []


THREE = ("review.notified", "review.decided", "draft.signed_off")


def test_one_person_finds_the_three_lines_of_one_review(olu: User, rowan: User) -> None:
    lines = write(*(fact(event, olu) for event in THREE))
    write(*(fact(event, olu, OTHER) for event in THREE[:2]), fact(THREE[2], rowan, OTHER))
    write(fact("review.scoped", olu), fact("draft.added", olu))
    assert answer("one_person") == seqs(lines)


def test_one_person_finds_nothing_where_two_shared_it(olu: User, rowan: User) -> None:
    write(fact(THREE[0], olu), fact(THREE[1], rowan), fact(THREE[2], olu))
    write(fact(THREE[1], olu, OTHER))
    assert answer("one_person") == []
