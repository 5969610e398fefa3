"""Faults of the identity: what /userinfo says of the person, and of which person it speaks."""

from typing import Final

from apps.protocol.jose import Alg
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.faults.fault import Fault, put, without

_MALFORMED: Final = "Y600006"
_NO_EMAIL: Final = "Y609001"
_MISSING: Final = {  # slug → (claim, what it is)
    "sans-nom": ("family_name", "nom de naissance"),
    "sans-prenom": ("given_name", "prénoms"),
    "sans-sexe": ("gender", "sexe"),
    "sans-date-de-naissance": ("birthdate", "date de naissance"),
    "sans-pays-de-naissance": ("birthcountry", "pays de naissance"),
}


def plain(site: IdentityProviderSite) -> Alg | None:
    """Sign nothing."""
    return None


def signed_as_the_id_token(site: IdentityProviderSite) -> Alg | None:
    """Sign, with the algorithm of the ID token."""
    return site.id_token_alg


def _wrong(slug: str, label: str, what: str, **claims: str) -> Fault:
    return Fault(slug, label, what, _MALFORMED, alter_userinfo=put(**claims))


IDENTITIES: Final = (
    *(
        Fault(
            slug,
            f"{name}\u202f: information absente",
            f"L’identité arrive sans {claim}.",
            _MALFORMED,
            alter_userinfo=without(claim),
        )
        for slug, (claim, name) in _MISSING.items()
    ),
    Fault(
        "sans-lieu-de-naissance",
        "lieu de naissance absent, en France",
        "La personne est née en France (99100) et l’identité arrive sans birthplace.",
        _MALFORMED,
        alter_userinfo=lambda claims: without("birthplace")({**claims, "birthcountry": "99100"}),
    ),
    _wrong(
        "lieu-de-naissance-inconnu",
        "lieu de naissance inconnu",
        "Le code 99999 n’est celui d’aucune commune française.",
        birthcountry="99100",
        birthplace="99999",
    ),
    _wrong(
        "lieu-de-naissance-illisible",
        "lieu de naissance mal formé",
        "Le lieu de naissance est un nom de ville au lieu d’un code officiel géographique.",
        birthcountry="99100",
        birthplace="Saint-Exemple",
    ),
    _wrong(
        "pays-de-naissance-illisible",
        "pays de naissance mal formé",
        "Le pays de naissance est FR au lieu d’un code officiel géographique.",
        birthcountry="FR",
    ),
    _wrong(
        "date-de-naissance-impossible",
        "date de naissance impossible",
        "La personne serait née un 30 février.",
        birthdate="1985-02-30",
    ),
    _wrong(
        "date-de-naissance-future",
        "date de naissance à venir",
        "La personne naîtra en 2999.",
        birthdate="2999-01-01",
    ),
    _wrong(
        "sexe-inconnu",
        "sexe inconnu",
        "Le sexe n’est aucune des trois valeurs permises.",
        gender="autre",
    ),
    Fault(
        "sans-courriel",
        "adresse électronique absente",
        "L’identité arrive sans adresse électronique.",
        _NO_EMAIL,
        alter_userinfo=without("email"),
    ),
    Fault(
        "courriel-illisible",
        "adresse électronique mal formée",
        "L’adresse électronique n’en est pas une.",
        _NO_EMAIL,
        alter_userinfo=put(email="angele chez example"),
    ),
    Fault(
        "autre-personne",
        "identité de quelqu’un d’autre",
        "/userinfo rend une autre personne que celle de l’ID token.",
        "Y020029",
        alter_userinfo=put(sub="quelqu-un-d-autre"),
    ),
    Fault(
        "identite-sans-sub",
        "identité sans sub",
        "/userinfo ne dit pas de qui il parle.",
        "Y020029",
        alter_userinfo=without("sub"),
    ),
    Fault(
        "identite-non-signee",
        "identité non signée",
        "/userinfo répond en clair alors qu’une signature est enregistrée.",
        "Y020027",
        sites=frozenset({"ameli"}),
        userinfo_alg=plain,
    ),
    Fault(
        "identite-signee",
        "identité signée sans être attendue",
        "/userinfo répond par un JWT signé alors que du JSON simple est enregistré.",
        "Y020027",
        sites=frozenset({"impots"}),
        userinfo_alg=signed_as_the_id_token,
    ),
)
