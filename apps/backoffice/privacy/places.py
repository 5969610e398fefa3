"""Every place where this broker could keep something of a citizen; what is left out, and why."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from apps.backoffice.privacy import files, tables
from apps.backoffice.privacy.place import Place

OWN_QUEUE: Final = ("", "pgmq://")
ALWAYS_LEFT_OUT: Final = (
    "dossier sandbox de VAR_DIR et base du bac à sable : les personas y sont par nature",
    "dossier de données de PostgreSQL, avec ses journaux de transactions : les deux bases y sont "
    "mêlées",
    "mémoire des processus, contenus chiffrés ou compressés",
)


@dataclass(frozen=True)
class Survey:
    """What is to be searched, and what is not."""

    places: tuple[Place, ...]
    left_out: tuple[str, ...]


def survey(*, since: float, canary_file: Path | None = None) -> Survey:
    """Return every place of this broker.

    since          epoch seconds: an older temporary file is not of these journeys
    canary_file    the file that holds the canaries, which is no leak
    """
    var_dir = Path(settings.VAR_DIR)
    ours = tuple(path.resolve() for path in (var_dir, canary_file) if path)
    temporary = Path(tempfile.gettempdir()).resolve()
    pages, why_no_page = tables.pages()
    return Survey(
        places=(
            *tables.tables(),
            *pages,
            *files.of_var_dir(var_dir),
            *files.temporary(temporary, since=since, without=ours),
        ),
        left_out=(*why_no_page, *_other_queue(), *ALWAYS_LEFT_OUT),
    )


def _other_queue() -> list[str]:
    if settings.CELERY_BROKER_URL in OWN_QUEUE:
        return []  # its tables are in the schema pgmq
    scheme = settings.CELERY_BROKER_URL.partition(":")[0]
    return [f"file de Celery ({scheme}), hors de PostgreSQL"]
