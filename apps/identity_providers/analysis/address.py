"""The issuer as it was typed, before anything is asked."""

from urllib.parse import urlsplit

from apps.identity_providers import destinations, partner_fields
from apps.identity_providers.analysis import catalogue
from apps.identity_providers.analysis.findings import Finding


def fault(issuer: str) -> str:
    """Return why this cannot be an issuer that we call, or nothing.

    Discovery §3: neither query nor fragment. The destination is judged as the form judges it.
    """
    if found := partner_fields.url_fault(issuer):
        return found
    parts = urlsplit(issuer)
    try:
        parts.port  # noqa: B018 - reading it judges it
    except ValueError:
        return "le port n’est pas un numéro."
    if "?" in issuer:
        return "pas de paramètres (?) dans un émetteur."
    return destinations.fault(issuer)


def judge(issuer: str) -> Finding:
    """Say whether the address may be called, and whether it is protected."""
    if wrong := fault(issuer):
        return catalogue.ADDRESS.block(
            f"{issuer}\n{wrong}",
            "Copiez l’émetteur tel que le fournisseur le donne : https://, un nom public, parfois un "
            "chemin.",
        )
    if issuer.startswith("https://"):
        return catalogue.ADDRESS.conform(issuer)
    if destinations.is_loopback(urlsplit(issuer).hostname or ""):
        return catalogue.ADDRESS.conform(
            f"{issuer}\nadresse locale, en clair : admis hors production"
        )
    return catalogue.ADDRESS.warn(
        f"{issuer}\nL’échange est en clair : refusé en production.",
        "Demandez au fournisseur une adresse en https.",
    )
