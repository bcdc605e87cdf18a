from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "dhr.board"
    label = "board"

    def ready(self) -> None:
        from dhr.audit import fields
        from dhr.govuk import navigation

        from . import menu, models

        navigation.register(menu.items)
        fields.watch(models.BoardMeeting, ["on", "at", "venue", "remote", "agenda_issued_on", "minutes_confirmed_on"])
        fields.watch(models.AgendaItem, ["title", "kind", "paper", "late", "closed_at"])
