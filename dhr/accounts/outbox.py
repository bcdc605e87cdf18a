"""Reading the outbox: who was sent which notice, and which could not be sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from dhr.access.backends import stands
from dhr.usecase import Refused, record, use_case

from .models import Notice
from .models.notices import NoticeQuerySet

VIEW_OUTBOX = "accounts.view_outbox"


def may_view_outbox(user: Any) -> bool:
    """Whoever may, by standing role; in a demo also its invented people, who have no mailbox to read."""
    shown_in_demo = settings.DEMO and bool(getattr(user, "demo_label", "")) and stands(user)
    return shown_in_demo or user.has_perm(VIEW_OUTBOX)


@use_case(None)
def view_outbox(page: int, *, by: Any) -> NoticeQuerySet:
    """The notices, newest first, after a line in the log says who looked. Raises Refused."""
    if not may_view_outbox(by):
        raise Refused("Only an administrator or an auditor can see the outbox.", needs=VIEW_OUTBOX)
    record("outbox.viewed", page=page)
    return Notice.objects.select_related("to").all()
