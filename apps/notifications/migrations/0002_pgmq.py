"""The queue of Celery's default broker: pgmq's tables and functions, in their own schema.

They come from the pinned `pgmq` package, which ships them as SQL, so that no extension is needed.
Where the database already has pgmq (the extension, or an earlier installation), it is left alone,
then and at the reversal. The queue is unlogged: it carries rings, and the outbox, which is logged,
outlives a crash that empties it.
"""

from django.db import migrations
from pgmq.install import get_embedded_install_sql

QUEUE = "celery"
OURS = "franceconnect"


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pgmq.meta') IS NULL")
        (is_missing,) = cursor.fetchone()
        if is_missing:
            cursor.execute(get_embedded_install_sql())
            cursor.execute(f"COMMENT ON SCHEMA pgmq IS '{OURS}'")
        cursor.execute("SELECT pgmq.create_unlogged(%s)", [QUEUE])


def uninstall(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('pgmq'), 'pg_namespace') = %s", [OURS])
        (is_ours,) = cursor.fetchone()
        if is_ours:
            cursor.execute("DROP SCHEMA pgmq CASCADE")
        else:
            cursor.execute("SELECT pgmq.drop_queue(%s)", [QUEUE])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_message")]

    operations = [migrations.RunPython(install, uninstall)]
