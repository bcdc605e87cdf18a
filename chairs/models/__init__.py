"""The register of independent chairs, who was asked about which review, and who was appointed."""

from .appointments import Appointment, AppointmentGrant
from .register import ChairProfile
from .soundings import Sounding

__all__ = ["Appointment", "AppointmentGrant", "ChairProfile", "Sounding"]
