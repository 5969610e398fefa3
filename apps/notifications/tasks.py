"""What the worker does for the outbox: the bell and the sweep call the same task."""

from celery import shared_task

from apps.notifications import delivery


@shared_task(name="notifications.deliver_due", ignore_result=True)  # type: ignore[untyped-decorator]
def deliver_due() -> None:
    """Send every message that is due."""
    delivery.deliver_due()
