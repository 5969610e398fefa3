"""Taking away what has ended: sealed boxes with their holder, then the rows themselves.

An identity is unreadable without its bearer secret from the first second; this also makes it
absent. Run every minute by beat; nothing depends on its punctuality.
"""

from datetime import UTC, datetime

from django.db import transaction

from apps.broker.models import AccessToken, Grant, SignIn, SsoSession
from apps.identity_providers.trial.models import KEPT, Trial


def run() -> int:
    """Remove ended sign-ins with their codes and tokens, ended sessions, old trials; return how many.

    The boxes of codes and tokens are blanked as soon as these expire; their rows stay until the
    sign-in ends, so that a replayed code is still recognised as one.
    """
    now = datetime.now(UTC)
    for holder in (Grant, AccessToken):
        holder.objects.filter(expires__lt=now, sealed__isnull=False).update(sealed=None)
    with transaction.atomic():
        ended = SignIn.objects.filter(expires_at__lt=now)
        AccessToken.objects.filter(user__in=ended).delete()
        Grant.objects.filter(user__in=ended).delete()
        removed, _ = ended.delete()
    SsoSession.objects.filter(expires_at__lt=now).delete()
    Trial.objects.filter(created_at__lt=now - KEPT).delete()
    return removed
