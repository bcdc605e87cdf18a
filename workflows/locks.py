"""One lock per review: viewflow takes the same row that our use cases take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from dhr.reviews.models import Review


class ReviewLock:
    """viewflow's lock_impl: the row of the review that the process moves. Waits; PostgreSQL gives up after lock_timeout."""

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        with transaction.atomic():
            held = flow_class.process_class.objects.filter(pk=process_pk).values("review_id")
            list(Review.objects.select_for_update().filter(pk__in=held).values_list("pk"))
            yield
