"""Announce, activate, retire: at each step, what partners keep of us is still good."""

from typing import Any

import pytest

from apps.protocol import key_rotation
from apps.protocol.key_rotation import DELAY, RotationError

NOW = 1_800_000_000
OLD = {"kid": "old", "alg": "ES256"}
OTHER = {"kid": "rsa", "alg": "RS256"}
NEW = {"kid": "new", "alg": "ES256"}
SET = {"keys": [OLD, OTHER]}


def kids(document: Any) -> list[str]:
    return [entry["kid"] for entry in document["keys"]]


def test_a_new_key_is_announced_behind_the_active_one() -> None:
    after = key_rotation.announce(SET, NEW, now=NOW)
    assert kids(after) == ["old", "rsa", "new"]
    assert key_rotation.active(after, "ES256") == OLD
    assert key_rotation.announced(after, "ES256") == {**NEW, "iat": NOW}


def test_an_announced_key_takes_the_place_and_the_former_stays_behind() -> None:
    announced = key_rotation.announce(SET, NEW, now=NOW)
    after = key_rotation.activate(announced, "ES256", now=NOW + DELAY, hurried=False)
    assert kids(after) == ["new", "old", "rsa"]
    assert key_rotation.announced(after, "ES256") is None
    assert key_rotation.former(after, "ES256") == [OLD]


def test_a_former_key_goes_once_nobody_can_rely_on_it() -> None:
    announced = key_rotation.announce(SET, NEW, now=NOW)
    active = key_rotation.activate(announced, "ES256", now=NOW + DELAY, hurried=False)
    after = key_rotation.retire(active, "ES256", now=NOW + 2 * DELAY, hurried=False)
    assert kids(after) == ["new", "rsa"]


def test_no_step_is_taken_before_its_time_unless_hurried() -> None:
    announced = key_rotation.announce(SET, NEW, now=NOW)
    early = NOW + DELAY - 1
    with pytest.raises(RotationError, match="too early"):
        key_rotation.activate(announced, "ES256", now=early, hurried=False)
    active = key_rotation.activate(announced, "ES256", now=early, hurried=True)
    with pytest.raises(RotationError, match="too early"):
        key_rotation.retire(active, "ES256", now=early + DELAY - 1, hurried=False)
    assert kids(key_rotation.retire(active, "ES256", now=early, hurried=True)) == ["new", "rsa"]


def test_a_step_that_has_nothing_to_do_is_refused() -> None:
    announced = key_rotation.announce(SET, NEW, now=NOW)
    with pytest.raises(RotationError, match="waits already"):
        key_rotation.announce(announced, {"kid": "third", "alg": "ES256"}, now=NOW + 1)
    with pytest.raises(RotationError, match="no key waits"):
        key_rotation.activate(SET, "ES256", now=NOW, hurried=True)
    with pytest.raises(RotationError, match="no former key"):
        key_rotation.retire(announced, "ES256", now=NOW, hurried=True)


def test_one_rotation_follows_another() -> None:
    document: Any = SET
    for turn, kid in enumerate(("second", "third")):
        now = NOW + turn * 3 * DELAY
        document = key_rotation.announce(document, {"kid": kid, "alg": "ES256"}, now=now)
        document = key_rotation.activate(document, "ES256", now=now + DELAY, hurried=False)
    assert kids(document) == ["third", "second", "old", "rsa"]
