"""Faults of signatures (RFC 7515, RFC 8725): each forgery is really made, not merely announced.

`apps.protocol.jose` cannot make them, since it cannot verify them: headers and signatures are
written here by hand.
"""

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from apps.protocol import jose
from apps.protocol.jose import Alg, Key, KeySet
from apps.sandbox.identity_provider.faults.fault import Fault, Members, Outcome

_REFUSED: Final = "Y029011"
_SIGNED_USERINFO: Final = frozenset({"ameli"})


@functools.cache
def stranger_key(alg: Alg) -> Key:
    """Return a key that nobody publishes."""
    return jose.load_private_keys({"keys": [jose.generate_jwk(alg)]}).keys[0]


def broken(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Sign, then alter the signature."""
    token = jose.sign(claims, keys.for_alg(alg))
    signing_input, _, signature = token.rpartition(".")
    forged = bytes([signature.encode()[0] ^ 1]) + signature.encode()[1:]
    return f"{signing_input}.{forged.decode()}"


def unsigned(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Announce alg none, and leave the signature empty (RFC 8725 §2.1)."""
    return _signing_input({"alg": "none"}, _json(claims)) + "."


def keyed_with_the_public_key(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Sign with HS256, the published key being the secret: whoever reads it can (RFC 8725 §2.1)."""
    key = keys.for_alg(alg)
    signing_input = _signing_input({"alg": "HS256", "kid": key.kid}, _json(claims))
    secret = key.jwk.export_to_pem(private_key=False)
    return f"{signing_input}.{_encode(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


def with_its_own_key(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Carry the key that verifies the token in its own header (RFC 7515 §4.1.3)."""
    stranger = stranger_key(alg)
    public = stranger.jwk.export_public(as_dict=True)
    return _signed({"alg": alg.value, "jwk": public}, _json(claims), stranger)


def under_a_known_name(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Sign with a key that is not published, under the `kid` of one that is."""
    return jose.sign(claims, Key(keys.for_alg(alg).kid, alg, stranger_key(alg).jwk))


def with_a_key_nobody_published(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Sign with a new key before publishing it."""
    return jose.sign(claims, stranger_key(alg))


def with_another_algorithm(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Sign with a published key whose algorithm is not the one that was registered."""
    return jose.sign(claims, next(key for key in keys.keys if key.alg is not alg))


def without_kid(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Leave out which key signed, which is allowed while only one fits (OIDC Core §10.1)."""
    return _signed({"alg": alg.value}, _json(claims), keys.for_alg(alg))


def with_a_repeated_member(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Name two persons in one token: parsers disagree on which of them is meant (RFC 8259 §4)."""
    key = keys.for_alg(alg)
    payload = b'{"sub":"quelqu-un-d-autre",' + _json(claims)[1:]
    return _signed({"alg": alg.value, "kid": key.kid}, payload, key)


def _signed(header: Members, payload: bytes, key: Key) -> str:
    signing_input = _signing_input(header, payload)
    return f"{signing_input}.{_encode(_raw_signature(signing_input.encode(), key))}"


def _raw_signature(signing_input: bytes, key: Key) -> bytes:
    """Return a signature as JWS writes it: r then s for ECDSA (RFC 7518 §3.4)."""
    private = key.jwk.get_op_key("sign")
    if isinstance(private, rsa.RSAPrivateKey):
        return private.sign(signing_input, padding.PKCS1v15(), SHA256())
    r, s = decode_dss_signature(private.sign(signing_input, ec.ECDSA(SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def _signing_input(header: Members, payload: bytes) -> str:
    return f"{_encode(_json(header))}.{_encode(payload)}"


def _json(members: Members) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _refused(
    slug: str,
    label: str,
    what: str,
    sign: Callable[[Members, KeySet, Alg], str],
    expected: str = _REFUSED,
) -> Fault:
    return Fault(slug, label, what, expected, sign_id_token=sign)


SIGNATURES: Final = (
    _refused(
        "mauvaise-signature",
        "signature altérée",
        "La signature de l’ID token ne correspond pas à son contenu.",
        broken,
    ),
    _refused(
        "alg-none",
        "ID token sans signature (alg none)",
        "L’ID token annonce qu’il n’est pas signé.",
        unsigned,
    ),
    _refused(
        "hs256-cle-publique",
        "HS256 avec la clé publique",
        "La clé publique, que chacun peut lire, sert de secret à une signature HS256.",
        keyed_with_the_public_key,
    ),
    _refused(
        "cle-dans-l-en-tete",
        "clé fournie dans l’en-tête (jwk)",
        "L’ID token apporte lui-même la clé qui doit le vérifier.",
        with_its_own_key,
    ),
    _refused(
        "cle-inconnue",
        "clé non publiée, kid inconnu",
        "L’ID token est signé par une clé qui ne figure pas parmi celles du site.",
        with_a_key_nobody_published,
        "Y029020",
    ),
    _refused(
        "cle-usurpee",
        "clé non publiée, kid connu",
        "Une clé qui n’est pas publiée signe sous le nom d’une clé qui l’est.",
        under_a_known_name,
    ),
    _refused(
        "autre-algorithme",
        "autre algorithme que celui enregistré",
        "L’ID token est signé par une clé publiée, mais avec un autre algorithme.",
        with_another_algorithm,
    ),
    _refused(
        "membre-double",
        "deux sub dans l’ID token",
        "L’ID token, bien signé, nomme deux personnes.",
        with_a_repeated_member,
    ),
    Fault(
        "sans-kid",
        "kid absent",
        "L’ID token ne dit pas quelle clé l’a signé. Une seule convient\u202f: c’est permis.",
        outcome=Outcome.ACCEPTED,
        sign_id_token=without_kid,
    ),
    Fault(
        "cle-changee-entre-deux-appels",
        "clé changée entre /token et /userinfo",
        "L’identité est signée par une nouvelle clé, pas encore publiée.",
        "Y029020",
        sites=_SIGNED_USERINFO,
        sign_userinfo=with_a_key_nobody_published,
    ),
    Fault(
        "identite-mal-signee",
        "signature de /userinfo altérée",
        "La signature de l’identité ne correspond pas à son contenu.",
        "Y020027",
        sites=_SIGNED_USERINFO,
        sign_userinfo=broken,
    ),
)
