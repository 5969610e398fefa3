"""PKCE: the vector of RFC 7636, and the shapes it allows."""

import pytest

from apps.protocol import pkce

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 Appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_RFC7636_appendix_B() -> None:
    assert pkce.challenge(VERIFIER) == CHALLENGE
    assert pkce.matches(VERIFIER, CHALLENGE)
    assert pkce.METHOD == "S256"


CHALLENGES = {
    "the vector": (CHALLENGE, True),
    "hyphens": ("-" * 43, True),
    "low lines": ("_" * 43, True),
    "42": ("f" * 42, False),
    "44": ("f" * 44, False),
    "129": ("f" * 129, False),
    "plus": ("f" * 42 + "+", False),
    "slash": ("f" * 42 + "/", False),
    "padding": ("f" * 42 + "=", False),
    "accent": ("f" * 42 + "é", False),
    "line break": ("f" * 43 + "\n", False),
    "empty": ("", False),
}


def test_RFC7636_s4_2_a_challenge_is_43_base64url_characters(subtests: pytest.Subtests) -> None:
    for row, (value, is_challenge) in CHALLENGES.items():
        with subtests.test(row):
            assert pkce.is_challenge(value) is is_challenge


@pytest.mark.parametrize("verifier", ["v" * 43, "v" * 128, "-._~" * 11, "0123456789" * 5])
def test_RFC7636_s4_1_a_verifier_of_43_to_128_unreserved_characters_answers(verifier: str) -> None:
    assert pkce.matches(verifier, pkce.challenge(verifier))


@pytest.mark.parametrize("verifier", ["", "v" * 42, "v" * 129, "v" * 42 + "+", "v" * 43 + "\n"])
def test_RFC7636_s4_1_a_verifier_of_another_shape_never_answers(verifier: str) -> None:
    assert not pkce.matches(verifier, pkce.challenge(verifier))


@pytest.mark.parametrize(
    "challenge", [CHALLENGE[:-1], CHALLENGE + "=", CHALLENGE.lower(), VERIFIER, "", "é" * 43]
)
def test_RFC7636_s4_6_another_challenge_is_not_answered(challenge: str) -> None:
    assert not pkce.matches(VERIFIER, challenge)
    assert not pkce.matches("é" * 43, CHALLENGE)
