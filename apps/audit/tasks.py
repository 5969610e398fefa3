"""What the worker does for the journal."""

from datetime import UTC, datetime

from celery import shared_task

from apps.audit import partitions


@shared_task(name="audit.create_partitions", ignore_result=True)  # type: ignore[untyped-decorator]
def create_partitions() -> None:
    """Make the partitions of the coming months."""
    partitions.create(today=datetime.now(UTC).date())
