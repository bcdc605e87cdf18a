from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("audit", "0002_append_only"),)
    # A column that may be empty is added in place: the table, and so its triggers, stay.
    operations = (migrations.AddField("loghead", "at_us", models.BigIntegerField(null=True)),)
