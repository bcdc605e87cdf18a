from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "dhr.board"
    label = "board"

    def ready(self) -> None:
        from dhr.audit import fields
        from dhr.govuk import navigation
        from dhr.reviews.clear_words import Kept, register

        from . import menu, models

        navigation.register(menu.items)
        register(
            Kept("board.AgendaItem.title", "an item of an agenda"),
            Kept("board.AgendaItem.presented_by", "who presents an item of an agenda"),
            Kept("board.Resolution.text", "a resolution of the board", of="item__review"),
        )
        fields.watch(models.BoardMeeting, ["on", "at", "venue", "remote", "agenda_issued_on", "minutes_confirmed_on"])
        fields.watch(models.AgendaItem, ["title", "kind", "paper", "late", "closed_at"])
