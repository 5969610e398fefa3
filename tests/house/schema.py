"""What can be said of the models of one site without a database.

DJANGO_SETTINGS_MODULE=… python -m tests.house.schema     one fault a line
"""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

OURS = "apps."


def faults() -> list[str]:
    """Return what is wrong with the schema of the site of the current settings."""
    return [*changes_without_migration(), *capitalised_names()]


def changes_without_migration() -> list[str]:
    """Return the changes of our models that no migration brings."""
    with translation.override(None):  # as makemigrations does: names are not translated
        loader = MigrationLoader(None, ignore_no_migrations=True)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    return [
        f"{label}: {operation.describe()}"
        for label, migrations in changes.items()
        for migration in migrations
        for operation in migration.operations
    ]


def capitalised_names() -> list[str]:
    """Return the names given to rooms, models and fields that begin with a capital."""
    named: list[tuple[str, str]] = []
    for room in apps.get_app_configs():
        if room.name.startswith(OURS):
            named.append((room.label, str(room.verbose_name)))
            for model in room.get_models():
                meta = model._meta
                label = model.__name__
                named += [(label, str(meta.verbose_name)), (label, str(meta.verbose_name_plural))]
                named += [
                    (f"{label}.{field.name}", str(field.verbose_name)) for field in meta.fields
                ]
    return [f"{where}: {what}" for where, what in named if _is_capitalised(what)]


def _is_capitalised(text: str) -> bool:
    """Tell a capital at the beginning, but for words that are written so: ID, PKCE…"""
    first = text.split(" ")[0]
    return first[:1].isupper() and not first.isupper()


if __name__ == "__main__":
    import django

    django.setup()
    print(*faults(), sep="\n")
