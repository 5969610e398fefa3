"""What a document announces of people: scopes, the claims of the civil identity, levels."""

from typing import Final

from apps.identity_providers.analysis import catalogue
from apps.identity_providers.analysis.findings import Finding
from apps.identity_providers.analysis.members import Document, listed, missing, words
from apps.identity_providers.analysis.protocol import ABSENT
from apps.protocol import acr, pivot
from apps.protocol.acr import Acr

WANTED_SCOPES: Final = ("openid", "profile", "email", "birth")
WANTED_CLAIMS: Final = (*pivot.PIVOT_FIELDS, "email")


def judge(document: Document) -> list[Finding]:
    """Say whether this provider can tell who somebody is, and how surely."""
    return [_scopes(document), _claims(document), _acr(document)]


def levels(document: Document) -> list[Acr]:
    """Return the levels that the provider announces, the lowest first."""
    given = words(document, "acr_values_supported") or ()
    return [level for level in Acr if level.value in given]


def scopes(document: Document) -> list[str]:
    """Return the scopes to ask for: those we want, without those that are not announced."""
    given = words(document, "scopes_supported") or WANTED_SCOPES
    return [scope for scope in WANTED_SCOPES if scope in given or scope == "openid"]


def _scopes(document: Document) -> Finding:
    given = words(document, "scopes_supported")
    if given is None:
        return catalogue.SCOPES.warn(
            f"scopes_supported {ABSENT}", "Demandez au fournisseur la liste de ses scopes."
        )
    lacking = missing(WANTED_SCOPES, given)
    if not lacking:
        return catalogue.SCOPES.conform(listed(given))
    observed = f"{listed(given)}\nmanque : {listed(lacking)}"
    if "openid" in lacking:
        return catalogue.SCOPES.block(
            observed, "Sans openid, il n’y a pas d’ID token : le fournisseur doit l’accepter."
        )
    return catalogue.SCOPES.warn(
        observed,
        "Faites confirmer quels scopes donnent l’état civil et le courriel, et inscrivez-les dans "
        "la fiche.",
    )


def _claims(document: Document) -> Finding:
    given = words(document, "claims_supported")
    mend = (
        "Faites confirmer par le fournisseur qu’il transmet chacune de ces données. La liste publiée "
        "peut être incomplète."
    )
    if given is None:
        return catalogue.CLAIMS.warn(f"claims_supported {ABSENT}", mend)
    lacking = missing(WANTED_CLAIMS, given)
    if not lacking:
        return catalogue.CLAIMS.conform(listed(WANTED_CLAIMS))
    return catalogue.CLAIMS.warn(f"manque : {listed(lacking)}", mend)


def _acr(document: Document) -> Finding:
    given = words(document, "acr_values_supported")
    mend = "Demandez au fournisseur d’annoncer les niveaux qu’il délivre : eidas1, eidas2, eidas3."
    if not given:
        return catalogue.ACR.block(f"acr_values_supported {ABSENT}", mend)
    known = levels(document)
    others = [value for value in given if acr.find(value) is None]
    ignored = f"\nignoré, d’une autre fédération : {listed(others)}" if others else ""
    if known:
        named = listed(f"{level.value} ({level.label})" for level in known)
        return catalogue.ACR.conform(f"{named}{ignored}")
    return catalogue.ACR.block(f"aucun niveau eIDAS{ignored}", mend)
