"""Every way that a provider may be registered, really spoken with, and what it may not do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.test import Client

from apps.broker.models import SignIn
from apps.broker.rp.backend import ProviderBackend
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose, jwe
from apps.protocol.jwe import KeyManagement
from tests.builders import an_identity_provider
from tests.driver import Browser
from tests.programmable_idp import CLIENT_ID, ProgrammableIdp

pytestmark = pytest.mark.django_db
KEYS_PATH = "/api/v2/client/.well-known/keys"


@dataclass(frozen=True)
class Speech:
    """One way to speak: how we prove ourselves, and how the two answers are protected."""

    auth_method: str
    assertion_alg: jose.Alg | None
    id_token_alg: jose.Alg
    id_token_encryption: KeyManagement | None
    userinfo_alg: jose.Alg | None
    userinfo_encryption: KeyManagement | None

    def columns(self) -> dict[str, str | None]:
        def enc(alg: KeyManagement | None) -> str | None:
            return "A256GCM" if alg else None

        return {
            "token_endpoint_auth_method": self.auth_method,
            "token_endpoint_auth_signing_alg": self.assertion_alg,
            "id_token_signed_response_alg": self.id_token_alg,
            "id_token_encrypted_response_alg": self.id_token_encryption,
            "id_token_encrypted_response_enc": enc(self.id_token_encryption),
            "userinfo_signed_response_alg": self.userinfo_alg,
            "userinfo_encrypted_response_alg": self.userinfo_encryption,
            "userinfo_encrypted_response_enc": enc(self.userinfo_encryption),
        }

    def teach(self, idp: ProgrammableIdp) -> None:
        idp.auth_method = self.auth_method
        idp.assertion_alg = self.assertion_alg or jose.Alg.ES256
        idp.signing_alg = self.id_token_alg
        idp.id_token_encryption = self.id_token_encryption
        idp.userinfo_alg = self.userinfo_alg
        idp.userinfo_encryption = self.userinfo_encryption


METHODS = [
    ("client_secret_post", None),
    ("client_secret_basic", None),
    ("private_key_jwt", jose.Alg.ES256),
    ("private_key_jwt", jose.Alg.RS256),
]
ENCRYPTIONS = [None, *KeyManagement]
USERINFO = [(None, None), *product(jose.Alg, ENCRYPTIONS)]
SPEECHES = [
    Speech(method, assertion_alg, id_token_alg, id_token_encryption, alg, encryption)
    for (method, assertion_alg), id_token_alg, id_token_encryption, (alg, encryption) in product(
        METHODS, jose.Alg, ENCRYPTIONS, USERINFO
    )
]
SIMPLE = Speech("client_secret_post", None, jose.Alg.ES256, None, None, None)
RICH = Speech(
    "private_key_jwt",
    jose.Alg.ES256,
    jose.Alg.ES256,
    KeyManagement.RSA_OAEP_256,
    jose.Alg.ES256,
    KeyManagement.ECDH_ES,
)


@pytest.fixture
def idp(idp: ProgrammableIdp, client: Client) -> Iterator[ProgrammableIdp]:
    """A provider that has read what we publish."""
    idp.client_keys = client.get(KEYS_PATH).content
    return idp


def exchange(idp: ProgrammableIdp, provider: IdentityProvider) -> Any:
    """Play one trip: the citizen signs in there, we redeem the code and read who it is."""
    trip, request = idp.trip()
    return ProviderBackend(provider).exchange(request, trip)


def register(provider: IdentityProvider, speech: Speech) -> None:
    for name, value in speech.columns().items():
        setattr(provider, name, value)


def test_the_registry_allows_what_we_speak(idp: ProgrammableIdp) -> None:
    provider = an_identity_provider(idp)
    for speech in (*SPEECHES[: len(USERINFO)], *SPEECHES[:: len(USERINFO)]):
        register(provider, speech)
        provider.full_clean()


def test_every_combination_that_the_registry_allows_is_spoken(idp: ProgrammableIdp) -> None:
    provider = an_identity_provider(idp)
    assert len(SPEECHES) == 4 * 3 * 4 * 13
    for speech in SPEECHES:
        register(provider, speech)
        speech.teach(idp)
        answer = exchange(idp, provider)
        assert answer.id_token.sub == answer.claims["sub"] == idp.person["sub"], speech
        assert answer.id_token_hint.count(".") == 2, speech


@pytest.mark.parametrize(
    "speech",
    [
        SIMPLE,
        RICH,
        Speech("client_secret_basic", None, jose.Alg.ES256, None, jose.Alg.ES256, None),
        Speech("client_secret_post", None, jose.Alg.HS256, None, None, None),
        Speech(
            "client_secret_basic",
            None,
            jose.Alg.HS256,
            None,
            jose.Alg.HS256,
            KeyManagement.RSA_OAEP,
        ),
        Speech(
            "private_key_jwt", jose.Alg.RS256, jose.Alg.RS256, KeyManagement.ECDH_ES, None, None
        ),
    ],
    ids=["simple", "rich", "Assurance Maladie", "legacy", "legacy encrypted", "RS256"],
)
def test_a_citizen_signs_in_whatever_the_provider_speaks(speech: Speech, browser: Browser) -> None:
    IdentityProvider.objects.update(**speech.columns())
    speech.teach(browser.idp)
    assert "code=" in browser.sign_in()


def refusal(browser: Browser, tell: Callable[[ProgrammableIdp], None]) -> str:
    """Come back from a rich provider that misbehaves; return the page."""
    IdentityProvider.objects.update(**RICH.columns())
    departing = browser.choose(browser.ask(prompt="login")["Location"])
    RICH.teach(browser.idp)
    tell(browser.idp)
    page = browser.come_back(departing).content.decode()
    assert SignIn.objects.latest("expires_at").sealed is None
    return page


def setting(**values: Any) -> Callable[[ProgrammableIdp], None]:
    return lambda idp: [setattr(idp, name, value) for name, value in values.items()] and None


OTHER_KEY = jwe.load_private_keys({"keys": [jwe.generate_jwk("ECDH-ES")]})
STRANGER = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]})


def to_another(token: str) -> str:
    return jwe.encrypt(token, OTHER_KEY[0], jwe.ContentEncryption.A256GCM)


def signed_by_a_stranger(idp: ProgrammableIdp) -> None:
    kid = idp.keys.for_alg(jose.Alg.ES256).kid
    key = jose.Key(kid, jose.Alg.ES256, STRANGER.keys[0].jwk)
    idp.sign = lambda claims, alg: jose.sign(claims, key)  # type: ignore[method-assign]


def unsigned(idp: ProgrammableIdp) -> None:
    idp.sign = lambda claims, alg: '{"sub":"angele"}'  # type: ignore[method-assign]


LIES: dict[str, tuple[Callable[[ProgrammableIdp], None], str]] = {
    "S-092 plain ID token": (setting(id_token_encryption=None), "Y029018"),
    "S-092 plain userinfo": (setting(userinfo_encryption=None), "Y020027"),
    "S-092 ID token by another algorithm": (setting(id_token_encryption=KeyManagement.ECDH_ES), "Y029018"),
    "S-092 userinfo by another algorithm": (setting(userinfo_encryption=KeyManagement.RSA_OAEP), "Y020027"),
    "S-092 nothing signed inside": (unsigned, "Y029011"),
    "S-092 signed inside by a stranger": (signed_by_a_stranger, "Y029011"),
    "S-083 ID token for another key": (setting(alter_jws=to_another), "Y029018"),
    "S-083 userinfo for another key": (setting(alter_userinfo_jwt=to_another), "Y020027"),
    "S-092 userinfo as JSON": (setting(userinfo_alg=None), "Y020027"),
    "the provider refuses our assertion": (setting(assertion_alg=jose.Alg.RS256), "Y020026"),
}  # fmt: skip


@pytest.mark.parametrize(("tell", "code"), LIES.values(), ids=LIES)
def test_S_092_a_provider_that_encrypts_otherwise_than_registered_is_refused(
    tell: Callable[[ProgrammableIdp], None], code: str, browser: Browser
) -> None:
    assert code in refusal(browser, tell)


def test_S_092_an_encrypted_token_is_refused_when_none_is_registered(browser: Browser) -> None:
    browser.idp.id_token_encryption = KeyManagement.ECDH_ES
    departing = browser.choose(browser.ask()["Location"])
    assert "Y029011" in browser.come_back(departing).content.decode()


def test_a_token_for_an_unknown_key_of_ours_makes_us_read_nothing_again(browser: Browser) -> None:
    browser.sign_in()
    browser.idp.received.clear()
    refusal(browser, setting(alter_userinfo_jwt=to_another))
    assert "/jwks" not in browser.idp.calls


@pytest.mark.parametrize("speech", [SIMPLE, RICH], ids=["simple", "rich"])
def test_OIDC_Core_s3_1_3_6_at_hash_binds_the_access_token_when_it_is_there(
    speech: Speech, browser: Browser
) -> None:
    IdentityProvider.objects.update(**speech.columns())
    speech.teach(browser.idp)
    right = "sda5G2fCr6XjIpiNlGJjjQ"  # of the access token "at"
    for at_hash, accepted in (
        (right, True),
        (right.lower(), False),
        ("", False),
        (3, False),
        (None, False),
    ):
        browser.idp.alter_id_token = lambda claims, value=at_hash: {**claims, "at_hash": value}
        departing = browser.choose(browser.ask(prompt="login")["Location"])
        response = browser.come_back(departing)
        assert (response.status_code == 303) is accepted, at_hash
        assert ("Y029017" in response.content.decode()) is not accepted


def test_our_client_keys_are_published_for_anybody_to_keep_a_while(client: Client) -> None:
    response = client.get(KEYS_PATH)
    assert response["Content-Type"] == "application/jwk-set+json"
    assert response["Cache-Control"] == "public, max-age=600"
    served = [(key["use"], key["alg"]) for key in response.json()["keys"]]
    assert served == [
        ("enc", "ECDH-ES"),
        ("enc", "RSA-OAEP-256"),
        ("enc", "RSA-OAEP"),
        ("sig", "ES256"),
        ("sig", "RS256"),
    ]
    assert not any("d" in key for key in response.json()["keys"])
    assert client.post(KEYS_PATH).status_code == 405


def test_state_and_nonce_are_hexadecimal_for_providers_that_take_nothing_else(
    browser: Browser,
) -> None:
    browser.sign_in()
    (request,) = browser.idp.asked
    for name in ("state", "nonce"):
        assert len(request[name]) == 64
        assert set(request[name]) <= set("0123456789abcdef")
    assert request["client_id"] == CLIENT_ID
