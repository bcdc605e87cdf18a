"""The words of the board's agenda and minutes. Values are stored and frozen: they change only by a migration that says so."""

from django.db.models import TextChoices


class ItemKind(TextChoices):
    """How an item comes before the board."""

    REPORT = "report", "Report"
    VERBAL = "verbal", "Verbal update"
    PRESENTATION = "presentation", "Presentation"


class ResolutionKind(TextChoices):
    """What the board resolved."""

    NOTED = "noted", "That the report be noted"
    AGREED = "agreed", "Agreed"
    FURTHER_REPORT = "further_report", "That a further report be submitted"
