"""The commands on partners: what they print, what they journal, and how they fail."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import Entry
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from tests.backoffice.conftest import FI_SECRET, FS_SECRET

pytestmark = pytest.mark.django_db

PROVIDER = {
    "uid": "ameli",
    "title": "Assurance Maladie",
    "issuer": "https://ameli.example",
    "client_id": "franceconnect",
    "client_secret": FI_SECRET,
}
SERVICE = {
    "client_id": "region",
    "client_name": "Région Exemple",
    "redirect_uris": ["https://region.example/callback"],
}


def run(command: str, *arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=err)
    return out.getvalue().replace("\u202f", " "), err.getvalue().replace("\u202f", " ")


def write(folder: Path, content: Any) -> str:
    file = folder / "partners.json"
    file.write_text(json.dumps(content))
    return str(file)


def agent_lines() -> list[tuple[str, str, dict[str, Any]]]:
    lines = Entry.objects.filter(step__startswith="9.").order_by("id")
    return [(line.event, line.actor, line.facts) for line in lines]


def test_an_import_tells_what_it_did(tmp_path: Path, impots: IdentityProvider) -> None:
    file = write(tmp_path, [PROVIDER, {"uid": "impots", "active": False}])
    out, _ = run("import_identity_providers", file)
    assert out.splitlines() == [
        "créé : ameli",
        "modifié : impots (active)",
        "1 créé, 1 modifié, 0 inchangé",
    ]
    assert run("import_identity_providers", file)[0].splitlines() == [
        "0 créé, 0 modifié, 2 inchangés"
    ]


def test_an_import_is_journalled_by_field_names(tmp_path: Path) -> None:
    run("import_identity_providers", write(tmp_path, PROVIDER))
    run("import_identity_providers", write(tmp_path, {"uid": "ameli", "order": 1}))
    run("import_identity_providers", write(tmp_path, {"uid": "ameli", "order": 1}))
    actor = "manage.py:import_identity_providers"
    facts = {"object": "identity_provider:ameli", "idp_label": "Assurance Maladie"}
    assert agent_lines() == [
        ("PARTNER_CHANGED", actor, {**facts, "fields": "client_id client_secret issuer title uid"}),
        ("PARTNER_CHANGED", actor, {**facts, "fields": "order"}),
    ]
    assert set(Entry.objects.values_list("idp", flat=True)) == {"ameli"}


def test_a_service_import_journals_relaxation_and_rotation(tmp_path: Path) -> None:
    run("import_service_providers", write(tmp_path, SERVICE))
    change = {"client_id": "region", "acr_required": False, "client_secret": FS_SECRET}
    _, err = run("import_service_providers", write(tmp_path, change))
    assert "Politique assouplie – region : acr_values facultatif" in err
    events = [(event, facts.get("fields")) for event, _, facts in agent_lines()[1:]]
    assert events == [
        ("PARTNER_CHANGED", "acr_required client_secret"),
        ("POLICY_RELAXED", "acr_required"),
        ("CLIENT_SECRET_ROTATED", None),
    ]


def test_a_secret_that_we_generate_is_printed_once(tmp_path: Path) -> None:
    file = write(tmp_path, {"service_providers": [SERVICE]})
    out, _ = run("import_service_providers", file)
    service = ServiceProvider.objects.get()
    assert out.count(service.client_secret) == 1
    assert service.client_secret not in run("import_service_providers", file)[0]
    assert ServiceProvider.objects.get().client_secret == service.client_secret


def test_a_secret_that_is_given_is_never_printed(tmp_path: Path) -> None:
    out, err = run(
        "import_service_providers", write(tmp_path, {**SERVICE, "client_secret": FS_SECRET})
    )
    assert FS_SECRET not in out + err
    assert FS_SECRET not in json.dumps(agent_lines())


def test_a_refused_file_writes_and_journals_nothing(tmp_path: Path) -> None:
    err = io.StringIO()
    file = write(tmp_path, [PROVIDER, {"uid": "x"}, {**PROVIDER, "uid": "y", "order": "a"}])
    with pytest.raises(CommandError) as refusal:
        call_command("import_identity_providers", file, stderr=err)
    assert str(refusal.value).replace("\u202f", " ") == "3 erreurs : rien n’a été importé."
    assert len(err.getvalue().splitlines()) == 3
    assert not IdentityProvider.objects.exists()
    assert not Entry.objects.exists()


def test_a_dash_reads_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        f"\ufeffuid: ameli\nissuer: https://a.example\nclient_id: x\nclient_secret: {FI_SECRET}\n"
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    run("import_identity_providers", "-")
    assert IdentityProvider.objects.get().uid == "ameli"


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ce fichier n’existe pas"):
        run("import_service_providers", str(tmp_path / "absent.json"))
    with pytest.raises(CommandError, match="c’est un dossier"):
        run("import_service_providers", str(tmp_path))
    (tmp_path / "latin1.json").write_bytes(b'{"client_name": "R\xe9gion"}')
    with pytest.raises(CommandError, match="UTF-8"):
        run("import_service_providers", str(tmp_path / "latin1.json"))


def test_a_rotation_kills_the_former_secret(mairie: ServiceProvider) -> None:
    out, err = run("rotate_client_secret", "mairie")
    fresh = out.strip()
    row = ServiceProvider.objects.get()
    assert row.has_secret(fresh)
    assert not row.has_secret(FS_SECRET)
    assert fresh not in err
    ((event, actor, facts),) = agent_lines()
    assert (event, actor) == ("CLIENT_SECRET_ROTATED", "manage.py:rotate_client_secret")
    assert fresh not in json.dumps(facts)


def test_a_rotation_needs_a_known_service(mairie: ServiceProvider) -> None:
    with pytest.raises(CommandError, match="inconnu"):
        run("rotate_client_secret", "inconnu")
    assert ServiceProvider.objects.get().has_secret(FS_SECRET)
