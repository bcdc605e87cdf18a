"""How this package answers for appointments when grants are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dhr.access.grants import Grant

from .models import Appointment, AppointmentGrant


class AppointmentSource:
    """No membership gives anything on an appointment: the right to declare is given and taken with the appointment."""

    grants: type[Grant] = AppointmentGrant

    def objects_of(self, review_id: Any) -> Iterable[Appointment]:
        return ()

    def permissions_for(self, membership: Any, subject: Appointment) -> frozenset[str]:
        return frozenset()
