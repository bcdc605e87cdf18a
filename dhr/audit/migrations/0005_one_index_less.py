"""What one person did within some time, on one review or on any, is found by one index: each of them makes every line wait."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0004_indexes_for_the_auditor"),)
    operations = (
        migrations.AddIndex(
            "auditentry", models.Index(fields=["person", "review", "at_us"], name="audit_person_on_review_at")
        ),
        migrations.RemoveIndex("auditentry", "audit_person_on_review"),
        migrations.RemoveIndex("auditentry", "audit_person_at"),
    )
