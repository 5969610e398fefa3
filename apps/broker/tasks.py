"""What beat asks of the broker; the work is in the module of its name."""

from celery import shared_task

from apps.broker import purge


@shared_task(name="broker.purge")
def purge_ended() -> int:
    """Take away what has ended."""
    return purge.run()
