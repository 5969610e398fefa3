"""Forged tokens and strange identities of a provider, over HTTP: none of them is believed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.apps import apps

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import Grant, SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.protocol import jose
from apps.service_providers.models import ServiceProvider
from tests.builders import an_identity_provider
from tests.driver import Browser, query_of, read_userinfo, redeem
from tests.programmable_idp import KEYS, Canned, ProgrammableIdp

pytestmark = pytest.mark.django_db

SIGNATURE = "Y029011"
UNKNOWN_KEY = "Y029020"
KEY = KEYS.for_alg(jose.Alg.ES256)
STRANGER = jose.load_private_keys({"keys": [jose.generate_jwk("ES256")]}).keys[0]
PUBLIC = {name: KEY.jwk.export_public(as_dict=True)[name] for name in ("kty", "crv", "x", "y")}
_NUMBERS = KEY.jwk.get_op_key("verify")
PEM: bytes = _NUMBERS.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER: bytes = _NUMBERS.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
WHERE_KEYS_ARE_OFFERED = "/keys-of-the-attacker"

Forge = Callable[[dict[str, Any], ProgrammableIdp], str]


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signing_input(header: dict[str, Any], payload: bytes) -> str:
    return f"{encode(json.dumps(header).encode())}.{encode(payload)}"


def signed(header: dict[str, Any], payload: bytes, key: jose.Key = KEY) -> str:
    """Return an ES256 JWS with any header and any payload: the signature is good."""
    text = signing_input(header, payload)
    r, s = decode_dss_signature(key.jwk.get_op_key("sign").sign(text.encode(), ec.ECDSA(SHA256())))
    return f"{text}.{encode(r.to_bytes(32) + s.to_bytes(32))}"


def headed(key: jose.Key = KEY, **members: Any) -> Forge:
    """Return a forgery whose header has these members; one that is None is left out."""

    def forge(claims: dict[str, Any], idp: ProgrammableIdp) -> str:
        header = {"alg": "ES256", "kid": KEY.kid, **members}
        kept = {name: value for name, value in header.items() if value is not None}
        addressed = json.loads(json.dumps(kept).replace("ISSUER", idp.issuer))
        return signed(addressed, json.dumps(claims).encode(), key)

    return forge


def unsigned(**header: Any) -> Forge:
    return lambda claims, idp: signing_input(header, json.dumps(claims).encode()) + "."


def hmac_keyed(secret: bytes) -> Forge:
    """Return a forgery signed with HS256 under bytes that are public."""

    def forge(claims: dict[str, Any], idp: ProgrammableIdp) -> str:
        text = signing_input({"alg": "HS256", "kid": KEY.kid}, json.dumps(claims).encode())
        return f"{text}.{encode(hmac.digest(secret, text.encode(), hashlib.sha256))}"

    return forge


def zero_signature(claims: dict[str, Any], idp: ProgrammableIdp) -> str:
    return jose.sign(claims, KEY).rpartition(".")[0] + "." + encode(b"\0" * 64)


def repeated_sub(claims: dict[str, Any], idp: ProgrammableIdp) -> str:
    payload = b'{"sub":"somebody-else",' + json.dumps(claims).encode()[1:]
    return signed({"alg": "ES256", "kid": KEY.kid}, payload)


def public_jwk(key: jose.Key) -> dict[str, str]:
    exported: dict[str, str] = key.jwk.export_public(as_dict=True)
    return exported


FORGERIES: dict[str, Forge] = {
    "S-078 alg None": unsigned(alg="None"),
    "S-078 alg NONE": unsigned(alg="NONE"),
    "S-078 alg empty": unsigned(alg=""),
    "S-078 alg absent": unsigned(typ="JWT"),
    "S-078 alg null": unsigned(alg=None),
    "S-078 good signature, alg none": headed(alg="none"),
    "S-079 PEM": hmac_keyed(PEM),
    "S-079 PEM after a space": hmac_keyed(b" " + PEM),
    "S-079 PEM after a line break": hmac_keyed(b"\n" + PEM),
    "S-079 PEM after a byte order mark": hmac_keyed(b"\xef\xbb\xbf" + PEM),
    "S-079 PEM without its last line break": hmac_keyed(PEM.strip()),
    "S-079 DER": hmac_keyed(DER),
    "S-079 JWK": hmac_keyed(json.dumps(PUBLIC).encode()),
    "S-079 empty key": hmac_keyed(b""),
    "S-080 jwk": headed(STRANGER, jwk=public_jwk(STRANGER)),
    "S-080 jwk without kid": headed(STRANGER, kid=None, jwk=public_jwk(STRANGER)),
    "S-080 jku": headed(STRANGER, jku=f"ISSUER{WHERE_KEYS_ARE_OFFERED}"),
    "S-080 x5u": headed(STRANGER, x5u=f"ISSUER{WHERE_KEYS_ARE_OFFERED}"),
    "S-080 x5c": headed(STRANGER, x5c=["MIIB"]),
    "S-080 jku beside the right key": headed(jku=f"ISSUER{WHERE_KEYS_ARE_OFFERED}"),
    "S-081 kid is a path": headed(STRANGER, kid="../../../../dev/null"),
    "S-081 kid is SQL": headed(STRANGER, kid="' OR 1=1 --"),
    "S-081 kid is an address": headed(STRANGER, kid=f"ISSUER{WHERE_KEYS_ARE_OFFERED}"),
    "S-081 kid of 10 kB": headed(STRANGER, kid="k" * 10_000),
    "S-081 kid is a list": headed(kid=[KEY.kid]),
    "S-081 kid is a number": headed(kid=0),
    "S-081 kid is a NUL": headed(STRANGER, kid="\0"),
    "S-082 crit": headed(crit=["x"], x=1),
    "S-082 b64": headed(b64=False, crit=["b64"]),
    "S-095 two sub": repeated_sub,
    "S-111 r = s = 0": zero_signature,
}


def forge_with(idp: ProgrammableIdp, forge: Forge) -> None:
    idp.sign = lambda claims, alg: forge(claims, idp)  # type: ignore[method-assign]


def refused(browser: Browser, tell: Callable[[ProgrammableIdp], object]) -> str:
    """Return the code of the refusal, after checking that nothing came of the sign-in."""
    departure = browser.choose(browser.ask()["Location"])
    tell(browser.idp)
    page = browser.come_back(departure).content.decode()
    line = Entry.objects.get(event="SIGN_IN_REFUSED")
    assert line.code in page
    assert not Account.objects.exists()
    assert not Grant.objects.exists()
    assert not SsoSession.objects.exists()
    return line.code


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_id_token_is_refused_and_nothing_else_is_fetched(
    forge: Forge, browser: Browser
) -> None:
    code = refused(browser, lambda idp: forge_with(idp, forge))
    assert code in (SIGNATURE, UNKNOWN_KEY)
    assert set(browser.idp.calls) <= {"/.well-known/openid-configuration", "/token", "/jwks"}


def test_R06_a_token_without_kid_is_believed_when_one_key_fits(browser: Browser) -> None:
    forge_with(browser.idp, headed(kid=None))
    assert "code=" in browser.sign_in()


def test_R07_S_083_a_token_without_kid_is_refused_when_several_keys_fit(browser: Browser) -> None:
    browser.idp.keys = jose.KeySet((KEY, STRANGER))
    assert refused(browser, lambda idp: forge_with(idp, headed(kid=None))) == SIGNATURE


@pytest.mark.parametrize(
    "change",
    [{"use": "enc"}, {"alg": "RS256"}, {"key_ops": ["encrypt"]}, {"x": PUBLIC["y"]}],
    ids=["S-083 use enc", "S-083 another alg", "S-083 key_ops", "S-111 point off the curve"],
)
def test_S_083_S_111_a_key_that_serves_something_else_or_nothing_verifies_nothing(
    change: dict[str, Any], browser: Browser
) -> None:
    wrong, sane = {**PUBLIC, "kid": KEY.kid, **change}, {**PUBLIC, "kid": "another"}
    published = json.dumps({"keys": [wrong, sane]}).encode()
    browser.idp.canned["/jwks"] = Canned(published)
    assert refused(browser, lambda idp: None) == UNKNOWN_KEY  # such a key is as good as absent


def test_R08_rs256_is_believed_when_it_is_registered(browser: Browser) -> None:
    IdentityProvider.objects.update(id_token_signed_response_alg="RS256")
    browser.idp.signing_alg = jose.Alg.RS256
    assert "code=" in browser.sign_in()


# --- Claims -----------------------------------------------------------------------------------------


def id_token(**claims: Any) -> Callable[[ProgrammableIdp], object]:
    def tell(idp: ProgrammableIdp) -> None:
        idp.alter_id_token = lambda honest: {**honest, **claims}

    return tell


def test_S_084_the_nonce_of_an_older_trip_is_refused(browser: Browser) -> None:
    older = query_of(browser.choose(browser.ask()["Location"])["Location"])["nonce"]
    assert refused(browser, id_token(nonce=older)) == "Y029015"


@pytest.mark.parametrize("change", [lambda nonce: [nonce], str.upper, lambda nonce: nonce + " "])
def test_S_084_a_nonce_that_is_nearly_ours_is_refused(
    change: Callable[[str], object], browser: Browser
) -> None:
    def tell(idp: ProgrammableIdp) -> None:
        idp.alter_id_token = lambda claims: {**claims, "nonce": change(claims["nonce"])}

    assert refused(browser, tell) == "Y029015"


def test_S_088_an_audience_of_one_is_believed(browser: Browser) -> None:
    browser.idp.alter_id_token = lambda claims: {**claims, "aud": [claims["aud"]]}
    assert "code=" in browser.sign_in()


@pytest.fixture
def twin(browser: Browser) -> Iterator[ProgrammableIdp]:
    """Another provider, where we have the same client_id, and which has the same keys."""
    provider = ProgrammableIdp()
    an_identity_provider(provider, "ameli")
    yield provider
    provider.stop()


def test_S_089_a_token_of_one_provider_is_refused_in_the_trip_to_another(
    browser: Browser, twin: ProgrammableIdp
) -> None:
    def tell(idp: ProgrammableIdp) -> None:
        idp.alter_id_token = lambda claims: {**claims, "iss": twin.issuer}

    assert refused(browser, tell) == "Y029012"


def test_S_090_a_level_lower_than_asked_is_refused(browser: Browser) -> None:
    IdentityProvider.objects.update(allowed_acr=["eidas1", "eidas2"])
    ServiceProvider.objects.update(acr_values=["eidas1", "eidas2"])
    departure = browser.choose(browser.ask(acr_values="eidas2")["Location"])
    assert query_of(departure["Location"])["acr_values"] == "eidas2"
    browser.idp.acr = "eidas1"
    page = browser.come_back(departure).content.decode()
    assert "Y100001" in page
    assert not Account.objects.exists()
    assert not Grant.objects.exists()


@pytest.mark.parametrize("sub", ["", "s" * 256, "a\0b", "a\nb", "zoé", 7, None, ["a"]])
def test_S_101_a_sub_that_is_not_one_is_refused(sub: object, browser: Browser) -> None:
    assert refused(browser, id_token(sub=sub)) == "Y029016"


def test_S_101_the_same_person_under_a_new_sub_is_the_same_account(browser: Browser) -> None:
    first = redeem(query_of(browser.sign_in())["code"]).json()["access_token"]
    browser.idp.person["sub"] = "another-sub-at-the-provider"
    second = redeem(query_of(browser.sign_in(prompt="login"))["code"]).json()["access_token"]
    subs = [
        jose.unverified_claims(read_userinfo(t).content.decode())["sub"] for t in (first, second)
    ]
    assert subs[0] == subs[1]
    assert Account.objects.count() == 1


# --- Userinfo ---------------------------------------------------------------------------------------


def for_somebody_else(idp: ProgrammableIdp) -> None:
    idp.alter_userinfo = lambda claims: {**claims, "aud": "somebody-else"}


def by_somebody_else(idp: ProgrammableIdp) -> None:
    """Sign the ID token honestly, and userinfo with a key of another under the same name."""
    other = jose.Key(KEY.kid, KEY.alg, STRANGER.jwk)
    idp.sign = lambda claims, alg: jose.sign(claims, KEY if "nonce" in claims else other)  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "tell",
    [for_somebody_else, by_somebody_else],
    ids=["S-087 foreign aud", "S-087 key of another"],
)
def test_S_087_a_userinfo_that_is_not_signed_for_us_by_it_is_refused(
    tell: Callable[[ProgrammableIdp], None], browser: Browser
) -> None:
    IdentityProvider.objects.update(userinfo_signed_response_alg="ES256")
    browser.idp.userinfo_alg = jose.Alg.ES256
    assert refused(browser, tell) == "Y020027"


def test_S_095_a_userinfo_that_names_two_persons_is_refused(browser: Browser) -> None:
    body = b'{"sub":"somebody-else",' + json.dumps(browser.idp.person).encode()[1:]
    browser.idp.canned["/userinfo"] = Canned(body)
    assert refused(browser, lambda idp: None) == "Y020027"


UNREQUESTED = {
    "nir": "285037505600142",
    "address": {"formatted": "12 rue du Canari 75001 Paris"},
    "picture": "https://fi.example/photo-du-canari.jpg",
    "phone_number": "+33199001234",
}


def test_S_103_what_nobody_asked_for_is_dropped_at_the_door(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    browser.idp.person |= UNREQUESTED
    information = browser.to_information()
    shown = browser.client.get(information).content.decode()
    token = redeem(query_of(browser.go_on(information)["Location"])["code"]).json()["access_token"]
    given = jose.unverified_claims(read_userinfo(token).content.decode())
    kept = "".join(str(list(model.objects.values())) for model in apps.get_models())
    for name in UNREQUESTED:
        assert name not in given
    written = caplog.text
    for value in ("285037505600142", "Canari", "canari", "99001234"):
        assert value not in shown
        assert value not in str(given)
        assert value not in kept
        assert value not in written
