"""What agents may do: two roles, as Django groups.

A role is a table of permissions; `ensure` makes the groups say exactly that. A service is never
deleted (it is disabled), an identity provider only when nobody uses it, and nobody writes the
journal.
"""

from enum import StrEnum
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q


class Role(StrEnum):
    """The name of a group."""

    ADMINISTRATOR = "administrateur"
    AUDITOR = "auditeur"


READ: Final = (
    "identity_providers.view_identityprovider",
    "service_providers.view_serviceprovider",
    "audit.view_entry",
)
WRITE: Final = (
    "identity_providers.add_identityprovider",
    "identity_providers.change_identityprovider",
    "identity_providers.delete_identityprovider",
    "service_providers.add_serviceprovider",
    "service_providers.change_serviceprovider",
)
PERMISSIONS: Final = {Role.ADMINISTRATOR: READ + WRITE, Role.AUDITOR: READ}


@transaction.atomic
def ensure() -> dict[Role, Group]:
    """Return the groups, each with the permissions of its role, no more and no less.

    Raises Permission.DoesNotExist before the migrations of the rooms.
    """
    return {role: _ensure(role, names) for role, names in PERMISSIONS.items()}


def _ensure(role: Role, names: tuple[str, ...]) -> Group:
    group, _ = Group.objects.get_or_create(name=role.value)
    wanted = Q()
    for name in names:
        app_label, codename = name.split(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    permissions = list(Permission.objects.filter(wanted))
    if len(permissions) != len(names):
        raise Permission.DoesNotExist(f"{role}: run the migrations first")
    group.permissions.set(permissions)
    return group
