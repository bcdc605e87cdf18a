from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"
    label = "workflows"

    def ready(self) -> None:
        from chairs import process
        from dhr.govuk import navigation

        from .desk import menu
        from .steps.chairing import ChairsProcess

        navigation.register(menu.items)
        process.register(ChairsProcess())
