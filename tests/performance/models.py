"""What the product is measured against."""

from django.conf import settings
from django.db import models
from viewflow.workflow.models import AbstractTask, Process


class BareCase(models.Model):
    """What a bare process is about; permissions stand on it in guardian's own table."""

    reference = models.CharField(max_length=20)

    class Meta:
        permissions = [("do_case", "Can do the tasks of the case")]

    def __str__(self) -> str:
        return self.reference


class BareProcess(Process):
    """A process with a table of its own beside viewflow's, as the product has."""

    case = models.ForeignKey(BareCase, on_delete=models.CASCADE)


class BareTask(AbstractTask):
    """A task in a table of its own."""

    process = models.ForeignKey(BareProcess, on_delete=models.CASCADE, related_name="bare_tasks")


class PlainReview(models.Model):
    """A status in a column."""

    status = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.status


class PlainAudit(models.Model):
    """Who changed it, when, to what."""

    review = models.ForeignKey(PlainReview, on_delete=models.CASCADE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    status = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.review_id}: {self.status}"
