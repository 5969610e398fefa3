"""The one way in which an enrolment makes an account."""

from collections.abc import Mapping

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from apps.sandbox.enrolment.steps import StepRefused
from apps.sandbox.models import AccountState, IdentityAccount

TAKEN = "Un compte vient d’être créé avec cet identifiant."


def create(
    *,
    site: str,
    identifier: str,
    sub: str,
    claims: Mapping[str, str],
    password: str | None,
    state: AccountState,
) -> IdentityAccount:
    """Create an account; without a password nobody can sign in to it yet.

    Raises StepRefused when another tab, or another person, was faster.
    """
    try:
        with transaction.atomic():
            return IdentityAccount.objects.create(
                site=site,
                identifier=identifier,
                sub=sub,
                claims=dict(claims),
                password=make_password(password),
                state=state,
            )
    except IntegrityError:
        raise StepRefused({"": TAKEN}) from None


def exists(site: str, identifier: str) -> bool:
    """Tell whether an account has this identifier, whatever its state."""
    return IdentityAccount.objects.filter(site=site, identifier=identifier).exists()
