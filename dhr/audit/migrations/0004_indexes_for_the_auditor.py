from django.db import migrations, models

OPENINGS = ("document.opened", "document.downloaded", "identity.revealed")
INDEXES = (
    models.Index(fields=["reference", "seq"], name="audit_of_reference"),
    models.Index(
        fields=["on_behalf_of", "seq"], condition=models.Q(on_behalf_of__isnull=False), name="audit_for_another"
    ),
    models.Index(fields=["at_us", "seq"], name="audit_at"),
    models.Index(fields=["person", "at_us"], name="audit_person_at"),
    models.Index(fields=["review", "person", "at_us"], name="audit_person_on_review"),
    models.Index(
        fields=["person", "at_us", "seq", "object_id"],
        condition=models.Q(event__in=OPENINGS),
        name="audit_openings",
    ),
    models.Index(
        fields=["seq"],
        condition=models.Q(on_behalf_of__isnull=False) | models.Q(details__contains='"recorded_for_another":1'),
        name="audit_recorded_for",
    ),
)


class Migration(migrations.Migration):
    dependencies = (("audit", "0003_time_of_the_last_line"),)
    # An index is added in place: the table, and so its triggers, stay.
    operations = tuple(migrations.AddIndex("auditentry", index) for index in INDEXES)
