"""What a provider's error means for the citizen: a closed vocabulary."""

import pytest

from apps.protocol import decline
from apps.protocol.decline import Decline


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        ("access_denied", Decline.CANCELLED),
        ("unmet_authentication_requirements", Decline.UNVERIFIED),
        ("temporarily_unavailable", Decline.FAILING),
        ("server_error", Decline.FAILING),
        ("login_required", Decline.OTHER),
        ("invalid_scope", Decline.OTHER),
        ("ACCESS_DENIED", Decline.OTHER),
        ("<script>", Decline.OTHER),
        ("", Decline.OTHER),
    ],
)
def test_an_error_has_one_meaning_and_an_unknown_one_has_none(error: str, meaning: Decline) -> None:
    assert decline.parse(error) is meaning


def test_every_meaning_fits_its_column() -> None:
    assert max(map(len, Decline)) <= 16
