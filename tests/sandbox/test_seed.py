"""The command that prepares the sandbox, and the files its partners register with."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.sandbox import partners, private_files
from apps.sandbox.identity_provider import registration
from apps.sandbox.identity_provider.catalogue import IMPOTS
from apps.sandbox.private_files import NotSeeded


@pytest.fixture
def empty_var_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    return tmp_path / "sandbox"


def seed() -> None:
    call_command("seed_sandbox", stdout=StringIO())


def files(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in folder.rglob("*.json")}


def test_a_second_seed_changes_no_file(empty_var_dir: Path, db: None) -> None:
    seed()
    before = files(empty_var_dir)
    seed()
    assert files(empty_var_dir) == before
    assert len(before) == 8


def test_nobody_else_may_read_what_is_seeded(empty_var_dir: Path, db: None) -> None:
    seed()
    assert {path.stat().st_mode & 0o777 for path in empty_var_dir.rglob("*.json")} == {0o600}


def test_a_site_without_seed_says_what_to_do(empty_var_dir: Path) -> None:
    registration.keys.cache_clear()
    with pytest.raises(NotSeeded, match="seed_sandbox"):
        registration.keys(IMPOTS)


def test_the_partner_files_say_what_the_sites_do(empty_var_dir: Path, db: None) -> None:
    seed()
    folder = empty_var_dir / "partners"
    providers = json.loads((folder / "identity_providers.json").read_text())["identity_providers"]
    services = json.loads((folder / "service_providers.json").read_text())["service_providers"]
    algorithms = [
        (p["uid"], p["id_token_signed_response_alg"], p["userinfo_signed_response_alg"])
        for p in providers
    ]
    assert algorithms == [
        ("impots", "ES256", None),
        ("ameli", "ES256", "ES256"),
        ("laposte", "RS256", "RS256"),
    ]
    assert [p["issuer"] for p in providers] == list(settings.IDENTITY_PROVIDER_ORIGINS.values())
    assert "13 chiffres" in providers[0]["enrolment"]
    assert "8 jours" in providers[1]["enrolment"]
    assert [p["enrolment_url"] for p in providers] == [f"{p['issuer']}/" for p in providers]
    assert ["authorization_endpoint" in p for p in providers] == [False, False, True]
    secrets = [p["client_secret"] for p in [*providers, *services] if p["client_secret"]]
    assert len(set(secrets)) == len(secrets) == 6
    laposte = providers[-1]
    assert laposte["client_secret"] == ""
    assert laposte["token_endpoint_auth_method"] == "private_key_jwt"
    assert laposte["token_endpoint_auth_signing_alg"] == "ES256"
    assert laposte["userinfo_encrypted_response_alg"] == "ECDH-ES"
    assert laposte["userinfo_encrypted_response_enc"] == "A256GCM"
    assert [s["client_id"] for s in services][-1] == partners.READY_MADE_CLIENT_ID
    consents = {s["client_id"]: s.get("identity_consent") for s in services}
    assert consents["eau-d-exemple"] is True
    assert consents["mairie-de-saint-exemple"] is False


def test_a_new_client_gets_a_secret_and_the_others_keep_theirs(empty_var_dir: Path) -> None:
    first = private_files.ensure_client_secrets(["a"])
    second = private_files.ensure_client_secrets(["a", "b"])
    assert second["a"] == first["a"]
    assert private_files.client_secret("b") == second["b"]
    with pytest.raises(NotSeeded):
        private_files.client_secret("c")
