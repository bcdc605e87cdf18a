"""The form of every step, one file for each stage. FORMS finds it by the names of the flow and the node."""

from . import beside, chairs, decision, drafting, home_office, panel, publication
from .base import StepForm

FORMS: dict[tuple[str, str], type[StepForm]] = {
    **decision.FORMS,
    **chairs.FORMS,
    **panel.FORMS,
    **drafting.FORMS,
    **home_office.FORMS,
    **publication.FORMS,
    **beside.FORMS,
}

__all__ = ["FORMS", "StepForm"]
