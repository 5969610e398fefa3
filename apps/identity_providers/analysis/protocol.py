"""What a document announces of the protocol: flows, client authentication, algorithms, logout."""

from typing import Final

from apps.identity_providers.analysis import catalogue
from apps.identity_providers.analysis.findings import Finding
from apps.identity_providers.analysis.members import Document, listed, words
from apps.identity_providers.models import AUTH_METHODS
from apps.protocol import client_assertion, pkce
from apps.protocol.jose import MIN_SECRET_LENGTH, Alg

METHODS: Final = tuple(method for method, _ in AUTH_METHODS)
DEFAULT_METHOD: Final = "client_secret_basic"  # Discovery §3, when nothing is announced
ASSERTION_ALGS: Final = "token_endpoint_auth_signing_alg_values_supported"
ENCRYPTED: Final = {"id_token": "ID token", "userinfo": "userinfo"}
ABSENT: Final = "absent du document"


def judge(document: Document) -> list[Finding]:
    """Say what we could agree on with this provider."""
    return [
        _response_types(document),
        _token_auth(document),
        _pkce(document),
        _iss(document),
        _id_token_alg(document),
        _userinfo_alg(document),
        _encryption(document),
        _end_session(document),
    ]


def id_token_algs(document: Document) -> list[Alg]:
    """Return the algorithms that both sides know, ours preferred first."""
    return _ours(document, "id_token_signing_alg_values_supported")


def userinfo_algs(document: Document) -> list[Alg]:
    """Return the algorithms that both sides know for the identity; none is plain JSON."""
    return _ours(document, "userinfo_signing_alg_values_supported")


def auth_methods(document: Document) -> list[str]:
    """Return the client authentication methods that both sides know, ours preferred first.

    A signature is one of them unless the algorithms announced for it are none of ours.
    """
    given = words(document, "token_endpoint_auth_methods_supported") or (DEFAULT_METHOD,)
    known = [method for method in METHODS if method in given]
    if words(document, ASSERTION_ALGS) and not assertion_algs(document):
        known = [method for method in known if method != client_assertion.METHOD]
    return known


def assertion_algs(document: Document) -> list[Alg]:
    """Return the algorithms of private_key_jwt that both sides know, ours preferred first."""
    known = _ours(document, ASSERTION_ALGS)
    return [alg for alg in client_assertion.ALGORITHMS if alg in known]


def _ours(document: Document, member: str) -> list[Alg]:
    given = words(document, member) or ()
    return [alg for alg in Alg if alg.value in given]


def _response_types(document: Document) -> Finding:
    given = words(document, "response_types_supported")
    mend = "Demandez au fournisseur d’activer la cinématique du code et d’annoncer code."
    if given is None:
        return catalogue.RESPONSE_TYPES.warn(f"response_types_supported {ABSENT}", mend)
    if "code" in given:
        return catalogue.RESPONSE_TYPES.conform(listed(given))
    return catalogue.RESPONSE_TYPES.block(listed(given) or "liste vide", mend)


def _token_auth(document: Document) -> Finding:
    given = words(document, "token_endpoint_auth_methods_supported")
    shown = listed(given) if given else f"{ABSENT} : {DEFAULT_METHOD} par défaut"
    if auth_methods(document):
        return catalogue.TOKEN_AUTH.conform(shown)
    return catalogue.TOKEN_AUTH.block(
        shown, f"Demandez au fournisseur d’accepter l’une de ces méthodes : {', '.join(METHODS)}."
    )


def _pkce(document: Document) -> Finding:
    given = words(document, "code_challenge_methods_supported")
    if given and pkce.METHOD in given:
        return catalogue.PKCE.conform(listed(given))
    return catalogue.PKCE.warn(
        listed(given) if given else f"code_challenge_methods_supported {ABSENT}",
        "Demandez au fournisseur de vérifier PKCE avec S256, et de l’annoncer. Sans cela, la "
        "connexion fonctionne, mais un code volé peut servir.",
    )


def _iss(document: Document) -> Finding:
    member = "authorization_response_iss_parameter_supported"
    if document.get(member) is True:
        return catalogue.ISS.conform("annoncé, donc exigé à chaque retour")
    return catalogue.ISS.warn(
        f"{member} {ABSENT}" if document.get(member) is None else f"{member} n’est pas true",
        "Demandez au fournisseur d’ajouter iss à ses réponses, et de l’annoncer.",
    )


def _id_token_alg(document: Document) -> Finding:
    given = words(document, "id_token_signing_alg_values_supported")
    shown = listed(given) if given else f"id_token_signing_alg_values_supported {ABSENT}"
    known = id_token_algs(document)
    if Alg.ES256 in known:
        return catalogue.ID_TOKEN_ALG.conform(shown)
    if Alg.RS256 in known:
        return catalogue.ID_TOKEN_ALG.warn(
            shown, "RS256 fonctionne ; demandez au fournisseur s’il peut signer en ES256, préféré."
        )
    if known:
        return catalogue.ID_TOKEN_ALG.warn(
            shown,
            f"HS256 signe avec le secret partagé, d’au moins {MIN_SECRET_LENGTH} caractères : demandez plutôt ES256.",
        )
    return catalogue.ID_TOKEN_ALG.block(
        shown, "Demandez au fournisseur de signer en ES256, ou à défaut en RS256."
    )


def _userinfo_alg(document: Document) -> Finding:
    given = words(document, "userinfo_signing_alg_values_supported")
    known = userinfo_algs(document)
    if given and not known and "none" not in given:
        return catalogue.USERINFO_ALG.warn(
            listed(given),
            "Faites confirmer que l’identité peut être reçue en JSON, ou signée en ES256 ou RS256.",
        )
    if known:
        return catalogue.USERINFO_ALG.conform(listed(given or ()))
    return catalogue.USERINFO_ALG.conform("aucune annoncée : JSON non signé, admis")


def _encryption(document: Document) -> Finding:
    offered = [
        f"{title} : {listed(given)}"
        for answer, title in ENCRYPTED.items()
        if (given := words(document, f"{answer}_encryption_alg_values_supported"))
    ]
    return catalogue.ENCRYPTION.conform("\n".join(offered) or "non proposé")


def _end_session(document: Document) -> Finding:
    address = document.get("end_session_endpoint")
    if isinstance(address, str) and address:
        return catalogue.END_SESSION.conform(address[:512])
    return catalogue.END_SESSION.warn(
        f"end_session_endpoint {ABSENT}",
        "Demandez au fournisseur une adresse de déconnexion, et de la publier.",
    )
