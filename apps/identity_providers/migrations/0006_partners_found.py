"""Partners that were there before the history: their state of today is its first line.

Without it the first change of each would have nothing to be compared with.
"""

from django.db import migrations

FOUND = "found"


def record_what_is_there(apps, schema_editor):
    states = apps.get_model("identity_providers", "IdentityProviderEvent")
    partners = apps.get_model("identity_providers", "IdentityProvider")
    names = [f.attname for f in states._meta.fields if not f.name.startswith("pgh_")]
    for values in partners.objects.order_by("id").values(*names):
        states.objects.create(pgh_label=FOUND, pgh_obj_id=values["id"], **values)


class Migration(migrations.Migration):
    dependencies = [("identity_providers", "0005_partner_history")]

    operations = [migrations.RunPython(record_what_is_there, migrations.RunPython.noop)]
