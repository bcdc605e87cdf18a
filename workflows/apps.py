from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"
    label = "workflows"

    def ready(self) -> None:
        from chairs import process
        from dhr.board import papers
        from dhr.govuk import navigation

        from .desk import menu
        from .steps import board_papers
        from .steps.chairing import ChairsProcess

        navigation.register(menu.items)
        process.register(ChairsProcess())
        papers.register(board_papers.line_of, board_papers.choices_for)
