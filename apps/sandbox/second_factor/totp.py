"""Secrets and codes of RFC 6238: six digits, thirty seconds, SHA-1, as every application reads them.

The time is the machine's: the telephone that shows the code has no other.
"""

import time
from hmac import compare_digest
from typing import Final

import pyotp
from django.conf import settings

from apps.protocol import sealing
from apps.sandbox.models import IdentityAccount, SecondFactor

DIGITS: Final = 6
PERIOD: Final = 30  # seconds
DRIFT: Final = 1  # periods before and after (RFC 6238 §5.2)
_CONTEXT: Final = b"sandbox second factor"


def ensure(account: IdentityAccount, secret: str = "") -> SecondFactor:
    """Return the factor of an account, made now if there is none, with this secret or a new one."""
    box = sealing.seal((secret or pyotp.random_base32()).encode(), key=_key(), context=_CONTEXT)
    factor, _ = SecondFactor.objects.get_or_create(
        account=account, defaults={"sealed_secret": box, "is_confirmed": bool(secret)}
    )
    return factor


def find(account: IdentityAccount, *, is_confirmed: bool) -> SecondFactor | None:
    """Return the factor of an account, confirmed or still to be, or None."""
    return SecondFactor.objects.filter(account=account, is_confirmed=is_confirmed).first()


def forget_unconfirmed(account: IdentityAccount) -> None:
    """Delete the factor that was being added; one that serves already stays."""
    SecondFactor.objects.filter(account=account, is_confirmed=False).delete()


def secret_of(factor: SecondFactor) -> str:
    """Return the secret in base 32, for the page that shows it once."""
    return sealing.open_sealed(bytes(factor.sealed_secret), key=_key(), context=_CONTEXT).decode()


def address_of(factor: SecondFactor, issuer: str) -> str:
    """Return the otpauth address that applications read from a QR code."""
    totp = pyotp.TOTP(secret_of(factor))
    return totp.provisioning_uri(name=factor.account.identifier, issuer_name=issuer)


def accept(factor: SecondFactor, code: str) -> bool:
    """Tell whether this is a code of about now that was not accepted yet, and consume it.

    The first one that is accepted confirms the factor (RFC 6238 §5.2: one use each).
    """
    otp = pyotp.TOTP(secret_of(factor))
    now = int(time.time()) // PERIOD
    for step in range(now - DRIFT, now + DRIFT + 1):
        if compare_digest(otp.generate_otp(step), code):
            unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(unused.update(last_step=step, is_confirmed=True))
    return False


def lock(factor: SecondFactor) -> SecondFactor:
    """Return a factor as it is now, and have another press wait until this transaction ends."""
    return SecondFactor.objects.select_for_update(of=("self",)).get(pk=factor.pk)


def is_last_accepted(factor: SecondFactor, code: str) -> bool:
    """Tell whether this is the very code that was accepted last."""
    return compare_digest(pyotp.TOTP(secret_of(factor)).generate_otp(factor.last_step), code)


def current_code(secret: str) -> str:
    """Return the code that a telephone would show now."""
    return pyotp.TOTP(secret).now()


def _key() -> bytes:
    return sealing.derive_server_key(settings.SEALING_KEY, purpose="sandbox second factor")
