"""The monthly partitions of the journal, made ahead of time.

The SQL lives in the function `audit_create_partitions` of the third migration; months are those of
UTC. Nothing depends on the task having run: without a partition, a month falls into the default
one.
"""

import logging
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

logger = logging.getLogger(__name__)

MONTHS_AHEAD: Final = 3


class Partition(NamedTuple):
    """One month: the name of its table, and `created`, `present` or `blocked`.

    Blocked: lines of that month are already in the default partition, which keeps the whole month.
    """

    name: str
    outcome: str


def create(*, today: date, months_ahead: int = MONTHS_AHEAD) -> list[Partition]:
    """Make sure that the month of `today` and the next ones each have a partition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_create_partitions(%s, %s)", [today, months_ahead])
        partitions = [Partition(*row) for row in cursor.fetchall()]
    for partition in partitions:
        if partition.outcome == "blocked":
            logger.warning("journal month stays in the default partition: %s", partition.name)
    return partitions
