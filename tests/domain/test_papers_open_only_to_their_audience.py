"""Who may open which paper, what a release changes, and the line in the log before anything opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from dhr.access import grants
from dhr.access.roles import Role
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.commissioning import ask_agency
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, Refused
from restricted_docs.filing import (
    add_version,
    change_audience,
    change_title,
    release_to_panel,
)
from restricted_docs.models import Document, DocumentGrant
from restricted_docs.readers import in_words, readers_of
from restricted_docs.reading import download, open_paper, opens_of, versions_for
from restricted_docs.upload import take_in
from restricted_docs.vault.errors import Damaged
from restricted_docs.vocabulary import Audience
from tests.cast import Cast
from tests.papers_desk import KEEP, PDF, VIEW, latest, notify, paper, put_on, review_with_everybody, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


# audiences

OFFICE = {"officer", "lead_chair", "second_chair", "author"}
AUDIENCES: dict[str, tuple[set[str], set[str]]] = {  # audience: who sees it, who may take a copy
    Audience.OFFICERS_AND_CHAIRS: (OFFICE, OFFICE),
    Audience.CHAIRS_ONLY: ({"lead_chair", "second_chair"}, {"lead_chair", "second_chair"}),
    Audience.PANEL: (OFFICE, OFFICE),
    Audience.NAMED: ({"lead_chair", "panel_member"}, {"lead_chair", "panel_member"}),
    Audience.LEGAL: (OFFICE - {"author"}, OFFICE - {"author"}),
    Audience.FAMILY_READING: (OFFICE - {"author"}, set()),
    Audience.BOARD_SIGN_OFF: (OFFICE | {"board_chair", "board_member"}, OFFICE),
}


@pytest.mark.parametrize("audience", Audience.values)
def test_each_audience_is_exactly_who_it_says(cast: Cast, review: Review, audience: str) -> None:
    named = [cast.panel_member] if audience == Audience.NAMED else ()
    document = paper(review, cast.lead_chair, audience=audience, named=named)
    other = paper(review, cast.lead_chair, audience=audience, named=named)
    put_on(review, by=cast.officer, user=cast.board_member, role=Role.BOARD_READER, paper=document.pk)
    seen, kept = AUDIENCES[audience]
    assert who(cast, document, VIEW) == seen
    assert who(cast, document, KEEP) == kept
    assert who(cast, other, VIEW) == seen - {"board_member"}
    for name, user in vars(cast).items():
        if hasattr(user, "has_perm"):
            listed = set(Document.objects.visible_to(user, VIEW))
            assert (document in listed) == (name in seen)
    names = {getattr(cast, name).name for name in seen}
    assert {reader.name for reader in readers_of(document)} == names
    assert in_words(readers_of(document)) == f"Only these {len(seen)} people can open it"


def test_the_deciding_chair_sees_what_the_decision_rests_on_until_it_is_taken(cast: Cast, review: Review) -> None:
    letter, minutes = paper(review, cast.officer, kind="correspondence"), paper(review, cast.officer, kind="imr")
    assert cast.board_chair.has_perm(VIEW, letter)
    assert not cast.board_chair.has_perm(KEEP, letter)
    assert not cast.board_chair.has_perm(VIEW, minutes)
    narrow = paper(review, cast.lead_chair, kind="police_material", audience=Audience.CHAIRS_ONLY)
    assert not cast.board_chair.has_perm(VIEW, narrow)
    Review.objects.filter(pk=review.pk).update(stage="panel")
    with transaction.atomic():
        memberships.sync_review(review)
    assert not cast.board_chair.has_perm(VIEW, letter)


def test_an_agency_sees_only_what_belongs_to_its_own_request(cast: Cast, review: Review) -> None:
    people = {"author": cast.agency_author, "signatory": cast.agency_signatory}
    own = ask_agency(review, by=cast.officer, agency=cast.police, kind="imr", **people)
    others = ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr")
    document = paper(review, cast.agency_author, kind="imr", commission=own, audience=Audience.PANEL)
    assert (document.commission, document.audience) == (own, Audience.OFFICERS_AND_CHAIRS)
    assert who(cast, document, KEEP) == OFFICE | {"agency_author", "agency_signatory"}
    assert who(cast, paper(review, cast.officer, commission=others), VIEW) == OFFICE
    kept_close = paper(review, cast.lead_chair, commission=own, audience=Audience.CHAIRS_ONLY)
    assert who(cast, kept_close, VIEW) == {"lead_chair", "second_chair"}
    for by, commission in ((cast.agency_author, others), (cast.agency_author, None), (cast.agency_signatory, others)):
        with pytest.raises(Refused):
            paper(review, by, kind="imr", commission=commission)
    elsewhere = ask_agency(notify(cast), by=cast.officer, agency=cast.police, kind="imr")
    with pytest.raises(Refused):
        paper(review, cast.officer, kind="imr", commission=elsewhere)


def test_named_people_need_a_part_in_the_review_and_lose_the_paper_with_it(cast: Cast, review: Review) -> None:
    with pytest.raises(ValidationError, match="part in this review"):
        paper(review, cast.officer, audience=Audience.NAMED, named=[cast.stranger])
    with pytest.raises(ValidationError, match="Choose who"):
        paper(review, cast.officer, audience=Audience.NAMED)
    document = paper(review, cast.officer, audience=Audience.NAMED, named=[cast.panel_member])
    assert who(cast, document, VIEW) == {"officer", "panel_member"}
    membership = review.membership_set.get(user=cast.panel_member)
    memberships.end_membership(review, by=cast.officer, membership=membership, reason="Moved on.")
    assert who(cast, document, VIEW) == {"officer"}


def test_somebody_who_joins_later_sees_what_their_role_sees(cast: Cast, review: Review) -> None:
    document, closed = paper(review, cast.officer), paper(review, cast.lead_chair, audience=Audience.CHAIRS_ONLY)
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role=Role.OFFICER)
    assert cast.second_officer.has_perm(VIEW, document)
    assert not cast.second_officer.has_perm(VIEW, closed)


def test_outside_its_dates_a_part_opens_nothing(cast: Cast, review: Review, clock: Any) -> None:
    from dhr.clock import now, today

    put_on(review, by=cast.officer, user=cast.second_officer, role=Role.OFFICER, ends_on=today() + timedelta(days=2))
    document = paper(review, cast.officer)
    assert cast.second_officer.has_perm(VIEW, document)
    clock(now() + timedelta(days=3))
    assert not cast.second_officer.has_perm(VIEW, document)
    assert cast.second_officer.name not in {reader.name for reader in readers_of(document)}
    assert document not in Document.objects.visible_to(cast.second_officer, VIEW)


# release and change


def test_the_panel_sees_a_paper_from_the_release_on_and_a_later_version_only_when_it_is_released_too(
    cast: Cast, review: Review
) -> None:
    document = paper(review, cast.lead_chair, kind="overview_report", audience=Audience.PANEL)
    assert not cast.panel_member.has_perm(VIEW, document)
    release_to_panel(document, by=cast.second_chair)
    first = latest(document)
    assert b"".join(download(first, by=cast.panel_member, reason="meeting")[0]) == PDF
    second = add_version(document, by=cast.author, upload=take_in(review, "b.pdf", PDF, document=document))
    with pytest.raises(Refused, match="not released this version"):
        open_paper(second, by=cast.panel_member)
    assert [version.number for version in versions_for(cast.panel_member, document)] == [1]
    assert [version.number for version in versions_for(cast.author, document)] == [2, 1]
    release_to_panel(document, by=cast.lead_chair)
    assert open_paper(second, by=cast.panel_member)[1] == len(PDF)
    with pytest.raises(AlreadyDone):
        release_to_panel(document, by=cast.lead_chair)


@pytest.mark.parametrize("person", ["officer", "author", "panel_member", "board_chair", "stranger"])
def test_only_a_chair_releases(cast: Cast, review: Review, person: str) -> None:
    document = paper(review, cast.officer)
    with pytest.raises(Refused):
        release_to_panel(document, by=getattr(cast, person))


@pytest.mark.parametrize("kind", ["legal_advice", "police_material", "health_record"])
def test_what_is_kept_from_the_panel_is_released_only_by_a_chair_who_confirms_it(
    cast: Cast, review: Review, kind: str
) -> None:
    document = paper(review, cast.officer, kind=kind)
    with pytest.raises(ValidationError, match="not normally shown"):
        release_to_panel(document, by=cast.lead_chair)
    assert not cast.panel_member.has_perm(VIEW, document)
    release_to_panel(document, by=cast.lead_chair, confirmed=True)
    assert cast.panel_member.has_perm(VIEW, document)


def test_a_chair_releases_only_what_they_may_open(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer, audience=Audience.NAMED, named=[cast.author])
    with pytest.raises(Refused):
        release_to_panel(document, by=cast.lead_chair)


def test_taking_a_paper_back_from_the_panel_closes_it_at_once(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer)
    release_to_panel(document, by=cast.lead_chair)
    change_audience(document, by=cast.officer, audience=Audience.CHAIRS_ONLY)
    assert who(cast, document, VIEW) == {"lead_chair", "second_chair"}
    document.refresh_from_db()
    assert (document.released_at, document.released_by, document.released_version) == (None, None, None)
    with pytest.raises(Refused):
        change_audience(document, by=cast.officer, audience=Audience.OFFICERS_AND_CHAIRS)


@pytest.mark.parametrize("person", ["author", "panel_member", "board_chair", "stranger"])
def test_only_officers_and_chairs_change_an_audience(cast: Cast, review: Review, person: str) -> None:
    document = paper(review, cast.officer)
    with pytest.raises(Refused):
        change_audience(document, by=getattr(cast, person), audience=Audience.PANEL)


def test_a_document_given_to_the_panel_by_its_officer_waits_for_the_chair(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer)
    change_audience(document, by=cast.officer, audience=Audience.PANEL)
    assert not cast.panel_member.has_perm(VIEW, document)


def test_a_title_is_changed_by_its_filer_the_officer_or_a_chair(cast: Cast, review: Review) -> None:
    document = paper(review, cast.author)
    for by in (cast.author, cast.officer, cast.lead_chair):
        change_title(document, by=by, title="Better")
    for by in (cast.panel_member, cast.stranger, cast.board_chair):
        with pytest.raises(Refused):
            change_title(document, by=by, title="Worse")


# opening


def test_opening_and_downloading_are_a_line_each_and_shown_as_who_opened_this(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer)
    open_paper(latest(document), by=cast.lead_chair)
    open_paper(latest(document), by=cast.lead_chair, start=5, end=10)
    download(latest(document), by=cast.officer, reason="home_office")
    entries = AuditEntry.objects.about(str(document.pk)).exclude(event="document.filed").oldest_first()
    assert [(entry.event, entry.person, entry.facts) for entry in entries] == [
        ("document.opened", cast.lead_chair.pk, {}),
        ("document.opened", cast.lead_chair.pk, {"first": 5, "last": 9}),
        ("document.downloaded", cast.officer.pk, {"reason": "home_office"}),
    ]
    assert [(opening.person, opening.what, opening.version, opening.times) for opening in opens_of(document)] == [
        (cast.officer.name, "downloaded", 1, 1),
        (cast.lead_chair.name, "opened", 1, 2),
    ]


@pytest.mark.parametrize("person", ["stranger", "panel_member", "board_chair", "auditor"])
def test_a_refused_opening_is_written_down_and_opens_nothing(cast: Cast, review: Review, person: str) -> None:
    document = paper(review, cast.officer, kind="imr")
    user = getattr(cast, person)
    for read in (open_paper, download):
        with pytest.raises(Refused):
            read(latest(document), by=user)
    entries = AuditEntry.objects.about(str(document.pk)).by_person(user.pk)
    assert [entry.event for entry in entries] == ["access.refused"] * 2


def test_a_copy_needs_a_reason_from_everybody_but_chairs_and_the_author(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer)
    for user in (cast.lead_chair, cast.second_chair, cast.author):
        assert b"".join(download(latest(document), by=user)[0]) == PDF
    for reason in ("", "because", "Zephyrine asked"):
        with pytest.raises(ValidationError):
            download(latest(document), by=cast.officer, reason=reason)
    with pytest.raises(ValidationError):
        download(latest(document), by=cast.lead_chair, reason="Zephyrine asked")


def test_what_is_for_reading_with_the_family_is_never_downloaded(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer, audience=Audience.FAMILY_READING)
    assert open_paper(latest(document), by=cast.lead_chair)[1] == len(PDF)
    with pytest.raises(Refused):
        download(latest(document), by=cast.lead_chair)


def test_a_damaged_paper_is_found_out_before_the_first_byte(cast: Cast, review: Review) -> None:
    document, other = paper(review, cast.officer), paper(review, cast.officer)
    papers = Path(settings.VAR) / "papers"
    name = latest(document).blob_name
    whole = (papers / name[:2] / name).read_bytes()
    (papers / name[:2] / name).write_bytes(whole[:-1])
    with pytest.raises(Damaged):
        open_paper(latest(document), by=cast.officer)
    foreign = latest(other).blob_name
    (papers / name[:2] / name).write_bytes((papers / foreign[:2] / foreign).read_bytes())
    with pytest.raises(Damaged):
        open_paper(latest(document), by=cast.officer)


@pytest.fixture
def committed(transactional_db: None, cast: Cast) -> Iterator[Review]:
    grants.forget_permission_ids()  # the flush after a transactional test gives the permissions new keys
    yield review_with_everybody(cast)
    grants.forget_permission_ids()


@pytest.mark.django_db(transaction=True)
def test_nothing_opens_inside_a_transaction(cast: Cast, committed: Review) -> None:
    version = latest(paper(committed, cast.officer))
    with pytest.raises(RuntimeError), transaction.atomic():
        open_paper(version, by=cast.officer)


def test_every_grant_on_a_document_comes_from_a_membership(cast: Cast, review: Review) -> None:
    paper(review, cast.officer)
    sources = set(DocumentGrant.objects.values_list("source", flat=True))
    assert sources <= set(review.membership_set.values_list("pk", flat=True))
