"""The keys of a development machine are made once, kept private and never replaced."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apps.protocol import client_keys
from apps.protocol.jose import Alg, load_private_keys
from franceconnect import secrets


def read_keys(folder: Path) -> dict[str, str]:
    lines = (folder / "secrets.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_four_different_keys_of_256_bits(folder: Path) -> None:
    secrets.ensure(folder)
    keys = read_keys(folder)
    assert list(keys) == ["SECRET_KEY", "IDENTITY_HASH_KEY", "SUBJECT_SECRET", "SEALING_KEY"]
    assert {len(value) for value in keys.values()} == {43}
    assert len(set(keys.values())) == 4


def test_es256_is_published_before_rs256(folder: Path) -> None:
    secrets.ensure(folder)
    document = json.loads((folder / "signing-keys.json").read_text())
    assert [key["alg"] for key in document["keys"]] == ["ES256", "RS256"]
    assert all(key["kid"] and key["use"] == "sig" for key in document["keys"])
    assert load_private_keys(document).for_alg(Alg.RS256)


def test_our_keys_as_a_client_are_complete_and_apart_from_those_that_sign(folder: Path) -> None:
    secrets.ensure(folder)
    ours = client_keys.load(json.loads((folder / "client-keys.json").read_text()))
    signing = json.loads((folder / "signing-keys.json").read_text())["keys"]
    assert not {key.kid for key in ours.signing.keys} & {key["kid"] for key in signing}


@pytest.mark.parametrize("name", ["secrets.env", "signing-keys.json", "client-keys.json"])
def test_only_their_owner_may_read_them(folder: Path, name: str) -> None:
    secrets.ensure(folder)
    assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_never_replaced(folder: Path) -> None:
    secrets.ensure(folder)
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    secrets.ensure(folder)
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before


def test_a_key_of_a_later_version_is_added_to_the_others(folder: Path) -> None:
    (folder / "secrets.env").write_text("SECRET_KEY=mine\nOTHER=kept\n")
    secrets.ensure(folder)
    keys = read_keys(folder)
    assert (keys["SECRET_KEY"], keys["OTHER"]) == ("mine", "kept")
    assert len(keys) == 5


def test_many_callers_at_once_agree(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(secrets.ensure, [folder] * 8))
    assert len(read_keys(folder)) == 4
    assert len(json.loads((folder / "signing-keys.json").read_text())["keys"]) == 2
