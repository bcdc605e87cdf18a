from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dhr.audit"
    label = "audit"
    verbose_name = "access log"

    def ready(self) -> None:
        from dhr.govuk import navigation

        from . import menu

        navigation.register(menu.items)
