"""The accounts of agents on a development machine: made once, their passwords in one private file.

The file is what a person reads to sign in to the back-office. It is the truth about the passwords
that we chose: an account that is missing is made again with the password of its line; a line that
is missing gets a new password. An agent who changes their password makes their line stale, and
keeps their password.
"""

import secrets
from pathlib import Path
from typing import Final

from django.contrib.auth.models import Group
from django.db import transaction

from apps.accounts import private_files
from apps.accounts.models import StaffUser
from apps.backoffice import roles
from apps.backoffice.roles import Role

FILE: Final = "staff-accounts.txt"
ACCOUNTS: Final = {"admin": Role.ADMINISTRATOR, "auditeur": Role.AUDITOR}
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without the look-alikes: i l o 0 1
GROUPS: Final = 5  # of 5 characters: 123 bits


def ensure(var_dir: Path) -> Path:
    """Make sure that both accounts exist with their roles, and return the file of passwords."""
    file = var_dir / FILE
    known = _read(file)
    passwords = {name: known.get(name) or _new_password() for name in ACCOUNTS}
    with transaction.atomic():
        groups = roles.ensure()
        for name, role in ACCOUNTS.items():
            _ensure(name, groups[role], passwords[name], is_known=name in known)
    if passwords != known:
        lines = (f"{name} {password}\n" for name, password in passwords.items())
        private_files.replace(file, "".join(lines))
    return file


def _ensure(name: str, group: Group, password: str, *, is_known: bool) -> None:
    user, created = StaffUser.objects.get_or_create(username=name, defaults={"is_staff": True})
    if created or not is_known:
        user.set_password(password)
        user.save(update_fields=["password"])
    user.groups.set([group])


def _new_password() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * 5)]
    return "-".join("".join(letters[start : start + 5]) for start in range(0, len(letters), 5))


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = [line.split() for line in lines]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[0] in ACCOUNTS}
