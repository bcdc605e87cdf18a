"""Who could have opened a paper, replayed from the log: just what the service itself answered at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from dhr import clock as the_clock
from dhr.access.roles import Role, Standing
from dhr.accounts import invitations, standing
from dhr.accounts.models import User
from dhr.audit.reading import first_moment, microseconds
from dhr.board import meetings, reading
from dhr.reviews import memberships, panel
from dhr.reviews.models import Review
from restricted_docs.filing import change_audience, release_to_panel
from restricted_docs.models import Document
from restricted_docs.replaying import Lines
from restricted_docs.restricting import decide_restriction, propose_restriction
from restricted_docs.vocabulary import Audience
from tests import build, papers_desk
from tests.cast import Cast, make_cast
from workflows import starting

pytestmark = pytest.mark.django_db

VIEW, KEEP = papers_desk.VIEW, papers_desk.KEEP
BEGINS = datetime(2026, 2, 2, 9, tzinfo=UTC)
Answers = dict[tuple[str, str], set[int]]  # (paper, permission) -> account numbers


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@contextmanager
def day(number: int, hour: int = 9) -> Iterator[datetime]:
    moment = BEGINS.replace(hour=hour) + timedelta(days=number)
    with the_clock.at(moment):
        yield moment


def asked() -> Answers:
    """What has_perm says now, of every paper and everybody."""
    people = list(User.objects.all())  # fresh: nothing is remembered
    return {
        (str(paper.pk), permission): {one.pk for one in people if one.has_perm(permission, paper)}
        for paper in Document.objects.all()
        for permission in (VIEW, KEEP)
    }


def replayed(at_us: int) -> Answers:
    """The same from the whole log as it is now."""
    answers: Answers = {}
    for pk in Document.objects.values_list("pk", flat=True):
        could = Lines(pk, 2**62).could_open(at_us)
        answers[str(pk), VIEW] = set(could)
        answers[str(pk), KEEP] = {person for person, one in could.items() if one.keeps}
    return answers


class Diary:
    """What the service answered at the end of each day, to be compared with what the log tells of it later."""

    def __init__(self) -> None:
        self.kept: dict[int, Answers] = {}

    def keep(self) -> None:
        self.kept[microseconds(the_clock.now())] = asked()

    def check(self) -> None:
        for at_us, answers in self.kept.items():
            later = replayed(at_us)
            assert {key: later[key] for key in answers} == answers
            unknown = later.keys() - answers.keys()  # filed later
            assert not any(later[key] for key in unknown)


def papers_of_every_audience(review: Review, cast: Cast, commission: Any = None) -> list[Document]:
    by = cast.officer
    made = [build.paper(review, by, audience=audience) for audience in Audience if audience != Audience.NAMED]
    made.append(build.paper(review, by, audience=Audience.NAMED, named=[cast.board_chair]))
    made.append(build.paper(review, by, kind="police_material"))
    if commission is not None:
        made.append(build.paper(review, by, kind="imr", commission=commission))
    return made


def test_the_log_tells_of_every_day_of_a_review_what_has_perm_answered_then(cast: Cast) -> None:
    diary = Diary()
    with day(0):
        review = build.notify(cast)
        papers_of_every_audience(review, cast)
        other = build.notify(cast)
        build.paper(other, cast.officer)
        diary.keep()
    for number in range(1, 40):
        with day(number):
            review.refresh_from_db()
            ready = [node for node in build.ORDER if build.is_open(review, node)]
            if not ready:
                break
            build.do(review, cast, ready[0])
            if ready[0] == "open_drafting":
                papers_of_every_audience(review, cast)
            diary.keep()
    assert len(diary.kept) > 15
    assert any(cast.board_chair.pk in answers[key] for answers in diary.kept.values() for key in answers)
    diary.check()


def test_the_log_tells_of_every_change_of_people_and_audiences(cast: Cast) -> None:
    diary = Diary()
    with day(0):
        review = papers_desk.review_with_everybody(cast)
        facts = {
            "agency": cast.hospital,
            "kind": "imr",
            "author": cast.agency_author,
            "signatory": cast.agency_signatory,
        }
        asked_of = starting.ask_agency(review, by=cast.officer, **facts)
        second = starting.ask_agency(review, by=cast.officer, agency=cast.refuge, kind="imr", author=cast.agency_author)
        papers_of_every_audience(review, cast, asked_of)
        other = build.paper(review, cast.officer, kind="imr", commission=second)
        diary.keep()
    paper, named = Document.objects.filter(audience=Audience.OFFICERS_AND_CHAIRS).order_by("filed_at")[0], other
    changes: list[Callable[[], Any]] = [
        lambda: release_to_panel(paper, by=cast.lead_chair),
        lambda: change_audience(named, by=cast.officer, audience=Audience.NAMED, named=[cast.panel_member]),
        lambda: change_audience(named, by=cast.officer, audience=Audience.NAMED, named=[cast.author]),
        lambda: change_audience(paper, by=cast.officer, audience=Audience.PANEL),
        lambda: change_audience(paper, by=cast.officer, audience=Audience.LEGAL),
        lambda: change_audience(paper, by=cast.officer, audience=Audience.PANEL),
        lambda: end_part(review, cast.panel_member, cast),
        lambda: papers_desk.put_on(
            review, by=cast.officer, user=cast.second_officer, role=Role.OFFICER,
            starts_on=the_clock.today() + timedelta(days=2), ends_on=the_clock.today() + timedelta(days=4),
        ),
        lambda: end_part(review, cast.agency_author, cast, commission=second),
        lambda: standing.deactivate(cast.second_chair, by=cast.administrator),
        lambda: papers_desk.put_on(
            review, by=cast.officer, user=cast.panel_member, role=Role.PANEL_MEMBER, ends_on=the_clock.today()
        ),
        lambda: standing.reactivate(cast.second_chair, by=cast.administrator),
        lambda: memberships.hand_over_reviews(
            None, by=cast.team_manager, absent=cast.officer, to=cast.second_officer, reason="Away."
        ),
    ]  # fmt: skip
    for number, change in enumerate(changes, start=1):
        for kept in (paper, named, cast.officer, cast.lead_chair):
            kept.refresh_from_db()
        with day(number):
            change()
        with day(number, 22):
            diary.keep()
    assert len({str(answers) for answers in diary.kept.values()}) > 8  # most did something
    diary.check()


def end_part(review: Review, user: User, cast: Cast, **which: Any) -> None:
    held = review.membership_set.get(user=user, ended_at__isnull=True, **which)
    memberships.end_membership(review, by=cast.officer, membership=held, reason="Moved on.")


def test_the_log_tells_when_the_monitoring_officer_weighed_a_restriction(cast: Cast) -> None:
    diary = Diary()
    with day(0):
        review = papers_desk.review_with_everybody(cast)
        paper = build.paper(review, cast.officer)
        diary.keep()
    with day(1):
        restriction = propose_restriction(paper, by=cast.officer, paragraphs=[1], public_interest="Kept for now.")
        diary.keep()
    with day(2):
        decide_restriction(restriction, by=cast.monitoring, upheld=False, reason="Not needed.")
        diary.keep()
    seen = [cast.monitoring.pk in answers[str(paper.pk), VIEW] for answers in diary.kept.values()]
    assert seen == [False, True, False]
    diary.check()


def test_the_log_tells_which_member_of_the_board_could_open_which_paper(cast: Cast) -> None:
    diary = Diary()
    with day(0):
        review = papers_desk.review_with_everybody(cast)
        one, two = (build.paper(review, cast.officer, audience=Audience.BOARD_SIGN_OFF) for _ in range(2))
        on = the_clock.today() + timedelta(days=14)
        meeting = meetings.add_meeting(
            cast.partnership,
            by=cast.democratic,
            on=on,
            at=time(10),
            venue="Town hall",
        )
        items = [meetings.add_item(meeting, by=cast.democratic, title=f"Item {n}", review=review) for n in (1, 2)]
        for item, paper in zip(items, (one, two), strict=True):
            reading.put_paper(item, by=cast.officer, paper=paper.pk, readers=[cast.board_member])
        diary.keep()
    with day(1):
        meetings.issue_agenda(meeting, by=cast.democratic)
        diary.keep()
    with day(2):
        meetings.close_item(items[0], by=cast.democratic)
        diary.keep()
    seen = [
        {paper for paper in (one, two) if cast.board_member.pk in kept[str(paper.pk), VIEW]}
        for kept in diary.kept.values()
    ]
    assert seen == [set(), {one, two}, {two}]
    diary.check()


def test_the_log_tells_whose_account_did_not_work_yet_or_no_more(cast: Cast) -> None:
    diary = Diary()
    with day(0):
        review = papers_desk.review_with_everybody(cast)
        invitation = invitations.invite(
            cast.partnership, by=cast.administrator, email="new@example.org", name="Nia New",
            expires_on=date(2026, 2, 5), roles=[Standing.COMMUNITY_SAFETY_OFFICER],
        )  # fmt: skip
        papers_desk.put_on(review, by=cast.officer, user=invitation.person, role=Role.OFFICER)
        paper = build.paper(review, cast.officer)
        diary.keep()
    token = invitation.link.rstrip("/").rsplit("/", 1)[1]
    with day(1):
        invitations.accept_invitation(token, password="a-long-password-for-tests")
        diary.keep()
    for number in (3, 4):
        with day(number, 22):
            diary.keep()
    seen = [invitation.person.pk in answers[str(paper.pk), VIEW] for answers in diary.kept.values()]
    assert seen == [False, True, True, False]
    diary.check()


def test_an_undone_panel_could_open_it_only_until_it_was_undone(cast: Cast) -> None:
    diary = Diary()
    with day(0):
        review = papers_desk.review_with_everybody(cast)
        paper = build.paper(review, cast.officer)
        release_to_panel(paper, by=cast.lead_chair)
        diary.keep()
    with day(1):
        held = review.membership_set.get(user=cast.panel_member, role=Role.PANEL_MEMBER)
        type(held).objects.filter(pk=held.pk).update(step=1)
        undo(review, by=cast.officer)
        diary.keep()
    assert [cast.panel_member.pk in answers[str(paper.pk), VIEW] for answers in diary.kept.values()] == [True, False]
    diary.check()


@papers_desk.use_case(None)
def undo(review: Review, *, by: Any) -> None:
    panel.undo_convening(review, 1)


def test_everybody_who_could_at_some_moment_of_a_day_is_told_with_the_hours(cast: Cast) -> None:
    with day(0):
        review = papers_desk.review_with_everybody(cast)
        paper = build.paper(review, cast.officer, kind="other")
    with day(1, 10) as ten:
        release_to_panel(paper, by=cast.lead_chair)
    with day(1, 15) as three:
        end_part(review, cast.panel_member, cast)
    first = first_moment(date(2026, 2, 3))
    found = Lines(paper.pk, first_moment(date(2026, 2, 4))).between(first, first_moment(date(2026, 2, 4)))
    assert found[cast.panel_member.pk].stretches == [(microseconds(ten), microseconds(three))]
    assert found[cast.panel_member.pk].could.newest == 1
    assert found[cast.lead_chair.pk].stretches == [(first, None)]
    assert found[cast.lead_chair.pk].could.newest is None
    assert cast.board_chair.pk not in found


def test_it_asks_the_log_alone(cast: Cast) -> None:
    """Today's tables may say what they like."""
    with day(0) as moment:
        review = papers_desk.review_with_everybody(cast)
        paper = build.paper(review, cast.officer)
        before = replayed(microseconds(moment))
    review.membership_set.all().delete()
    Document.objects.filter(pk=paper.pk).update(audience=Audience.CHAIRS_ONLY)
    User.objects.update(is_active=False)
    assert replayed(microseconds(moment)) == before
    assert before[str(paper.pk), VIEW]


def test_nobody_could_open_it_before_it_was_filed_or_after_it_was_erased(cast: Cast) -> None:
    with day(1) as filed:
        review = papers_desk.review_with_everybody(cast)
        paper = build.paper(review, cast.officer)
    assert replayed(microseconds(filed) - 1)[str(paper.pk), VIEW] == set()
    with day(2) as erased:
        erase(review, by=cast.team_manager)
    assert replayed(microseconds(erased) - 1)[str(paper.pk), VIEW]
    assert replayed(microseconds(erased))[str(paper.pk), VIEW] == set()


@papers_desk.use_case(None)
def erase(review: Review, *, by: Any) -> None:
    from dhr.usecase import record

    record("erasure.completed", review, papers=1)


def test_it_costs_two_queries_whatever_the_length_of_the_log(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    review = papers_desk.review_with_everybody(cast)
    paper = build.paper(review, cast.officer)
    with django_assert_num_queries(2):
        lines = Lines(paper.pk, 2**62)
        assert lines.between(0, 2**62)
