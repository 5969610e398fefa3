"""The command that changes our keys: what it writes, what it refuses, what it tells."""

import json
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection

from apps.audit.models import Entry
from apps.broker.op import keys as op_keys
from apps.broker.rp import client_keys
from apps.protocol import jose, key_rotation

pytestmark = pytest.mark.django_db

DAY = key_rotation.DELAY


@pytest.fixture(params=["client", "signature"])
def which(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def file(which: str, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A copy of the file of our keys, which the command changes."""
    client, signature = settings.CLIENT_KEYS_FILE, settings.SIGNING_KEYS_FILE
    path = tmp_path / "keys.json"
    path.write_bytes(Path(client if which == "client" else signature).read_bytes())
    settings.CLIENT_KEYS_FILE = path if which == "client" else client
    settings.SIGNING_KEYS_FILE = path if which == "signature" else signature
    restart()
    yield path
    restart()


def restart() -> None:
    for kept in (client_keys.ours, client_keys.published, op_keys.ours):
        kept.cache_clear()


def rotate(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *arguments, stdout=said, stderr=StringIO())
    return said.getvalue().replace("\u202f", " ")


def active_kid(path: Path, alg: str = "ES256") -> object:
    found = key_rotation.active(json.loads(path.read_text()), alg)
    assert found
    return found["kid"]


def published(which: str) -> list[str]:
    restart()
    if which == "client":
        return [key["kid"] for key in json.loads(client_keys.published())["keys"]]
    return [key["kid"] for key in jose.public_jwks(op_keys.ours())["keys"]]


def pass_a_day(path: Path) -> None:
    document = json.loads(path.read_text())
    for key in document["keys"]:
        for name in {"iat", "nbf"} & key.keys():
            key[name] -= DAY
    path.write_text(json.dumps(document))


def test_a_key_is_published_before_it_serves_and_leaves_after(which: str, file: Path) -> None:
    old = active_kid(file)
    rotate(which, "annoncer", "ES256")
    assert active_kid(file) == old
    (new,) = (key["kid"] for key in json.loads(file.read_text())["keys"] if "iat" in key)
    assert {old, new} <= set(published(which))
    pass_a_day(file)
    rotate(which, "activer", "ES256")
    assert active_kid(file) == new
    assert {old, new} <= set(published(which))
    pass_a_day(file)
    said = rotate(which, "retirer", "ES256")
    assert f"ES256 : active {new}" in said
    assert old not in published(which)
    assert file.stat().st_mode & 0o777 == 0o600


def test_every_algorithm_is_rotated_when_none_is_named(which: str, file: Path) -> None:
    before = published(which)
    rotate(which, "annoncer")
    assert len(published(which)) == 2 * len(before)
    rotate(which, "activer", "--sans-attendre")
    assert not set(before) & {
        str(key["kid"]) for key in json.loads(file.read_text())["keys"][: len(before)]
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("activer", "ES256"), "ES256 : aucune clé n’est annoncée"),
        (("retirer", "ES256"), "ES256 : aucune ancienne clé à retirer"),
        (("annoncer", "HS256"), "Algorithme inconnu : HS256"),
    ],
)
def test_a_step_out_of_order_changes_nothing(
    arguments: tuple[str, ...], sentence: str, which: str, file: Path
) -> None:
    before = file.read_bytes()
    with pytest.raises(CommandError) as refusal:
        rotate(which, *arguments)
    assert sentence in str(refusal.value).replace("\u202f", " ")
    assert file.read_bytes() == before
    assert not Entry.objects.exists()


def test_a_step_too_early_changes_nothing_for_any_algorithm(which: str, file: Path) -> None:
    rotate(which, "annoncer")
    before = file.read_bytes()
    with pytest.raises(CommandError, match="trop tôt"):
        rotate(which, "activer")
    assert file.read_bytes() == before
    assert {line.event for line in Entry.objects.all()} == {"OUR_KEY_ANNOUNCED"}


def lines() -> list[tuple[str, dict[str, Any]]]:
    kept = Entry.objects.order_by("id")
    assert {line.actor for line in kept} <= {"manage.py:rotate_keys"}
    return [(line.event, line.facts) for line in kept]


def test_each_step_is_journalled_with_the_names_of_the_keys(which: str, file: Path) -> None:
    old, key = active_kid(file), f"{which}_keys:ES256"
    for step in ("annoncer", "activer", "retirer"):
        rotate(which, step, "ES256", *([] if step == "annoncer" else ["--sans-attendre"]))
    kids = {"object": key, "kid": active_kid(file), "former_kids": old}
    assert lines() == [
        ("OUR_KEY_ANNOUNCED", kids),
        ("OUR_KEY_ACTIVATED", {**kids, "reason": "compromised"}),
        ("OUR_KEYS_RETIRED", {**kids, "reason": "compromised"}),
    ]


def test_the_journal_never_holds_a_key(which: str, file: Path) -> None:
    rotate(which, "annoncer")
    keys = json.loads(file.read_text())["keys"]
    told = str(list(Entry.objects.values_list("facts", flat=True)))
    assert keys[-1]["kid"] in told
    members = {"d", "n", "p", "q", "dp", "dq", "qi", "x", "y"}
    assert not [key for key in keys for name in members & key.keys() if key[name] in told]


def test_a_key_that_an_operator_named_their_own_way_can_be_replaced(which: str, file: Path) -> None:
    document = json.loads(file.read_text())
    for key in document["keys"]:
        key["kid"] = f"clé {key['alg']} de 2025"
    file.write_text(json.dumps(document))
    rotate(which, "annoncer", "ES256")
    assert lines()[0][1]["former_kids"] == "cl--ES256-de-2025"


def test_no_key_changes_when_the_journal_cannot_tell(which: str, file: Path) -> None:
    before = file.read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO audit_entry_away")
    with pytest.raises(ProgrammingError):
        rotate(which, "annoncer", "ES256")
    assert file.read_bytes() == before


def test_nothing_is_told_of_a_file_that_could_not_be_written(which: str, file: Path) -> None:
    file.with_name(f"{file.name}.new").mkdir()
    with pytest.raises(OSError):
        rotate(which, "annoncer", "ES256")
    assert not Entry.objects.exists()


def test_the_state_is_told_without_a_secret(which: str, file: Path) -> None:
    rotate(which, "annoncer", "RS256")
    said = rotate(which, "état")
    assert f"ES256 : active {active_kid(file)}" in said
    assert "annoncée" in said
    for key in json.loads(file.read_text())["keys"]:
        assert key["d"] not in said


def test_a_file_that_is_not_ours_is_left_alone(which: str, file: Path) -> None:
    file.write_text("not keys")
    with pytest.raises(CommandError, match="pas un fichier de clés"):
        rotate(which, "annoncer")
    assert file.read_text() == "not keys"
    file.unlink()
    with pytest.raises(CommandError, match="n’existe pas, ou ne peut pas être lu"):
        rotate(which, "annoncer")
    shutil.rmtree(file.parent)
    with pytest.raises(CommandError, match="ou rien n’y est écrit"):
        rotate(which, "annoncer")
