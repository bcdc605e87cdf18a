"""The app that must stand before django.forms, whose widget templates it replaces."""

from django.apps import AppConfig


class GovukConfig(AppConfig):
    name = "dhr.govuk"
    label = "govuk"
    verbose_name = "Design system"
