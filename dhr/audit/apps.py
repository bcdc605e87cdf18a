from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dhr.audit"
    label = "audit"
    verbose_name = "access log"
