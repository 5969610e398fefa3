import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("sandbox", "0005_account_states_and_failures_by_address")]

    operations = [
        migrations.CreateModel(
            name="ClockSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ahead", models.DurationField(default=datetime.timedelta, verbose_name="avance")),
            ],
            options={
                "verbose_name": "réglage de l’horloge",
                "verbose_name_plural": "réglages de l’horloge",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_clock")
                ],
            },
        ),
    ]
