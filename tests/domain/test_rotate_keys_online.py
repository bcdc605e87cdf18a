"""Changing keys is killed half way, and happens while people read and write: nothing is ever unreadable."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from dhr.reviews.models import Notification, Review
from restricted_docs import fields, resealing, rotating, strongroom
from restricted_docs.models import DocumentVersion
from restricted_docs.reading import open_paper
from restricted_docs.vault.receipt import Scope, mint
from tests import build
from tests.cast import Cast, make_cast
from tests.papers_desk import PDF, latest, paper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings(
        "ignore:This process:DeprecationWarning"
    ),  # from Python 3.12 on, of a fork beside threads
]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    review = build.notify(cast)
    for _ in range(3):
        paper(review, cast.officer)
    return review


def everything_opens(review: Review, by: Any) -> bool:
    receipt = mint(seq=1, leaf=bytes(32), person=None, container=review.pk, scope=Scope.NARRATIVE)
    with fields.reading(receipt):
        text = Notification.objects.get(review=review).circumstances
    papers = set()
    for pk in DocumentVersion.objects.filter(review=review).values_list("pk", flat=True):
        version = DocumentVersion.objects.select_related("document__review", "review").get(pk=pk)
        papers.add(b"".join(open_paper(version, by=by)[0]))
    return text == build.CANARY_TEXT and papers == {PDF}


def killed_after(calls: int, module: Any, name: str, monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> None:
    """Run in a process of its own, which is killed (kill -9) at the given call of a function."""
    connections.close_all()
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        return
    real, made = getattr(module, name), []

    def dies(*args: Any, **options: Any) -> Any:
        made.append(1)
        if len(made) == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **options)

    setattr(module, name, dies)
    try:
        run()
    finally:
        os._exit(1)


@pytest.mark.parametrize("calls", [1, 2, 4, 6])
def test_a_change_of_a_reviews_key_survives_kill_9(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    monkeypatch.setattr(rotating, "AT_ONCE", 2)
    old = strongroom.container_keys().key(review.pk)
    whole = ("_reseal_again", "_rewrap_again")[calls % 2]
    calls = min(calls, 3) if whole == "_rewrap_again" else 1
    killed_after(calls, rotating, whole, monkeypatch, lambda: rotating.rotate_review(review, by=None, settling=0))
    assert everything_opens(review, cast.officer)
    rotating.rotate_review(review, by=None, settling=0)
    keys = strongroom.container_keys()
    assert keys.key(review.pk) != old
    assert keys.previous(review.pk) is None
    assert everything_opens(review, cast.officer)


def test_it_survives_kill_9_between_the_line_and_the_end_of_the_old_key(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_after(
        1,
        strongroom.ContainerKeyFiles,
        "forget_previous",
        monkeypatch,
        lambda: rotating.rotate_review(review, by=None, settling=0),
    )
    assert everything_opens(review, cast.officer)
    rotating.rotate_review(review, by=None, settling=0)
    assert strongroom.container_keys().previous(review.pk) is None
    assert everything_opens(review, cast.officer)


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_sealing_papers_again_survives_kill_9(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    old = set(DocumentVersion.objects.values_list("blob_name", flat=True))
    killed_after(
        calls, resealing, "columns_of", monkeypatch, lambda: resealing.reseal_papers(review, by=None, settling=0)
    )
    assert everything_opens(review, cast.officer)
    assert resealing.reseal_papers(review, by=None, settling=0) == 3 - (calls - 1)
    assert not old & set(DocumentVersion.objects.values_list("blob_name", flat=True))
    assert everything_opens(review, cast.officer)


def test_a_change_of_the_root_key_survives_kill_9(cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_after(2, strongroom.ContainerKeyFiles, "_rewrapped", monkeypatch, lambda: rotating.rotate_root(by=None))
    assert everything_opens(review, cast.officer)
    assert strongroom.container_keys().wrapped_by_others() > 0
    rotating.rotate_root(by=None)
    assert strongroom.container_keys().wrapped_by_others() == 0
    assert everything_opens(review, cast.officer)


def test_people_read_and_file_while_every_key_is_changed(cast: Cast, review: Review) -> None:
    over, opened, filed, faults = threading.Event(), [], [], []

    def somebody(work: Callable[[], Any], done: list[Any]) -> None:
        try:
            while not over.is_set():
                done.append(work())
        except Exception as fault:  # noqa: BLE001  # told by the test, whatever it is
            faults.append(fault)
        finally:
            connections.close_all()

    people = [
        threading.Thread(target=somebody, args=(lambda: everything_opens(review, cast.officer), opened)),
        threading.Thread(target=somebody, args=(lambda: latest(paper(review, cast.officer)), filed)),
    ]
    for person in people:
        person.start()
    try:
        for _ in range(2):
            rotating.rotate_root(by=None)
            rotating.rotate_review(review, by=None, settling=0.5)
            resealing.reseal_papers(review, by=None, settling=0.5)
    finally:
        over.set()
        for person in people:
            person.join()
    assert faults == []
    assert len(opened) > 2
    assert all(opened)
    assert len(filed) > 2
    assert strongroom.container_keys().previous(review.pk) is None
    assert everything_opens(review, cast.officer)
