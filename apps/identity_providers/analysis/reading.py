"""The configuration document: is it JSON, does it speak for this issuer, where does it send us."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from apps.identity_providers import wire
from apps.identity_providers.analysis import catalogue, difference
from apps.identity_providers.analysis.findings import Finding
from apps.identity_providers.analysis.members import Document
from apps.identity_providers.models import ENDPOINTS
from apps.protocol import discovery, jose

END_SESSION = "end_session_endpoint"


def status(url: str, answer: wire.Answer) -> Finding:
    """Say whether the document is served where it must be (Discovery §4.2)."""
    if answer.status == HTTPStatus.OK:
        return catalogue.HTTP.conform(f"{url}\nstatut 200")
    if location := answer.headers.get("Location"):
        return catalogue.HTTP.block(
            f"{url}\nstatut {answer.status}, redirige vers {location[:200]}",
            "Donnez l’émetteur qui sert le document sans redirection, souvent celui de la redirection.",
        )
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return catalogue.HTTP.block(
            f"{url}\nstatut {answer.status}",
            "Réessayez dans quelques minutes, ou prévenez le fournisseur : son serveur ne répond pas "
            "comme il devrait.",
        )
    return catalogue.HTTP.block(
        f"{url}\nstatut {answer.status}",
        "Vérifiez l’émetteur : son document est lu à cette adresse, chemin compris.",
    )


def parse(answer: wire.Answer) -> tuple[list[Finding], Document | None]:
    """Return what there is to say of the form of the document, and the document if it is one."""
    try:
        document = jose.parse_json(answer.body)
    except jose.JoseError as failure:
        kind = answer.content_type[:100] or "absent"
        observed = f"{len(answer.body)} octets, type {kind} : {_flaw(failure.__cause__)}."
        return [catalogue.JSON.block(observed, _mend(answer.body))], None
    return [catalogue.JSON.conform(f"{len(document)} membres"), _content_type(answer)], document


def _flaw(cause: BaseException | None) -> str:
    """Return what is wrong with a text that is not our JSON, and where; nothing of what it holds."""
    if isinstance(cause, json.JSONDecodeError):
        return f"ce n’est plus du JSON à la ligne {cause.lineno}, colonne {cause.colno}"
    if isinstance(cause, UnicodeDecodeError):
        return f"l’octet {cause.start + 1} n’est pas de l’UTF-8"
    return "ce n’est pas un objet JSON que tous les logiciels lisent de la même façon"


def _mend(body: bytes) -> str:
    if body.lstrip().startswith(b"{"):
        return "Demandez au fournisseur de servir ce document entier, en JSON valide."
    return "Vérifiez que cette adresse sert le document de découverte, et non une page."


def _content_type(answer: wire.Answer) -> Finding:
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return catalogue.CONTENT_TYPE.conform(kind)
    return catalogue.CONTENT_TYPE.warn(
        kind[:100] or "absent", "Demandez au fournisseur de servir le document en application/json."
    )


def judge(document: Document, issuer: str) -> list[Finding]:
    """Say whether the document speaks for its issuer, and where it sends citizens and us."""
    found, faults = addresses(document, issuer)
    return [_issuer(document, issuer), _endpoints(found, faults), _hosts(found, issuer)]


def addresses(document: Document, issuer: str) -> tuple[dict[str, str], list[str]]:
    """Return the usable addresses of a document, and what is wrong with the others."""
    found, faults = {}, []
    for member in (*ENDPOINTS, END_SESSION):
        if member == END_SESSION and not document.get(member):
            continue
        try:
            found[member] = discovery.endpoint({**document, "issuer": issuer}, member)
        except discovery.DiscoveryError:
            faults.append(f"{member} : {_fault(document.get(member))}")
    return found, faults


def _fault(value: object) -> str:
    if value is None:
        return "absente"
    if isinstance(value, str) and value.startswith("http://"):
        return "doit être en https"
    return "n’est pas une adresse http(s) complète"


def _issuer(document: Document, issuer: str) -> Finding:
    published = document.get("issuer")
    if published == issuer:
        return catalogue.ISSUER.conform(issuer)
    if not isinstance(published, str):
        return catalogue.ISSUER.block("issuer absent", "Demandez au fournisseur de le publier.")
    return catalogue.ISSUER.block(
        difference.between(issuer, published[:512]),
        "Si le document est bien celui du fournisseur, donnez son émetteur tel qu’il est publié.",
    )


def _endpoints(found: Mapping[str, str], faults: list[str]) -> Finding:
    if not faults:
        return catalogue.ENDPOINTS.conform("\n".join(f"{n} : {a}" for n, a in found.items()))
    return catalogue.ENDPOINTS.block(
        "\n".join(faults), "Demandez au fournisseur de publier ces adresses, complètes et en https."
    )


def _hosts(found: Mapping[str, str], issuer: str) -> Finding:
    own = urlsplit(issuer).hostname
    foreign = {name: urlsplit(url).hostname for name, url in found.items()}
    elsewhere = [f"{name} : {host}" for name, host in foreign.items() if host != own]
    if not elsewhere:
        return catalogue.HOSTS.conform(f"toutes chez {own}" if found else "aucune adresse lue")
    return catalogue.HOSTS.warn(
        "\n".join(elsewhere), "Faites confirmer par le fournisseur que ces hôtes sont les siens."
    )
