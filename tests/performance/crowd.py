"""Many reviews at once, put into the tables by hand: only for timing lists, never for testing rules."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from guardian.models import UserObjectPermission
from viewflow.workflow.models import Process, Task
from viewflow.workflow.token import Token

from dhr import clock
from dhr.access import grants
from dhr.reviews.models import Membership, Review
from tests.cast import Cast
from workflows.flows.review import ReviewFlow
from workflows.models import Step

from .bare_flow import BareFlow
from .models import BareCase, BareTask

AT_A_TIME = 500


def more_reviews(cast: Cast, many: int) -> None:
    """So many live reviews of the officer, each with the task of scoping open."""
    first = Review.objects.count() + 1
    reviews = Review.objects.bulk_create(
        Review(
            partnership=cast.partnership,
            form_token=uuid.uuid4(),
            notified_on=clock.today(),
            notification_year=2001,
            notification_number=first + place,
        )
        for place in range(many)
    )
    members = Membership.objects.bulk_create(
        Membership(review=one, user=cast.officer, role="officer") for one in reviews
    )
    source = next(source for source in grants.sources() if grants.table_for(Review) is source.grants)
    names = source.permissions_for(members[0], reviews[0])
    keys = [Permission.objects.get(content_type__app_label=n.split(".")[0], codename=n.split(".")[1]).pk for n in names]
    rows = [
        source.grants(
            user=cast.officer, permission_id=key, content_object_id=m.review_id, source=m.pk, starts_on=m.starts_on
        )
        for m in members
        for key in keys
    ]
    source.grants.objects.bulk_create(rows, batch_size=AT_A_TIME)
    node = ReviewFlow.instance.node("scope_with_agencies")
    processes = Process.objects.bulk_create(Process(flow_class=ReviewFlow) for _ in reviews)
    tasks = Task.objects.bulk_create(
        Task(process=process, flow_task=node, flow_task_type="HUMAN", token=Token("start")) for process in processes
    )
    Step.objects.bulk_create(
        Step(
            task=task,
            review=review,
            flow="ReviewFlow",
            node=node.name,
            stage=node.stage,
            is_main=True,
            due_on=clock.today(),
        )
        for task, review in zip(tasks, reviews, strict=True)
    )


def more_bare_cases(user: Any, many: int) -> None:
    """As many bare processes, each with a task this person has a permission for; every second one is assigned to them."""
    cases = BareCase.objects.bulk_create(BareCase(reference=str(place)) for place in range(many))
    parents = Process.objects.bulk_create(Process(flow_class=BareFlow) for _ in cases)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bare_bareprocess (process_ptr_id, case_id) VALUES (%s, %s)",
            [(parent.pk, case.pk) for parent, case in zip(parents, cases, strict=True)],
        )
    kind = ContentType.objects.get_for_model(BareCase)
    permission = Permission.objects.get(content_type=kind, codename="do_case")
    UserObjectPermission.objects.bulk_create(
        UserObjectPermission(user=user, permission=permission, content_type=kind, object_pk=str(case.pk))
        for case in cases
    )
    node = BareFlow.instance.node("first")
    BareTask.objects.bulk_create(
        BareTask(
            process_id=parent.pk,
            flow_task=node,
            flow_task_type="HUMAN",
            token=Token("start"),
            status="ASSIGNED" if place % 2 else "NEW",
            owner=user if place % 2 else None,
            owner_permission="bare.do_case",
            owner_permission_content_type=kind,
            owner_permission_obj_pk=case.pk,
        )
        for place, (parent, case) in enumerate(zip(parents, cases, strict=True))
    )
