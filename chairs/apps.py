from django.apps import AppConfig


class ChairsConfig(AppConfig):
    name = "chairs"
    label = "chairs"

    def ready(self) -> None:
        from dhr.access import grants
        from dhr.audit import fields
        from dhr.govuk import navigation

        from . import menu, models
        from .grant_sources import AppointmentSource

        grants.register(AppointmentSource())
        navigation.register(menu.items)
        fields.watch(models.ChairProfile, ["user", "services", "stage", "max_live", "day_rate", "review_on"])
        fields.watch(models.Appointment, ["role", "fee", "declared_on", "stood_down_on"])
