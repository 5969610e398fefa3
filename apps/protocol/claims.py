"""Every claim that a service may receive from us, in an ID token or at /userinfo.

One row per claim; the reference page, the discovery document and the information page are read
from it. The rows stand in the order in which the information page names them (family name first,
as on a French identity document).

A label is what the citizen reads. Two claims may share one, and it is then shown once: a service
that receives only `idp_birthdate` receives a birth date, and the page must say so. A claim without
a label says nothing of the person, or repeats one that has a label.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from apps.protocol import scopes as scope_table


class JsonType(StrEnum):
    """The JSON type of a claim (RFC 8259 §3)."""

    STRING = "string"
    NUMBER = "number"
    ARRAY = "array of strings"


class Source(StrEnum):
    """Where the value comes from: the identity provider (FI), the civil register, or ourselves."""

    FI = "fi"
    REGISTER = "register"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, as promised to the services."""

    name: str
    json_type: JsonType
    format: str
    label: str
    source: Source
    description: str


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """What the information page lists under one heading."""

    heading: str
    labels: tuple[str, ...]


def _fi(name: str, format: str, label: str, description: str) -> Claim:
    return Claim(name, JsonType.STRING, format, label, Source.FI, description)


def _ours(name: str, json_type: JsonType, format: str, description: str) -> Claim:
    return Claim(name, json_type, format, "", Source.COMPUTED, description)


IDENTITY_HEADING: Final = "Depuis FranceConnect"

_OWN: Final = (
    _fi("family_name", "1 to 256 characters", "Nom de naissance", "Birth name."),
    _fi(
        "preferred_username",
        "1 to 256 characters; absent when there is none",
        "Nom d’usage",
        "Name used in daily life, when it differs from the birth name.",
    ),
    _fi("given_name", "1 to 256 characters", "Prénom(s)", "All first names, separated by spaces."),
    Claim(
        "given_name_array",
        JsonType.ARRAY,
        "one item per first name",
        "",
        Source.COMPUTED,
        "given_name, split on its spaces.",
    ),
    _fi("gender", "female, male or unspecified", "Sexe", "Sex in the civil register."),
    _fi(
        "birthdate",
        "YYYY-MM-DD; YYYY-MM-00 or YYYY-00-00 when presumed",
        "Date de naissance",
        "Date of birth. 00 stands for a day, or a month and a day, that the civil status ignores.",
    ),
    _fi(
        "idp_birthdate",
        "as birthdate",
        "Date de naissance",
        "Date of birth as the identity provider wrote it.",
    ),
    _fi(
        "birthplace",
        "COG code of a commune; empty string for a birth outside France",
        "Lieu de naissance",
        "Commune of birth, by its code in INSEE's Code officiel géographique.",
    ),
    _fi(
        "birthcountry",
        "COG code of a country; 99100 is France",
        "Pays de naissance",
        "Country of birth, by its code in INSEE's Code officiel géographique.",
    ),
    _fi(
        "email",
        "address of RFC 5321, at most 254 characters",
        "Adresse email",
        "Contact address. Not an identifier: it changes, and two persons may share one.",
    ),
    _ours(
        "sub",
        JsonType.STRING,
        "64 hexadecimal digits and v1",
        "Identifier of the person for this service alone (OIDC Core §8.1).",
    ),
    _ours(
        "idp_id",
        JsonType.STRING,
        "uid in our registry",
        "The identity provider that the person used.",
    ),
    _ours(
        "acr",
        JsonType.STRING,
        "eidas1, eidas2 or eidas3",
        "Level of assurance of this sign-in; in the ID token.",
    ),
    _ours(
        "amr",
        JsonType.ARRAY,
        "values of RFC 8176",
        "Means by which the person was authenticated; in the ID token.",
    ),
    _ours(
        "auth_time",
        JsonType.NUMBER,
        "epoch seconds",
        "When the person was authenticated; in the ID token.",
    ),
    _ours("iss", JsonType.STRING, "URL", "Our issuer identifier."),
    _ours("aud", JsonType.STRING, "client_id", "The service for which the token was made."),
    _ours("iat", JsonType.NUMBER, "epoch seconds", "When the token was made."),
    _ours("exp", JsonType.NUMBER, "epoch seconds", "When the token stops being valid."),
    _ours("nonce", JsonType.STRING, "as received", "Echo of the authentication request."),
)


def _twin(claim: Claim) -> Claim:
    """Return the same claim in the register's words, under a label of its own: the two may differ."""
    return replace(
        claim,
        name=scope_table.REGISTER_PREFIX + claim.name,
        label=f"{claim.label} (état civil)" if claim.label else "",
        source=Source.REGISTER,
        description=f"{claim.name} as the civil register (RNIPP) says it.",
    )


_ROWS: Final = (
    *_OWN,
    *(
        _twin(claim)
        for claim in _OWN
        if scope_table.REGISTER_PREFIX + claim.name in scope_table.REGISTER_CLAIMS
    ),
)

CLAIMS: Final = {claim.name: claim for claim in _ROWS}


def supported(*, register_apart: bool) -> tuple[str, ...]:
    """Return `claims_supported` of the discovery document; see `scopes.supported`."""
    return tuple(
        claim.name for claim in _ROWS if register_apart or claim.source is not Source.REGISTER
    )


def displayed(scopes: Collection[str]) -> tuple[Claim, ...]:
    """Return the identity claims to name on the information page, in its order, one per label."""
    granted = scope_table.granted_claims(scopes)
    by_label: dict[str, Claim] = {}
    for claim in _ROWS:
        if claim.label and claim.name in granted:
            by_label.setdefault(claim.label, claim)
    return tuple(by_label.values())


def labels_for(scopes: Collection[str]) -> tuple[LabelGroup, ...]:
    """Return everything the information page must name for these scopes, grouped by source.

    Identity first, then each data provider in the order of the table; no empty group, so that an
    anonymous request gives an empty tuple.
    """
    identity = tuple(claim.label for claim in displayed(scopes))
    groups = [LabelGroup(IDENTITY_HEADING, identity)] if identity else []
    for provider in scope_table.DataProvider:
        labels = scope_table.data_labels(scopes, provider)
        if labels:
            groups.append(LabelGroup(provider.heading, labels))
    return tuple(groups)
