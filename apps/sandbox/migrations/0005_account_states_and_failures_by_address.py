from django.db import migrations, models

STATES = [
    ("created", "créé"),
    ("email_confirmed", "adresse confirmée"),
    ("to_verify", "identité à vérifier"),
    ("letter_sent", "courrier envoyé"),
    ("verified", "vérifié"),
    ("refused", "refusé"),
    ("closed", "fermé"),
]


class Migration(migrations.Migration):

    dependencies = [("sandbox", "0004_own_personas")]

    operations = [
        migrations.AddField(
            model_name="identityaccount",
            name="state",
            field=models.CharField(
                choices=STATES, default="verified", max_length=20, verbose_name="état"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [value for value, _ in STATES])),
                name="known_account_state",
            ),
        ),
        migrations.AddField(
            model_name="failedsignin",
            name="address_hash",
            field=models.CharField(
                default="", max_length=64, verbose_name="empreinte de l’adresse IP"
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="failedsignin",
            index=models.Index(
                fields=["site", "address_hash", "at"], name="failed_recently_from"
            ),
        ),
    ]
