"""From what a provider answered to the lines of a report: judged by the rules of a real sign-in.

Whatever comes from the provider is untrusted, names included: one that nobody standardised is
counted and not written, for it may be as personal as a value.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.trial import shapes, wording
from apps.identity_providers.trial.report import Line
from apps.protocol import acr, errors, pivot
from apps.protocol.acr import Acr

Claims = Mapping[str, object]

LEVEL: Final = "acr"
METHODS: Final = "amr"
# RFC 7519 §4.1 and OIDC Core §2: what an answer says of itself, not of the person.
ENVELOPE: Final = frozenset({"iss", "aud", "exp", "iat", "nbf", "jti", "nonce", "auth_time", "acr",
                             "amr", "azp", "sid", "at_hash", "c_hash"})  # fmt: skip
# OIDC Core §5.1 and Identity Assurance 1.0 §4.1, FranceConnect's claims, and what French identity
# providers are known to send besides.
WELL_KNOWN: Final = frozenset({"name", "middle_name", "nickname", "profile", "picture", "website",
                               "email_verified", "zoneinfo", "locale", "phone_number",
                               "phone_number_verified", "address", "updated_at", "place_of_birth",
                               "nationalities", "birth_family_name", "birth_given_name", "salutation",
                               "title", "msisdn", "also_known_as", "given_name_array", "nir",
                               "siret", "organizational_unit", "job", "rep_scope"})  # fmt: skip
# RFC 8176 §2
KNOWN_METHODS: Final = frozenset({"face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp",
                                  "pin", "pop", "pwd", "rba", "retina", "sc", "sms", "swk", "tel",
                                  "user", "vbm", "wia"})  # fmt: skip


def claims(received: Claims, *, today: date) -> tuple[Line, ...]:
    """Return a line for each claim that we read, whatever the others; today as in `pivot.parse`."""
    return tuple(_line(field, received, today) for field in pivot.FIELDS)


def _line(field: str, received: Claims, today: date) -> Line:
    flaw = pivot.flaw_of(field, received, today=today)
    if flaw:
        form = shapes.of_refused(received.get(field))
        return Line(field, Severity.BLOCKING, form, wording.FLAWS[flaw])
    if field == "birthplace" and pivot.flaw_of("birthcountry", received, today=today):
        form = "non jugé\u202f: le pays de naissance ne l’est pas"
        return Line(field, Severity.UNCHECKED, form)
    seen = shapes.of(field, received)
    severity = Severity.WARNING if seen.oddity else Severity.CONFORM
    return Line(field, severity, seen.form, seen.oddity)


def unknown(received: Claims) -> tuple[tuple[str, ...], int]:
    """Return the names of the claims that are dropped, and how many more are not told.

    Only names of the standards and of the federation are told: a name may be as personal as a value.
    """
    others = received.keys() - set(pivot.FIELDS) - ENVELOPE
    return tuple(sorted(others & WELL_KNOWN)), len(others - WELL_KNOWN)


def level(returned: str, *, asked: Acr, provider: IdentityProvider) -> Line:
    """Return what is said of the level: asked, returned, entitled."""
    known = acr.find(returned)
    given = known.value if known else "une valeur inconnue" if returned else "aucun niveau"
    allowed = ", ".join(sorted(provider.allowed_acr))
    form = (
        f"demandé\u202f: {asked.value}\u202f; rendu\u202f: {given}\u202f; habilité\u202f: {allowed}"
    )
    try:
        acr.check_returned(returned, requested=asked, allowed=provider.levels)
    except errors.ProtocolError as refusal:
        return Line(LEVEL, Severity.BLOCKING, form, refusal.spec.operator)
    return Line(LEVEL, Severity.CONFORM, form)


def methods(returned: Sequence[str], *, provider: IdentityProvider) -> Line:
    """Return what is said of the authentication methods: those of the row go to services."""
    known = [method for method in returned if method in KNOWN_METHODS]
    told = [*known, *(["autre"] if len(known) < len(returned) else [])]
    registered = " ".join(provider.amr) or "aucune"
    form = f"rendues\u202f: {' '.join(told) or 'aucune'}\u202f; dans la fiche\u202f: {registered}"
    differs = bool(returned) and set(returned) != set(provider.amr)
    if differs:
        advice = "les services reçoivent les méthodes de la fiche\u202f: accordez-la au fournisseur"
        return Line(METHODS, Severity.WARNING, form, advice)
    return Line(METHODS, Severity.CONFORM, form)
