from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "dhr.reviews"
    label = "reviews"

    def ready(self) -> None:
        from dhr.access import grants
        from dhr.audit import fields

        from . import models
        from .grant_sources import ActionSource, CommissionSource, ReviewSource

        for source in (ReviewSource(), CommissionSource(), ActionSource()):
            grants.register(source)
        fields.watch(models.Review, ["number", "regime", "pseudonym", "stage", "suspended_at", "ending", "closed_at"])
        fields.watch(models.Membership, ["user", "role", "starts_on", "ends_on", "ended_at"])
        fields.watch(models.Commission, ["state", "due_on", "settled_on"])
        fields.watch(models.Action, ["owner", "monitored_by", "due_on", "status", "settled_on"])
