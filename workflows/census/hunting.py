"""The census from end to end: everybody walks, everything that passes by is looked at, and then what is left."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from dhr import clock
from dhr.accounts import post

from . import (
    database,
    doors,
    places,
    walk_around,
    walk_beside,
    walk_endings,
    walk_faults,
    walk_papers,
    walk_review,
)
from .browser import Browsers
from .canaries import Canaries
from .people import make_people
from .report import Place, Report
from .sieve import Sieve
from .walk import Walk
from .watching import Watch

WALKS = (walk_review, walk_beside, walk_papers, walk_around, walk_endings, walk_faults)


def census(canaries: Canaries) -> Report:
    """Plant, and look everywhere. The deployment is there and empty. Raises WalkStopped."""
    began, sieve = clock.now(), Sieve(canaries)
    watch = Watch(sieve, settings.SCRATCH)
    browsers = Browsers(watch, canaries)
    post.leave_behind()  # as the web server does
    with watch.watching():
        it = Walk(browsers, make_people())
        for each in WALKS:
            each.walk(it)
        it.settle()
        planted = doors.held(canaries)
    post.at_once()
    found = [*watch.places, *left(sieve, began, watch)]
    missing = doors.missing(browsers.answers, planted)
    counts = len(canaries.words), len(watch.came_back)
    return Report(found, browsers.answers, planted, *counts, missing, sorted(watch.known))


def left(sieve: Sieve, began: datetime, watch: Watch) -> list[Place]:
    """What is left once everybody has gone home."""
    var = Path(settings.VAR)
    return [
        *database.tables(sieve),
        database.files(sieve, began),
        database.backup(sieve, settings.SCRATCH / "backup"),
        places.cache(sieve),
        places.sessions(sieve),
        places.mail(sieve),
        places.stored(sieve),
        places.folder("VAR: keys, papers, checkpoints", sieve, var, leave_out=var.glob("db.sqlite3*")),
        places.folder("temporary files", sieve, settings.SCRATCH / "tmp"),
        places.elsewhere(sieve, watch.files.written, settings.SCRATCH),
    ]
