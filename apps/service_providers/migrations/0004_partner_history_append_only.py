"""PostgreSQL refuses to change, delete or truncate the past states of services.

By the function that guards those of identity providers.
"""

from django.db import migrations

ADD = """
CREATE TRIGGER partner_history_append_only
    BEFORE UPDATE OR DELETE ON service_providers_serviceproviderevent
    FOR EACH ROW EXECUTE FUNCTION partner_history_refuse_change();
CREATE TRIGGER partner_history_no_truncate
    BEFORE TRUNCATE ON service_providers_serviceproviderevent
    FOR EACH STATEMENT EXECUTE FUNCTION partner_history_refuse_change();
"""

DROP = """
DROP TRIGGER IF EXISTS partner_history_append_only ON service_providers_serviceproviderevent;
DROP TRIGGER IF EXISTS partner_history_no_truncate ON service_providers_serviceproviderevent;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity_providers", "0007_partner_history_append_only"),
        ("service_providers", "0003_partners_found"),
    ]

    operations = [migrations.RunSQL(ADD, reverse_sql=DROP)]
