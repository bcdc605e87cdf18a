"""What moves a review from task to task stands above this package: here it says how it wants to hear of chairs."""

from __future__ import annotations

from typing import Any, Protocol

from dhr.reviews.models import Review
from dhr.reviews.models.facts import Credit

from .models import Appointment


class Process(Protocol):
    """How the process takes part. Each is called for what happens on this package's own pages."""

    def appointed(self, review: Review) -> None:
        """Somebody was appointed outside the task of appointing; inside the transaction. Opens the task to declare."""
        ...

    def stood_down(self, appointment: Appointment) -> None:
        """An appointment was ended; inside the transaction. Nothing waits for its declaration any more."""
        ...

    def lead_changed(self, review: Review) -> None:
        """Another chair leads now; inside the transaction. What waited for a lead can go on."""
        ...

    def declare(self, appointment: Appointment, *, by: Any, credit: Credit | None, **answers: Any) -> Appointment:
        """Do the open task of declaring, or only `declare_independence` where there is none."""
        ...


_registered: list[Process] = []


def register(process: Process) -> None:
    """Called once, in AppConfig.ready, by the package that moves reviews."""
    _registered[:] = [process]


def registered() -> Process | None:
    """The process, or None where this package is used without one."""
    return _registered[0] if _registered else None
