"""The measurements on one database: the one that the settings name. Prints them as JSON."""

from __future__ import annotations

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, setup_test_environment, teardown_databases
from django.urls import reverse
from guardian.shortcuts import assign_perm

from dhr.accounts import post
from dhr.accounts.models import User
from dhr.audit.checkpoints import make_signing_key
from dhr.clock import now
from dhr.reviews import memberships
from restricted_docs.strongroom import make_keys
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine
from workflows.desk.home import home_of
from workflows.desk.listing import ordered, row_of, visible_reviews, with_progress

from .bare_flow import BareFlow, bare_step
from .crowd import more_bare_cases, more_reviews
from .models import BareCase, BareProcess, BareTask, PlainAudit, PlainReview
from .the_log import ways_of_the_log

ROUNDS, STEPS_A_ROUND, LISTS_A_ROUND, LINES_A_ROUND, PAGE = 7, 3, 3, 50, 25
SIZES = (20, 2_000)


class Clock:
    """Milliseconds of each thing measured, round by round."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[float]] = defaultdict(list)

    def measure(self, name: str, act: Callable[[], Any], times: int, then: Callable[[], Any] = lambda: None) -> None:
        """How long `act` takes; `then` is done after each, and not counted."""
        took = 0.0
        for _ in range(times):
            start = time.perf_counter()
            act()
            took += time.perf_counter() - start
            then()
        self.rounds[name].append(took * 1_000 / times)

    def medians(self) -> dict[str, float]:
        return {name: statistics.median(values) for name, values in self.rounds.items()}


def afresh(person: User) -> User:
    """The person as a new request reads them."""
    return User.objects.get(pk=person.pk)


def reviews_to_convene(cast: Cast, many: int) -> Iterator[Any]:
    """Reviews whose panel has a member and waits to be convened: the next task waits for the lead chair, who gets a notice."""
    for _ in range(many):
        review = build.review_at("convene_panel", cast)
        memberships.add_member(review, by=cast.officer, user=cast.panel_member, role="panel_member", agency=cast.police)
        yield build.step_of(review, "convene_panel")


def bare_tasks(user: User, many: int) -> Iterator[BareTask]:
    for place in range(many):
        case = BareCase.objects.create(reference=f"bare {place}")
        assign_perm("bare.do_case", user, case)
        BareFlow.start.run(case=case)
        yield BareTask.objects.get(process=BareProcess.objects.get(case=case), flow_task_type="HUMAN")


def plain_update(review: PlainReview, person: User) -> None:
    with transaction.atomic():
        locked = PlainReview.objects.select_for_update().get(pk=review.pk)
        PlainReview.objects.filter(pk=locked.pk).update(status="panel")
        PlainAudit.objects.create(review=locked, by=person, status="panel", at=now())


def ways_to_step(cast: Cast, mail: list[Callable[[], Any]]) -> dict[str, Callable[[], Any]]:
    """A full step with and without the mail that leaves behind it, bare viewflow's step, and a plain change of status."""
    each = ROUNDS * STEPS_A_ROUND + 1
    ours = list(reviews_to_convene(cast, 2 * each))
    bare = list(bare_tasks(cast.officer, each))
    plain = PlainReview.objects.create(status="chair")

    def full() -> None:
        engine.complete(ours.pop(), by=afresh(cast.officer))

    def full_and_mail() -> None:
        full()
        deliver(mail)

    return {
        "full step": full,
        "full step and its mail": full_and_mail,
        "bare viewflow step": lambda: bare_step(bare.pop().pk, afresh(cast.officer)),
        "status and audit row": lambda: plain_update(plain, afresh(cast.officer)),
    }


def deliver(mail: list[Callable[[], Any]]) -> None:
    while mail:
        mail.pop()()


def steps(cast: Cast) -> tuple[dict[str, float], dict[str, int]]:
    """A full step four ways, turn by turn in each round; and how many queries each asks."""
    mail: list[Callable[[], Any]] = []
    ways = ways_to_step(cast, mail)
    clock, queries = Clock(), {}
    with mock.patch.object(post, "hand_over", mail.append):  # as in the web server: the mail leaves behind the answer
        for name, act in ways.items():
            queries[name] = count_queries(act)
            deliver(mail)
        for _ in range(ROUNDS):
            for name, act in ways.items():
                clock.measure(name, act, STEPS_A_ROUND, then=lambda: deliver(mail))
    return clock.medians(), queries


def the_log(cast: Cast) -> dict[str, float]:
    clock = Clock()
    ways = ways_of_the_log(cast.officer)
    for _ in range(ROUNDS):
        for name, act in ways.items():
            clock.measure(name, act, LINES_A_ROUND if name in {"log line", "plain row"} else 1)
    return clock.medians()


def count_queries(act: Callable[[], Any]) -> int:
    connection.queries_log.clear()  # it holds 9,000 and would push out what is counted
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def lists(cast: Cast) -> tuple[dict[str, float], dict[str, int]]:
    """Your work and the list of reviews, and viewflow's own for as many, small and large."""
    ways = ways_to_list(cast.second_officer, cast.stranger)
    crowd = Cast(**(vars(cast) | {"officer": cast.second_officer}))
    took: dict[str, float] = {}
    asked: dict[str, int] = {}
    there = 0
    for size in SIZES:
        more_reviews(crowd, size - there)
        more_bare_cases(cast.stranger, size - there)
        there = size
        analyse()
        asked |= {f"{name} at {size:,}": count_queries(act) for name, act in ways.items()}  # warms templates too
        clock = Clock()
        for _ in range(ROUNDS):
            for name, act in ways.items():
                clock.measure(name, act, 1 if "queue" in name else LISTS_A_ROUND)
        took |= {f"{name} at {size:,}": value for name, value in clock.medians().items()}
    return took, asked


def ways_to_list(person: User, bare_person: User) -> dict[str, Callable[[], Any]]:
    """What is compared: the data of a page, as a new request reads it; and our pages whole."""
    client, bare_client = Client(), Client()
    client.force_login(person)
    bare_client.force_login(bare_person)

    def review_list() -> None:
        found = ordered(with_progress(visible_reviews(afresh(person))).filter(closed_at__isnull=True), "")
        found.count()
        for review in found[:PAGE]:
            row_of(review)

    def stock_inbox() -> None:
        read_page(BareTask.objects.inbox([BareFlow], afresh(bare_person)))

    def stock_inbox_and_queue() -> None:
        stock_inbox()
        read_page(BareTask.objects.queue([BareFlow], afresh(bare_person)))

    def stock_list() -> None:
        read_page(BareProcess.objects.filter_available([BareFlow], afresh(bare_person)))

    return {
        "Your work": lambda: home_of(afresh(person)),
        "stock inbox": stock_inbox,
        "stock inbox and queue": stock_inbox_and_queue,
        "review list": review_list,
        "stock list": stock_list,
        "page: Your work": lambda: shown(client, "your-work"),
        "page: review list": lambda: shown(client, "reviews"),
        "page: stock inbox": lambda: shown(bare_client, "bare:inbox"),
        "page: stock queue": lambda: shown(bare_client, "bare:queue"),
        "page: stock list": lambda: shown(bare_client, "bare:process_list"),
    }


def shown(client: Client, name: str) -> None:
    """One page, whole, as a browser gets it."""
    answer = client.get(reverse(name))
    if answer.status_code != 200:
        raise RuntimeError(f"{name} answered {answer.status_code}.")


def read_page(found: Any) -> None:
    """What a paginated list page reads: how many there are, and the first page of them."""
    found.count()
    list(found.order_by("-created")[:PAGE])


def analyse() -> None:
    """Both databases plan by statistics; a production database has them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        make_keys()
        make_signing_key()
        cast = make_cast()
        took, asked = steps(cast)
        took |= the_log(cast)
        more_took, more_asked = lists(cast)
    finally:
        teardown_databases(made, verbosity=0)
    print(json.dumps({"ms": took | more_took, "queries": asked | more_asked}))
