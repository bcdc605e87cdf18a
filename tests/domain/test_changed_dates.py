"""The days of a part are changed: access follows at once, nothing is opened that something else holds back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from dhr import clock as the_clock
from dhr.access.roles import Role
from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.audit.reading import first_moment, microseconds
from dhr.reviews import memberships
from dhr.reviews.changing_dates import change_dates
from dhr.reviews.models import Membership, Review, Steering
from dhr.reviews.stages import enter_stage
from dhr.reviews.vocabulary import Stage
from dhr.usecase import NotYet, Refused
from restricted_docs.filing import release_to_panel
from restricted_docs.models import Document
from restricted_docs.replaying import Lines, OfADay
from tests import build, papers_desk
from tests.cast import Cast

BEGINS = datetime(2026, 2, 2, 9, tzinfo=UTC)
VIEW = "reviews.view_review"


@contextmanager
def day(number: int, hour: int = 9) -> Iterator[date]:
    with the_clock.at(BEGINS.replace(hour=hour) + timedelta(days=number)):
        yield the_clock.today()


def after(number: int) -> date:
    return BEGINS.date() + timedelta(days=number)


@pytest.fixture
def review(cast: Cast) -> Review:
    with day(0):
        return papers_desk.review_with_everybody(cast)


def seat(review: Review, cast: Cast, user: User, role: str = Role.PANEL_MEMBER, **days: Any) -> Membership:
    return memberships.add_member(review, by=cast.officer, user=user, role=role, **days)


def part_of(review: Review, user: User) -> Membership:
    return review.membership_set.get(user=user, ended_at__isnull=True)


def change(review: Review, cast: Cast, part: Membership, by: User | None = None, **days: Any) -> Membership:
    given = {"starts_on": part.starts_on, "ends_on": part.ends_on} | days
    return change_dates(review, by=by or cast.officer, membership=part, reason="As agreed with them.", **given)


def may(user: User, review: Review, permission: str = VIEW) -> bool:
    return User.objects.get(pk=user.pk).has_perm(permission, review)


def test_a_later_last_day_keeps_access_until_then_and_an_earlier_one_ends_it(cast: Cast, review: Review) -> None:
    with day(0):
        part = seat(review, cast, cast.stranger, ends_on=after(3))
    with day(1):
        change(review, cast, part, ends_on=after(30))
    with day(30):
        assert may(cast.stranger, review)
    with day(31):
        assert not may(cast.stranger, review)
    with day(2):
        change(review, cast, part, ends_on=after(2))
        assert may(cast.stranger, review)
    with day(3):
        assert not may(cast.stranger, review)
        assert review not in Review.objects.visible_to(cast.stranger, VIEW)


def test_an_end_is_taken_away_and_access_goes_on(cast: Cast, review: Review) -> None:
    with day(0):
        part = seat(review, cast, cast.stranger, ends_on=after(1))
        change(review, cast, part, ends_on=None)
    with day(400):
        assert may(cast.stranger, review)


def test_a_first_day_to_come_can_be_moved(cast: Cast, review: Review) -> None:
    with day(0):
        part = seat(review, cast, cast.stranger, starts_on=after(5))
        assert not may(cast.stranger, review)
        change(review, cast, part, starts_on=after(0))
        assert may(cast.stranger, review)


def test_a_first_day_that_has_come_stays_and_none_lies_in_the_past(cast: Cast, review: Review) -> None:
    with day(0):
        begun, to_come = part_of(review, cast.panel_member), seat(review, cast, cast.stranger, starts_on=after(5))
    with day(2):
        with pytest.raises(ValidationError) as stays:
            change(review, cast, begun, starts_on=after(9))
        with pytest.raises(ValidationError) as past:
            change(review, cast, to_come, starts_on=after(1))
    assert stays.value.message_dict == {
        "starts_on": ["Their part has begun, so its first day stays. Change only the last day."]
    }
    assert past.value.message_dict == {
        "starts_on": ["The first day cannot be in the past. Choose today or a later day."]
    }


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (-1, "The last day cannot be before the first."),
        (1, "The last day cannot be in the past. To end their part now, go back and choose to end it."),
        (None, "These are the dates as they are. Change one of them, or cancel."),
    ],
)
def test_a_last_day_that_cannot_be_is_said_beside_it(
    cast: Cast, review: Review, last: int | None, sentence: str
) -> None:
    with day(2), pytest.raises(ValidationError) as refused:
        part = part_of(review, cast.panel_member)
        change(review, cast, part, ends_on=None if last is None else after(last))
    assert refused.value.message_dict == {"ends_on": [sentence]}


def test_a_part_that_is_over_is_not_opened_again(cast: Cast, review: Review) -> None:
    with day(0):
        part, left = seat(review, cast, cast.stranger, ends_on=after(1)), part_of(review, cast.panel_member)
        stale = part_of(review, cast.panel_member)
        memberships.end_membership(review, by=cast.officer, membership=left, reason="Moved on.")
        with pytest.raises(NotYet, match="ended already"):
            change(review, cast, stale, ends_on=after(9))  # its page was opened before
        with pytest.raises(NotYet, match="ended already"):
            memberships.end_membership(review, by=cast.officer, membership=stale, reason="Moved on.")
    with day(2), pytest.raises(NotYet, match="Add them to the review again"):
        change(review, cast, part, ends_on=after(9))
    with day(2):
        assert not may(cast.stranger, review)
        assert not may(cast.panel_member, review)


@pytest.mark.parametrize("who", ["lead_chair", "second_chair", "author"])
def test_the_days_of_a_chair_or_author_come_from_their_declaration_and_standing_down(
    cast: Cast, review: Review, who: str
) -> None:
    with day(1), pytest.raises(NotYet, match="declare their independence"):
        change(review, cast, part_of(review, getattr(cast, who)), ends_on=after(9))


def test_a_board_member_named_for_a_paper_has_the_agendas_days(cast: Cast, review: Review) -> None:
    with day(0):
        paper = build.paper(review, cast.officer)
        facts = {"user": cast.board_member, "role": Role.BOARD_READER, "paper": paper.pk}
        part = papers_desk.put_on(review, by=cast.officer, **facts)
        with pytest.raises(NotYet, match="agenda"):
            change(review, cast, part, ends_on=after(9))


def test_nobody_lengthens_their_own_part_and_anybody_who_may_shortens_it(cast: Cast, review: Review) -> None:
    with day(0):
        part = seat(review, cast, cast.second_officer, Role.OFFICER, ends_on=after(5))
        with pytest.raises(Refused, match="Ask another of its officers"):
            change(review, cast, part, by=cast.second_officer, ends_on=None)
        assert AuditEntry.objects.filter(event="access.refused", person=cast.second_officer.pk).count() == 1
        change(review, cast, part, by=cast.second_officer, ends_on=after(4))
        change(review, cast, part, ends_on=None)
    with day(400):
        assert may(cast.second_officer, review)


def test_a_review_is_never_left_without_an_officer(cast: Cast, review: Review) -> None:
    with day(0):
        only = part_of(review, cast.officer)
        with pytest.raises(NotYet, match="without an officer"):
            change(review, cast, only, ends_on=after(5))
        other = seat(review, cast, cast.second_officer, Role.OFFICER, starts_on=after(6), ends_on=after(20))
        with pytest.raises(NotYet, match="without an officer"):
            change(review, cast, only, ends_on=after(5))  # from the 21st day on
        change(review, cast, other, ends_on=None)
        with pytest.raises(NotYet, match="without an officer"):
            change(review, cast, only, ends_on=after(4))  # on the 5th day
        change(review, cast, only, ends_on=after(5))
        with pytest.raises(NotYet, match="without an officer"):
            change(review, cast, other, by=cast.officer, starts_on=after(7))


def test_the_last_officer_may_stay_longer_although_an_end_stays(cast: Cast, review: Review) -> None:
    with day(0):
        last = seat(review, cast, cast.second_officer, Role.OFFICER, ends_on=after(5))
        change(review, cast, last, ends_on=after(9))
        third = seat(review, cast, cast.democratic, Role.OFFICER, ends_on=after(2))
        memberships.end_membership(review, by=cast.officer, membership=part_of(review, cast.officer), reason="Left.")
        change(review, cast, last, by=cast.democratic, ends_on=after(20))
        change(review, cast, third, by=cast.second_officer, ends_on=after(1))
        with pytest.raises(NotYet, match="without an officer"):
            change(review, cast, last, by=cast.democratic, ends_on=after(19))


def test_only_who_manages_people_changes_dates_and_only_of_this_review(cast: Cast, review: Review) -> None:
    with day(0):
        part, other = part_of(review, cast.panel_member), build.notify(cast)
        for by in (cast.lead_chair, cast.panel_member, cast.team_manager, cast.stranger):
            with pytest.raises(Refused):
                change(review, cast, part, by=by, ends_on=after(9))
        with pytest.raises(Refused, match="not on this review"):
            change(other, cast, part, ends_on=after(9))
        part.refresh_from_db()
        assert part.ends_on is None


def test_the_log_says_who_changed_whose_dates_and_the_reason_is_kept_sealed(cast: Cast, review: Review) -> None:
    with day(0):
        part = change(review, cast, part_of(review, cast.panel_member), ends_on=after(9))
    entry = AuditEntry.objects.get(event="membership.changed")
    assert (entry.person, entry.review) == (cast.officer.pk, review.pk)
    assert entry.facts == {
        "whom": cast.panel_member.pk,
        "role": "Panel member",
        "from_on": "2026-02-02",
        "until_on": "2026-02-11",
        "membership": str(part.pk),
    }
    assert Steering.objects.get(review=review).whom == cast.panel_member
    with day(0), pytest.raises(ValidationError, match="Give the reason"):
        change_dates(review, by=cast.officer, membership=part, starts_on=after(0), ends_on=after(8), reason=" ")


def test_who_is_yet_to_begin_gets_what_the_stage_of_that_day_gives(cast: Cast, review: Review) -> None:
    """The deciding chair reads the account until the decision: also one who begins only after it."""
    with day(0):
        seat(review, cast, cast.second_officer, Role.DECIDING_CHAIR, starts_on=after(3))
    with day(1):
        move_on(review, by=cast.officer)
    with day(4):
        assert may(cast.second_officer, review)
        assert not may(cast.second_officer, review, "reviews.view_narrative")


@papers_desk.use_case(None)
def move_on(review: Review, *, by: Any) -> None:
    enter_stage(review, Stage.CHAIR_APPOINTMENT, by=by)


def test_explain_access_tells_the_dates_as_they_were_changed(cast: Cast, review: Review, capsys: Any) -> None:
    with day(0):
        part = seat(review, cast, cast.stranger, starts_on=after(5))
        change(review, cast, part, starts_on=after(2), ends_on=after(9))
        call_command("explain_access", cast.stranger.email, review.reference)
    assert f"no  {VIEW}: not given by: Panel member from 4 February 2026 until 11 February 2026" in told(capsys)
    with day(2):
        call_command("explain_access", cast.stranger.email, review.reference)
    assert f"yes {VIEW}: Panel member from 4 February 2026 until 11 February 2026" in told(capsys)


def told(capsys: Any) -> str:
    return str(capsys.readouterr().out)


# ------------------------------------------------------------------------------------------------ replayed from the log
def openers(paper: Document) -> set[int]:
    """What has_perm says now."""
    return {one.pk for one in User.objects.all() if one.has_perm(papers_desk.VIEW, paper)}


def test_the_log_tells_of_every_day_who_could_open_a_paper_however_often_dates_were_changed(
    cast: Cast, review: Review
) -> None:
    with day(0):
        paper = build.paper(review, cast.officer)
        release_to_panel(paper, by=cast.lead_chair)
        late = seat(review, cast, cast.stranger, starts_on=after(4), ends_on=after(6))
        second = seat(review, cast, cast.second_officer, Role.OFFICER, ends_on=after(2))
    panel = part_of(review, cast.panel_member)
    changes: dict[int, list[tuple[Membership, dict[str, Any]]]] = {
        1: [(panel, {"ends_on": after(3)}), (late, {"starts_on": after(7), "ends_on": after(8)})],
        2: [(second, {"ends_on": after(5)})],
        3: [(panel, {"ends_on": after(4)}), (late, {"starts_on": after(3)})],
        5: [(second, {"ends_on": None}), (late, {"ends_on": after(5)})],
        9: [(second, {"ends_on": after(10)})],
    }
    kept: dict[int, set[int]] = {}
    for number in range(1, 14):
        with day(number, 8):
            kept[microseconds(the_clock.now())] = openers(paper)
        with day(number):
            for part, days in changes.get(number, []):
                change(review, cast, part, **days)
        with day(number, 22):
            kept[microseconds(the_clock.now())] = openers(paper)
    assert len({frozenset(able) for able in kept.values()}) > 4
    assert {at_us: set(Lines(paper.pk, 2**62).could_open(at_us)) for at_us in kept} == kept
    whole = Lines(paper.pk, 2**62).between(0, first_moment(after(60)))
    assert {at_us: {who for who, one in whole.items() if within(one, at_us)} for at_us in kept} == kept
    began = microseconds(BEGINS + timedelta(days=3))
    assert hours_of(paper, cast.stranger) == [(began, first_moment(after(6)))]
    assert hours_of(paper, cast.second_officer)[-1][1] == first_moment(after(11))


def within(able: OfADay, at_us: int) -> bool:
    return any(since <= at_us and (until is None or at_us < until) for since, until in able.stretches)


def hours_of(paper: Document, person: User) -> list[tuple[int, int | None]]:
    """When, in the whole time, the log says that this person could open it."""
    return Lines(paper.pk, 2**62).between(0, first_moment(after(60)))[person.pk].stretches


def test_a_change_of_dates_is_no_gap_in_what_somebody_could_open(cast: Cast, review: Review) -> None:
    with day(0):
        paper = build.paper(review, cast.officer)
        filed = microseconds(the_clock.now())
        part = seat(review, cast, cast.second_officer, Role.OFFICER, ends_on=after(2))
    with day(1):
        change(review, cast, part, ends_on=after(5))
    assert hours_of(paper, cast.second_officer) == [(filed, first_moment(after(6)))]
