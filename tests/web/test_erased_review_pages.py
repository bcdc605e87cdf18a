"""After a review was erased every address about it answers with a page and a sentence, and none with what was sealed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from restricted_docs import strongroom
from restricted_docs.erasing import _delete_papers
from restricted_docs.models import Document
from restricted_docs.rotating import unwatched
from tests.web.matrix.table import BY_ID
from tests.web.matrix.world import Answer, World, ask, the_world

pytestmark = pytest.mark.django_db
GONE = "can never be read again"
STAYS = ("title_", "register")  # titles of papers stand in clear; the chairs' register has a key of its own
READERS = ("officer", "lead_chair", "panel_member", "agency_author", "monitoring")
OF_A_REVIEW = [row_id for row_id, row in BY_ID.items() if row.thing]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The matrix's world, its own reviews left as an erasure leaves them."""
    with django_db_blocker.unblock(), the_world() as built:
        for review in (built.own.review, built.own.early):
            strongroom.vault().destroy_container(review.pk)
            _delete_papers(review, unwatched)
        yield built


def answers(world: World, row_id: str) -> Iterator[tuple[str, Answer]]:
    row = BY_ID[row_id]
    keys, query = world.own.things[row.thing]
    url = reverse(row.name, args=keys) + query
    for actor in READERS:
        yield f"{actor}, GET", ask(world, actor, "GET", url)
        if row.offers("POST"):
            yield f"{actor}, POST", ask(world, actor, "POST", url)


@pytest.mark.parametrize("row_id", OF_A_REVIEW)
def test_an_address_answers_with_a_sentence_and_tells_nothing_that_was_sealed(row_id: str, world: World) -> None:
    sealed = [word for kind, word in world.own.secrets.items() if not kind.startswith(STAYS)]
    wrong = []
    for who, answer in answers(world, row_id):
        if answer.status >= 500:
            wrong.append(f"{who}: {answer.fault or answer.status}")
        if any(word in answer.everything for word in sealed):
            wrong.append(f"{who}: TELLS what was sealed")
        if answer.status == 409 and "this cannot be opened" in answer.everything and GONE not in answer.everything:
            wrong.append(f"{who}: cannot be opened, and does not say why")
    assert wrong == []


def test_who_could_read_is_told_that_it_can_never_be_read_again(world: World) -> None:
    document = Document.objects.filter(review=world.own.review).earliest("filed_at")
    asked = {
        "a document": ("officer", reverse("document", args=[world.own.review.pk, document.pk])),
        "opening it": ("lead_chair", reverse("document-open", args=[world.own.review.pk, document.pk, 1])),
        "reading it": ("officer", reverse("document-page", args=[world.own.review.pk, document.pk, 1, 1])),
    }
    said = {what: ask(world, actor, "GET", url) for what, (actor, url) in asked.items()}
    assert {what: answer.status for what, answer in said.items()} == dict.fromkeys(asked, 409)
    assert all(GONE in answer.everything for answer in said.values())
    copy = reverse("document-download", args=[world.own.review.pk, document.pk, 1])
    answer = ask(world, "officer", "POST", copy, {"reason": "work_on_it"})
    assert (answer.status, GONE in answer.everything) == (409, True)
