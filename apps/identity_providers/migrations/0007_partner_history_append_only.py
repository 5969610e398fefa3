"""PostgreSQL refuses to change, delete or truncate the past states of partners.

Plain triggers, and not pgtrigger's: those look at a setting of the session that turns them off.
"""

from django.db import migrations

ADD = """
CREATE FUNCTION partner_history_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of partners is append-only: % refused on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER partner_history_append_only
    BEFORE UPDATE OR DELETE ON identity_providers_identityproviderevent
    FOR EACH ROW EXECUTE FUNCTION partner_history_refuse_change();
CREATE TRIGGER partner_history_no_truncate
    BEFORE TRUNCATE ON identity_providers_identityproviderevent
    FOR EACH STATEMENT EXECUTE FUNCTION partner_history_refuse_change();
"""

DROP = "DROP FUNCTION partner_history_refuse_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("identity_providers", "0006_partners_found")]

    operations = [migrations.RunSQL(ADD, reverse_sql=DROP)]
