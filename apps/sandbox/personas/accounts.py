"""The personas' accounts in the database, where the identity providers look for them."""

from collections.abc import Iterable

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import QuerySet

from apps.sandbox.models import IdentityAccount
from apps.sandbox.personas.catalogue import Account, Persona, everybody
from apps.sandbox.second_factor import totp


@transaction.atomic
def load(added: Iterable[Persona] = ()) -> int:
    """Make the database say what the files and the added personas say; return how many accounts.

    A second run changes nothing, so that sessions and codes under way stay good. A persona of the
    project takes its identifier back from an added one that a later release happens to resemble.
    The state of an account is the file's at first only: what was done since in the sandbox is kept.
    """
    for persona in everybody():
        for account in persona.accounts.values():
            _other_holders(account).delete()
        open_accounts(persona)
    for persona in added:
        if not any(_other_holders(account) for account in persona.accounts.values()):
            open_accounts(persona)
    return IdentityAccount.objects.count()


def open_accounts(persona: Persona) -> None:
    """Open or correct the accounts of one persona. Raises IntegrityError for one that is taken."""
    for account in persona.accounts.values():
        _load(account, persona.password)


def _other_holders(account: Account) -> QuerySet[IdentityAccount]:
    same = IdentityAccount.objects.filter(site=account.site, identifier=account.identifier)
    return same.exclude(sub=account.sub)


def _load(account: Account, password: str) -> None:
    found = IdentityAccount.objects.filter(site=account.site, sub=account.sub).first()
    kept = found.password if found else ""
    said = {
        "identifier": account.identifier,
        "claims": dict(account.claims),
        "password": kept if check_password(password, kept) else make_password(password),
    }
    kept_account, _ = IdentityAccount.objects.update_or_create(
        site=account.site,
        sub=account.sub,
        defaults=said,
        create_defaults={**said, "state": account.state},
    )
    if account.second_factor:
        totp.ensure(kept_account, account.second_factor)
