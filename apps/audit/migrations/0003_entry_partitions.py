"""The function that makes the monthly partitions, and the first four of them.

A partition is made apart, then attached: attaching locks the parent in SHARE UPDATE EXCLUSIVE
only, so that sign-ins go on writing. A month that already has lines in the default partition is
reported as blocked and stays there: moving lines would be changing the journal.
"""

from django.db import migrations

CREATE_FUNCTION = """
CREATE FUNCTION audit_create_partitions(first_month date, months_ahead integer)
RETURNS TABLE (partition text, outcome text) LANGUAGE plpgsql AS $$
DECLARE
    month timestamp;
    since timestamptz;
    until timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_create_partitions'));
    FOR i IN 0..months_ahead LOOP
        month := date_trunc('month', first_month::timestamp) + make_interval(months => i);
        since := month AT TIME ZONE 'UTC';
        until := (month + interval '1 month') AT TIME ZONE 'UTC';
        partition := 'audit_entry_' || to_char(month, 'YYYY_MM');
        IF to_regclass(partition) IS NOT NULL THEN
            outcome := 'present';
        ELSIF EXISTS (SELECT 1 FROM audit_entry_default WHERE at >= since AND at < until) THEN
            outcome := 'blocked';
        ELSE
            EXECUTE format(
                'CREATE TABLE %I (LIKE audit_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                partition);
            EXECUTE format(
                'CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON %I'
                ' FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()',
                partition);
            EXECUTE format(
                'ALTER TABLE audit_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                partition, since, until);
            outcome := 'created';
        END IF;
        RETURN NEXT;
    END LOOP;
END;
$$;
"""

DROP_FUNCTION = "DROP FUNCTION audit_create_partitions(date, integer);"
CREATE_FIRST = "SELECT audit_create_partitions((now() AT TIME ZONE 'UTC')::date, 3);"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_entry_append_only")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, reverse_sql=DROP_FUNCTION),
        migrations.RunSQL(CREATE_FIRST, reverse_sql=migrations.RunSQL.noop),
    ]
