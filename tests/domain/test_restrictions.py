"""Restrictions under Schedule 12A: who proposes, who decides, what counts until then, and what the public reads."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dhr import clock
from dhr.access.roles import Role, Standing
from dhr.accounts.models import StandingRole, User
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.notifying import record_notification
from dhr.usecase import AlreadyDone, Refused, use_case
from restricted_docs import schedule_12a
from restricted_docs.filing import change_audience, file_document
from restricted_docs.models import Document, Restriction
from restricted_docs.reading import open_paper
from restricted_docs.restricting import (
    decide_restriction,
    is_restricted,
    placeholder,
    propose_restriction,
    take_up_proposal,
)
from restricted_docs.upload import take_in
from restricted_docs.vault.errors import NoReceipt
from restricted_docs.vocabulary import Audience
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

VIEW = "restricted_docs.view_document"
INTEREST = "A trial is still to come."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@use_case(None)
def put_on(review: Any, *, by: Any, user: Any, role: str) -> Any:
    return memberships.join(review, user, role)


@pytest.fixture
def document(cast: Cast) -> Document:
    facts = {"channel": "writing", "death_date_known": "not_known", "manner": "homicide", "relationship": "intimate"}
    review = record_notification(
        cast.partnership, by=cast.officer, form_token=uuid.uuid4(), notified_on=clock.today(), **facts
    )
    put_on(review, by=cast.officer, user=cast.author, role=Role.REPORT_AUTHOR)
    put_on(review, by=cast.officer, user=cast.panel_member, role=Role.PANEL_MEMBER)
    upload = take_in(review, "report.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj trailer<</Root 1 0 R>>\n%%EOF")
    return file_document(review, by=cast.officer, upload=upload, title="Overview report", kind="overview_report")


def propose(document: Document, by: Any, *paragraphs: int) -> Restriction:
    return propose_restriction(document, by=by, paragraphs=paragraphs or (7,), public_interest=INTEREST)


def in_a_year() -> date:
    return clock.today() + timedelta(days=365)


def decide(restriction: Restriction, by: Any, upheld: bool = True, **fields: Any) -> Restriction:
    answers = {"reason": "The balance.", "review_on": in_a_year()} | fields
    return decide_restriction(restriction, by=by, upheld=upheld, **answers)


def test_a_document_is_not_restricted_until_somebody_proposes_it(document: Document) -> None:
    assert (is_restricted(document), placeholder(document)) == (False, "")


def test_from_the_proposal_on_it_counts_as_restricted_and_the_agenda_has_its_sentence(
    cast: Cast, document: Document
) -> None:
    propose(document, cast.author, 7, 1, 2, 7)
    assert is_restricted(document)
    assert placeholder(document) == (
        "By virtue of paragraph(s) 1, 2, 7 of Part 1 of Schedule 12A of the Local Government Act 1972. Document is Restricted"
    )


def test_the_monitoring_officer_decides_and_it_stays_restricted_or_not(cast: Cast, document: Document) -> None:
    restriction = decide(propose(document, cast.author), cast.monitoring)
    assert (restriction.state, restriction.decided_by, restriction.review_on) == (
        "decided",
        cast.monitoring,
        in_a_year(),
    )
    assert is_restricted(document)
    lifted = decide(propose(document, cast.officer), cast.monitoring, upheld=False)
    assert (lifted.state, lifted.review_on) == ("refused", None)
    assert (is_restricted(document), placeholder(document)) == (False, "")
    assert document.restrictions.count() == 2


def test_the_log_tells_paragraphs_and_outcome_and_no_reason(cast: Cast, document: Document) -> None:
    decide(propose(document, cast.author, 1, 7), cast.monitoring)
    told = AuditEntry.objects.about(str(document.pk)).filter(event__startswith="document.restriction").oldest_first()
    assert [(entry.event, entry.person, entry.facts) for entry in told] == [
        ("document.restriction_proposed", cast.author.pk, {"paragraphs": "1, 7"}),
        (
            "document.restriction_decided",
            cast.monitoring.pk,
            {"outcome": "decided", "paragraphs": "1, 7", "review_on": in_a_year().isoformat()},
        ),
    ]


def test_the_reasons_are_sealed(cast: Cast, document: Document) -> None:
    restriction = Restriction.objects.get(pk=decide(propose(document, cast.author), cast.monitoring).pk)
    for name in ("public_interest", "reason"):
        assert b"trial" not in bytes(getattr(restriction, f"{name}_sealed"))
        with pytest.raises(NoReceipt):
            getattr(restriction, name)


def test_the_monitoring_officer_sees_the_paper_from_the_proposal_to_the_decision(
    cast: Cast, document: Document
) -> None:
    version = document.versions.get()
    with pytest.raises(Refused):
        open_paper(version, by=cast.monitoring)
    restriction = propose(document, cast.author)
    assert open_paper(version, by=cast.monitoring)[1] == version.size
    change_audience(document, by=cast.officer, audience=Audience.LEGAL)
    assert cast.monitoring.has_perm(VIEW, document)
    decide(restriction, cast.monitoring)
    assert not cast.monitoring.has_perm(VIEW, document)
    given = AuditEntry.objects.filter(event__in=["access.granted", "access.revoked"]).oldest_first()
    assert [(entry.event, entry.facts["whom"]) for entry in given] == [
        ("access.granted", cast.monitoring.pk),
        ("access.revoked", cast.monitoring.pk),
    ]


@pytest.mark.parametrize("person", ["panel_member", "stranger", "monitoring", "board_chair", "auditor"])
def test_who_may_not_propose(cast: Cast, document: Document, person: str) -> None:
    with pytest.raises(Refused):
        propose(document, getattr(cast, person))


def test_who_cannot_open_a_paper_cannot_propose_to_restrict_it(cast: Cast, document: Document) -> None:
    change_audience(document, by=cast.officer, audience=Audience.LEGAL)
    with pytest.raises(Refused):
        propose(document, cast.author)


@pytest.mark.parametrize("person", ["officer", "author", "stranger", "board_chair", "administrator"])
def test_who_may_not_decide(cast: Cast, document: Document, person: str) -> None:
    restriction = propose(document, cast.author)
    with pytest.raises(Refused):
        decide(restriction, getattr(cast, person))
    restriction.refresh_from_db()
    assert restriction.state == "proposed"


def test_nobody_decides_what_they_proposed(cast: Cast, document: Document) -> None:
    StandingRole.objects.create(user=cast.officer, role=Standing.MONITORING_OFFICER)
    restriction = propose(document, cast.officer)
    with pytest.raises(Refused, match="yourself"):
        decide(restriction, cast.officer)


def test_another_partnerships_monitoring_officer_decides_nothing_here(cast: Cast, document: Document) -> None:
    elsewhere = make_cast(" elsewhere").monitoring
    restriction = propose(document, cast.author)
    assert not elsewhere.has_perm(VIEW, document)
    for act in (lambda: decide(restriction, elsewhere), lambda: take_up_proposal(restriction, by=elsewhere)):
        with pytest.raises(Refused, match="another partnership"):
            act()


def test_a_deputy_who_comes_later_takes_the_proposal_up(cast: Cast, document: Document) -> None:
    restriction = propose(document, cast.author)
    deputy = User.objects.create_user("dep@example.org", "Dee Deputy", partnership=cast.partnership)
    with pytest.raises(Refused):
        take_up_proposal(restriction, by=deputy)
    StandingRole.objects.create(user=deputy, role=Standing.MONITORING_OFFICER)
    deputy = User.objects.get(pk=deputy.pk)
    take_up_proposal(restriction, by=deputy)
    assert deputy.has_perm(VIEW, document)
    decide(restriction, deputy, upheld=False)
    assert not deputy.has_perm(VIEW, document)
    assert not cast.monitoring.has_perm(VIEW, document)
    with pytest.raises(AlreadyDone):
        take_up_proposal(restriction, by=deputy)


def test_one_proposal_at_a_time_and_one_decision_on_each(cast: Cast, document: Document) -> None:
    restriction = propose(document, cast.author)
    with pytest.raises(AlreadyDone):
        propose(document, cast.officer)
    decide(restriction, cast.monitoring)
    with pytest.raises(AlreadyDone):
        decide(restriction, cast.monitoring, upheld=False)


@pytest.mark.parametrize("paragraphs", [(), (0,), (8,), (7, 18)])
def test_only_paragraphs_of_the_list_are_cited(cast: Cast, document: Document, paragraphs: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError) as wrong:
        propose_restriction(document, by=cast.author, paragraphs=paragraphs, public_interest=INTEREST)
    assert set(wrong.value.message_dict) == {"paragraphs"}


def test_reasons_and_a_day_to_come_are_asked_for(cast: Cast, document: Document) -> None:
    with pytest.raises(ValidationError, match="public interest"):
        propose_restriction(document, by=cast.author, paragraphs=[7], public_interest=" ")
    restriction = propose(document, cast.author)
    for wrong, name in (
        ({"reason": " "}, "reason"),
        ({"review_on": None}, "review_on"),
        ({"review_on": clock.today()}, "review_on"),
    ):
        with pytest.raises(ValidationError) as refused:
            decide(restriction, cast.monitoring, **wrong)
        assert set(refused.value.message_dict) == {name}


def test_what_is_due_for_review_is_still_restricted_and_listed(cast: Cast, document: Document, clock: Any) -> None:
    from dhr.clock import now

    decide(propose(document, cast.author), cast.monitoring)
    assert not Restriction.objects.due_for_review().exists()
    clock(now() + timedelta(days=366))
    assert Restriction.objects.due_for_review().in_partnership(cast.partnership.pk).count() == 1
    assert is_restricted(document)


def test_the_database_refuses_a_second_open_proposal_and_a_decision_by_nobody(cast: Cast, document: Document) -> None:
    propose(document, cast.author)
    row = {"review": document.review, "document": document, "paragraphs": [7], "table_version": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(**row, proposed_by=cast.officer)
    for state in ("decided", "refused"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Restriction.objects.update(state=state)


class TestSchedule12A:
    def test_englands_list_has_seven_paragraphs_since_march_2006(self) -> None:
        table = schedule_12a.table_on(date(2026, 11, 22))
        assert table == schedule_12a.table("england-2006-03-01") == schedule_12a.table_on(date(2006, 3, 1))
        assert sorted(table.paragraphs) == [1, 2, 3, 4, 5, 6, 7]
        assert "crime" in table.paragraphs[7]
        assert "financial" in table.paragraphs[3]

    def test_no_list_is_made_up_for_earlier_days_or_other_names(self) -> None:
        with pytest.raises(LookupError):
            schedule_12a.table_on(date(2006, 2, 28))
        with pytest.raises(LookupError):
            schedule_12a.table("wales-2006")

    def test_a_restriction_says_its_grounds_in_the_words_of_its_own_list(self, cast: Cast, document: Document) -> None:
        grounds = propose(document, cast.author, 7, 2).grounds
        assert [ground[:12] for ground in grounds] == ["Paragraph 2:", "Paragraph 7:"]
