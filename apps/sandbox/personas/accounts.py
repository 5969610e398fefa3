"""The personas' accounts in the database, where the identity providers look for them."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from apps.sandbox.models import IdentityAccount
from apps.sandbox.personas.catalogue import Account, everybody
from apps.sandbox.second_factor import totp


@transaction.atomic
def load() -> int:
    """Make the database say what the files say; return how many accounts there are.

    A second run changes nothing, so that sessions and codes under way stay good. The state of an
    account is the file's at first only: what was done since in the sandbox is kept.
    """
    accounts = [
        (account, persona.password)
        for persona in everybody()
        for account in persona.accounts.values()
    ]
    for account, password in accounts:
        _load(account, password)
    return len(accounts)


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
