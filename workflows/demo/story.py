"""The whole demo as one script in the order of its days, on a clock that only moves forward: so its access log is whole."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from dhr import clock
from dhr.accounts.models import Partnership
from dhr.audit.models import AuditEntry
from dhr.usecase import record, use_case

from . import (
    board,
    register,
    reviews_closed,
    reviews_drafting,
    reviews_early,
    reviews_home_office,
    reviews_panel,
    reviews_published,
)
from .people import make_agencies, make_people
from .tale import Story

BEGINS = 1300  # days ago: the accounts were made
LOADED = "demo.loaded"


def is_loaded() -> bool:
    """Whether the demo was loaded to its end: the last thing it does is to say so in the log."""
    return AuditEntry.objects.filter(event=LOADED).exists()


def load() -> int:
    """Make the people, and let everything happen. Answers how many acts there were. The database must be empty."""
    today = clock.today()
    begins = datetime.combine(today - timedelta(days=BEGINS), time(8), timezone.get_current_timezone())
    with clock.at(begins):
        partnership = Partnership.objects.create(name=settings.PARTNERSHIP_NAME, team_phone=settings.TEAM_PHONE)
        story = Story(partnership, make_people(partnership), make_agencies(), today)
    for part in (register, reviews_closed, reviews_published, reviews_home_office):
        part.tell(story)
    joint_chairs = reviews_drafting.tell(story)
    for part in (reviews_panel, reviews_early):
        part.tell(story)
    board.tell(story, joint_chairs)
    count = story.tell()
    say_that_it_is_loaded(partnership, by=None, count=count)
    return count


@use_case(None)
def say_that_it_is_loaded(partnership: Partnership, *, by: Any, count: int) -> None:
    record(LOADED, None, count=count)
