from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "dhr.access"
    label = "access"
