"""Faults of the level of assurance (OIDC Core §2, `acr`)."""

from typing import Final

from apps.sandbox.identity_provider.faults.fault import Fault, put, without

LEVELS: Final = (
    Fault(
        "acr-trop-bas",
        "acr inférieur à celui demandé",
        "Le compte rend eidas0, plus faible que tout niveau demandé.",
        "Y100001",
        alter_id_token=put(acr="eidas0"),
    ),
    Fault(
        "sans-acr",
        "acr absent",
        "L’ID token ne dit pas à quel niveau la personne s’est authentifiée.",
        "Y100002",
        alter_id_token=without("acr"),
    ),
    Fault(
        "acr-inconnu",
        "acr inconnu",
        "Le niveau rendu n’est pas un niveau eIDAS.",
        "Y100001",
        alter_id_token=put(acr="tres-solide"),
    ),
    Fault(
        "acr-non-habilite",
        "acr au-dessus de l’habilitation",
        "Le compte rend eidas3, un niveau pour lequel il n’est pas habilité.",
        "Y100018",
        alter_id_token=put(acr="eidas3"),
    ),
)
