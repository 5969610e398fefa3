"""What every identity provider registers of us: three addresses, the same for all of them."""

from django.conf import settings


def redirect_uri() -> str:
    """Return where providers send citizens back (RFC 6749 §3.1.2)."""
    return f"{settings.ISSUER}/oidc-callback"


def post_logout_redirect_uri() -> str:
    """Return where providers send citizens back from their logout (RP-Initiated Logout 1.0 §3.1)."""
    return f"{settings.ISSUER}/client/logout-callback"


def jwks_uri() -> str:
    """Return where our keys as a client are, to verify and to encrypt for us (RFC 7591 §2)."""
    return f"{settings.ISSUER}/client/.well-known/keys"
