"""The accounts of the sandbox's agents: made once, found again, never in production."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from apps.accounts.models import StaffUser
from apps.backoffice import roles
from apps.backoffice.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "staff-accounts.txt"


def ensure() -> None:
    call_command("ensure_staff", stdout=io.StringIO())


def passwords(file: Path) -> dict[str, str]:
    return dict(line.split(" ") for line in file.read_text().splitlines())


def test_two_accounts_are_made_with_long_passwords(file: Path) -> None:
    ensure()
    known = passwords(file)
    assert set(known) == {"admin", "auditeur"}
    assert file.stat().st_mode & 0o777 == 0o600
    for name, password in known.items():
        assert len(password) >= 20
        user = authenticate(username=name, password=password)
        assert user is not None
        assert user.is_staff
        assert not user.is_superuser
    assert StaffUser.objects.get(username="admin").groups.get().name == Role.ADMINISTRATOR
    assert StaffUser.objects.get(username="auditeur").groups.get().name == Role.AUDITOR


def test_a_second_run_keeps_accounts_and_file(file: Path) -> None:
    ensure()
    before = file.read_text()
    ensure()
    assert file.read_text() == before
    assert authenticate(username="admin", password=passwords(file)["admin"])


def test_an_agent_who_changed_their_password_keeps_it(file: Path) -> None:
    ensure()
    user = StaffUser.objects.get(username="admin")
    user.set_password("choisi-par-la-personne")
    user.save()
    ensure()
    assert authenticate(username="admin", password="choisi-par-la-personne")


def test_a_lost_file_gets_new_passwords(file: Path) -> None:
    ensure()
    before = passwords(file)
    file.unlink()
    ensure()
    after = passwords(file)
    assert after["admin"] != before["admin"]
    assert authenticate(username="admin", password=after["admin"])
    assert authenticate(username="admin", password=before["admin"]) is None


def test_a_new_database_gets_the_passwords_of_the_file(file: Path) -> None:
    ensure()
    before = file.read_text()
    StaffUser.objects.all().delete()
    ensure()
    assert file.read_text() == before
    assert authenticate(username="auditeur", password=passwords(file)["auditeur"])


def test_a_lost_line_gets_a_new_password(file: Path) -> None:
    ensure()
    kept = passwords(file)["auditeur"]
    file.write_text(f"auditeur {kept}\n")
    ensure()
    assert passwords(file)["auditeur"] == kept
    assert authenticate(username="admin", password=passwords(file)["admin"])


def test_production_refuses_development_accounts(file: Path, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        ensure()
    assert not StaffUser.objects.exists()
    assert not file.exists()


def test_a_role_has_its_permissions_and_no_other() -> None:
    roles.ensure()
    auditors = Group.objects.get(name=Role.AUDITOR)
    auditors.permissions.set(Group.objects.get(name=Role.ADMINISTRATOR).permissions.all())
    call_command("ensure_roles")
    codenames = set(auditors.permissions.values_list("codename", flat=True))
    assert codenames == {"view_identityprovider", "view_serviceprovider", "view_entry"}
