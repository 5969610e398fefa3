"""The registered row beside what the provider publishes: what the row says and the provider denies."""

from apps.identity_providers.analysis import catalogue, identity, protocol
from apps.identity_providers.analysis.findings import Finding
from apps.identity_providers.analysis.members import Document, listed, missing, words
from apps.identity_providers.models import ADDRESSES, IdentityProvider
from apps.protocol import client_assertion


def judge(provider: IdentityProvider, document: Document) -> list[Finding]:
    """Say where the row and the document disagree."""
    return [
        _algorithms(provider, document),
        _encryption(provider, document),
        _auth(provider, document),
        _levels(provider, document),
        _scopes(provider, document),
        _addresses(provider, document),
    ]


def _algorithms(provider: IdentityProvider, document: Document) -> Finding:
    registered = {
        "ID token": (provider.id_token_signed_response_alg, protocol.id_token_algs(document)),
        "userinfo": (provider.userinfo_signed_response_alg, protocol.userinfo_algs(document)),
    }
    shown = listed(f"{what} : {alg or 'JSON non signé'}" for what, (alg, _) in registered.items())
    wrong = [
        f"{what} : {alg}" for what, (alg, known) in registered.items() if alg and alg not in known
    ]
    if not wrong:
        return catalogue.ROW_ALGORITHMS.conform(shown)
    observed = f"inscrit, non annoncé par le fournisseur : {listed(wrong)}"
    mend = "Inscrivez un algorithme que le fournisseur annonce, ou demandez-lui d’activer celui-ci."
    if wrong[0].startswith("ID token"):
        return catalogue.ROW_ALGORITHMS.block(observed, mend)
    return catalogue.ROW_ALGORITHMS.warn(observed, mend)


def _encryption(provider: IdentityProvider, document: Document) -> Finding:
    asked, wrong = [], []
    for answer, title in protocol.ENCRYPTED.items():
        for part in ("alg", "enc"):
            value = getattr(provider, f"{answer}_encrypted_response_{part}")
            if not value:
                continue
            asked.append(f"{title} : {value}")
            if value not in (words(document, f"{answer}_encryption_{part}_values_supported") or ()):
                wrong.append(asked[-1])
    if not wrong:
        return catalogue.ROW_ENCRYPTION.conform(listed(asked) or "non demandé")
    return catalogue.ROW_ENCRYPTION.block(
        f"inscrit, non annoncé par le fournisseur : {listed(wrong)}",
        "Inscrivez des algorithmes que le fournisseur annonce, ou videz ces champs : sans "
        "chiffrement, TLS protège l’échange.",
    )


def _auth(provider: IdentityProvider, document: Document) -> Finding:
    method = provider.token_endpoint_auth_method
    if method in protocol.auth_methods(document):
        if method == client_assertion.METHOD:
            return _assertion(provider, document)
        return catalogue.ROW_AUTH.conform(method)
    return catalogue.ROW_AUTH.block(
        f"{method} inscrit, non annoncé par le fournisseur",
        f"Inscrivez l’une de ces méthodes : {listed(protocol.auth_methods(document)) or 'aucune'}.",
    )


def _assertion(provider: IdentityProvider, document: Document) -> Finding:
    """Judge the algorithm of private_key_jwt (Discovery §3: no default when none is announced)."""
    registered = provider.token_endpoint_auth_signing_alg
    shown = f"{client_assertion.METHOD}, {registered or 'sans algorithme'}"
    known = protocol.assertion_algs(document)
    if registered in known:
        return catalogue.ROW_AUTH.conform(shown)
    if known:
        return catalogue.ROW_AUTH.block(
            f"{shown} : algorithme non annoncé par le fournisseur",
            f"Inscrivez l’un de ces algorithmes : {listed(known)}.",
        )
    return catalogue.ROW_AUTH.warn(
        f"{shown}\n{protocol.ASSERTION_ALGS} {protocol.ABSENT}",
        "Faites confirmer par le fournisseur qu’il vérifie cet algorithme.",
    )


def _levels(provider: IdentityProvider, document: Document) -> Finding:
    announced = [level.value for level in identity.levels(document)]
    lacking = missing(provider.allowed_acr, announced)
    if not lacking:
        return catalogue.ROW_LEVELS.conform(listed(provider.allowed_acr))
    return catalogue.ROW_LEVELS.warn(
        f"habilité, non annoncé par le fournisseur : {listed(lacking)}",
        "Retirez ces niveaux de la fiche, ou faites confirmer par le fournisseur qu’il les délivre.",
    )


def _scopes(provider: IdentityProvider, document: Document) -> Finding:
    given = words(document, "scopes_supported")
    lacking = missing(provider.scope.split(), given) if given is not None else []
    if not lacking:
        return catalogue.ROW_SCOPES.conform(provider.scope)
    return catalogue.ROW_SCOPES.warn(
        f"demandé, non annoncé par le fournisseur : {listed(lacking)}",
        "Retirez ces scopes de la fiche, ou faites confirmer par le fournisseur qu’il les accepte.",
    )


def _addresses(provider: IdentityProvider, document: Document) -> Finding:
    given = {name: getattr(provider, name) for name in ADDRESSES if name != "issuer"}
    registered = {name: url for name, url in given.items() if url}
    if not registered:
        return catalogue.ROW_ADDRESSES.conform("lues dans le document de découverte")
    differing = [
        f"{name}\n  fiche : {url}\n  publiée : {str(document.get(name) or 'absente')[:512]}"
        for name, url in registered.items()
        if document.get(name) != url
    ]
    if not differing:
        return catalogue.ROW_ADDRESSES.conform("celles du document de découverte")
    return catalogue.ROW_ADDRESSES.warn(
        "\n".join(differing),
        "Videz les adresses de la fiche pour suivre celles du fournisseur, ou corrigez-les.",
    )
