"""What each scope gives (OIDC Core §5.4), in three tables that mean different things.

SCOPES                 scope → claims that we deliver ourselves, at /userinfo; those of REGISTER_SCOPES
                       are among them
REGISTER_SCOPES        scope → plain claims, and beside each the same from the civil register, under
                       `rnipp_`, on a platform that gives services the identity provider's identity
DATA_PROVIDER_SCOPES   scope → what a data provider will hand to the service, which shows it our
                       access token; we name it to the citizen and never hold it. They are not
                       announced in the discovery document before a data provider can serve them.

A scope outside these tables is unknown, and ignored as OIDC Core §3.1.2.1 asks. Whether a service
is entitled to a known one is decided by its registration, not here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

_PIVOT_PERSON: Final = ("given_name", "given_name_array", "family_name", "birthdate", "gender")
_BIRTH: Final = ("birthplace", "birthcountry")

REGISTER_PREFIX: Final = "rnipp_"
"""What comes before a claim's name when it is the civil register's word."""


def _confronted(*claims: str) -> frozenset[str]:
    """Return plain claims, and their twins from the register; names in an array are the register's alone."""
    twins = {REGISTER_PREFIX + claim for claim in claims if claim != "preferred_username"}
    if "given_name" in claims:
        twins.add(REGISTER_PREFIX + "given_name_array")
    return frozenset({*claims, *twins})


_PERSON: Final = ("given_name", "family_name", "birthdate", "gender")

REGISTER_SCOPES: Final[dict[str, frozenset[str]]] = {
    **{REGISTER_PREFIX + claim: _confronted(claim) for claim in (*_PERSON, *_BIRTH)},
    "rnipp_profile": _confronted(*_PERSON, "preferred_username"),
    "rnipp_birth": _confronted(*_BIRTH),
    "rnipp_identite_pivot": _confronted(*_PERSON, *_BIRTH),
}

REGISTER_CLAIMS: Final = frozenset(
    claim
    for claims in REGISTER_SCOPES.values()
    for claim in claims
    if claim.startswith(REGISTER_PREFIX)
)

SCOPES: Final[dict[str, frozenset[str]]] = {
    scope: frozenset(claims)
    for scope, claims in {
        "openid": ("sub",),
        "profile": (*_PIVOT_PERSON, "preferred_username"),
        "birth": _BIRTH,
        "identite_pivot": (*_PIVOT_PERSON, *_BIRTH),
        "given_name": ("given_name", "given_name_array"),
        "family_name": ("family_name",),
        "gender": ("gender",),
        "birthdate": ("birthdate",),
        "birthplace": ("birthplace",),
        "birthcountry": ("birthcountry",),
        "email": ("email",),
        "preferred_username": ("preferred_username",),
        "idp_birthdate": ("idp_birthdate",),
        "idp_id": ("idp_id",),
        # Gives nothing by itself: the claim `amr` is asked for by the `claims` parameter, and goes
        # into the ID token. The scope exists so that a service may be registered for it.
        "amr": (),
        **REGISTER_SCOPES,
    }.items()
}

_TECHNICAL_CLAIMS: Final = frozenset({"sub", "idp_id"})


class DataProvider(Enum):
    """The administrations that hold data of the citizen: their name, and its French article."""

    DGFIP = "la ", "Direction générale des Finances publiques"
    CNAM = "la ", "Caisse nationale de l’assurance maladie"
    CNOUS = "le ", "Centre national des œuvres universitaires et scolaires"
    MESRI = "le ", "Ministère de l’Enseignement supérieur, de la Recherche et de l’Innovation"
    MI = "le ", "Ministère de l’Intérieur"
    FT = "", "France Travail"
    CNAF_MSA = "la ", "Caisse nationale des allocations familiales et la Mutualité sociale agricole"
    DSS = "la ", "Sécurité sociale"
    DSNJ = "la ", "Direction du Service National et de la Jeunesse"
    ANTS = "l’", "Agence Nationale des Titres Sécurisés"
    ASC = "l’", "Agence du service civique"

    @property
    def label(self) -> str:
        """The name of the administration, without article."""
        return self.value[1]

    @property
    def heading(self) -> str:
        """The heading of its data on the information page."""
        return "Depuis " + "".join(self.value)


@dataclass(frozen=True, slots=True)
class DataScope:
    """One scope of a data provider, with what the citizen reads for it."""

    name: str
    provider: DataProvider
    label: str


def _declarant(number: int) -> dict[str, str]:
    return {
        f"dgfip_nmUsaDec{number}": f"Nom du déclarant {number}",
        f"dgfip_nmNaiDec{number}": f"Nom de naissance du déclarant {number}",
        f"dgfip_prnmDec{number}": f"Prénom du déclarant {number}",
        f"dgfip_dateNaisDec{number}": f"Date de naissance du déclarant {number}",
    }


def _income(prefix: str, kind: str) -> dict[str, str]:
    categories = {
        "Cat1_Tspr": "traitements, salaires et pensions",
        "Cat1_RentOn": "rentes viagères",
        "Cat2_Rcm": "capitaux mobiliers",
        "Cat3_PMV": "plus-values et moins-values",
        "Cat4_Ref": "revenus fonciers",
        "Cat5_NonSal": "revenus non salariés",
    }
    return {f"{prefix}_{suffix}": f"{kind}\u202f: {label}" for suffix, label in categories.items()}


_DATA: Final[dict[DataProvider, dict[str, str]]] = {
    DataProvider.DGFIP: {
        "dgfip_rfr": "Revenu fiscal de référence",
        "dgfip_annee_n_moins_1": "Dernière année de revenu",
        "dgfip_annee_n_moins_2": "Avant-dernière année de revenu",
        "dgfip_annee_n_moins_3": "Avant-avant-dernière année de revenu",
        "dgfip_annee_n_moins_2_si_indispo_n_moins_1": (
            "Avant-dernière année de revenu, si la dernière est indisponible"
        ),
        "dgfip_nbpart": "Nombre de parts du foyer fiscal",
        "dgfip_sitfam": "Situation de famille",
        "dgfip_aft": "Adresse déclarée au 1er janvier",
        "dgfip_nbpac": "Nombre de personnes à charge",
        "dgfip_pac_nbPac": "Nombre de personnes à charge",
        "dgfip_inddeficit": "Indicateur de déficit",
        "dgfip_pariso": "Parent isolé (case T)",
        "dgfip_decl": "État civil des déclarants",
        "dgfip_pac": "Personnes à charge et rattachées",
        **_declarant(1),
        **_declarant(2),
        "dgfip_locaux_th": "Données de la taxe d’habitation",
        "dgfip_locaux_th_ident": "Identifiant du local",
        "dgfip_locaux_th_Nat": "Nature du local",
        "dgfip_locaux_th_Tax": "Régime de taxation du local",
        "dgfip_locaux_th_Aff": "Affectation du local",
        "dgfip_mntRevbareme": "Impôt au barème (ligne 14)",
        "dgfip_indiIFI": "Indicateur d’impôt sur la fortune (ISF ou IFI)",
        **_income("dgfip_RevDecl", "Revenus déclarés"),
        **_income("dgfip_RevNets", "Revenus nets"),
        "dgfip_PaDeduc_EnfMaj": "Pensions alimentaires déductibles (enfant majeur)",
        "dgfip_PaDeduc_Autres": "Pensions alimentaires déductibles (autres)",
        "dgfip_EpargRetrDeduc": "Versement d’épargne retraite",
    },
    DataProvider.CNAM: {
        "droits_assurance_maladie": "Droits Assurance Maladie",
        "cnam_beneficiaires": "Ayants droit",
        "cnam_contrats": "Droits de base",
        "cnam_caisse": "Caisse gestionnaire",
        "cnam_exonerations": "Exonérations ou modulations",
        "cnam_medecin_traitant": "Médecin traitant",
        "cnam_presence_medecin_traitant": "Présence d’un médecin traitant",
        "cnam_paiements_ij": "Paiements d’indemnités journalières",
    },
    DataProvider.CNOUS: {
        "cnous_statut_boursier": "Statut étudiant boursier",
        "cnous_echelon_bourse": "Échelon de la bourse",
        "cnous_email": "Adresse email",
        "cnous_periode_versement": "Période de versement",
        "cnous_statut_bourse": "Statut définitif de la bourse",
        "cnous_ville_etudes": "Ville d’études et établissement",
        "cnous_identite": "Identité",
    },
    DataProvider.MESRI: {
        "mesri_identite": "Identité de l’étudiant",
        "mesri_admissions": "Liste des admissions",
        "mesri_admission_inscrit": "Passage au statut inscrit",
        "mesri_admission_regime_formation": "Régime de formation",
        "mesri_admission_commune_etudes": "Commune d’études (code COG)",
        "mesri_admission_etablissement_etude": "Établissement d’études (appellation et code UAI)",
    },
    DataProvider.MI: {"mi_siv_carte_grise": "Carte grise\u202f: titulaire et véhicule"},
    DataProvider.FT: {
        "api_fc-liste-paiementsv1": "Montants et dates des paiements",
        "api_fc-statutaugmentev1": "Statut de demandeur d’emploi et identité",
    },
    DataProvider.CNAF_MSA: {
        "allocation_adulte_handicape": "Statut de bénéficiaire de l’allocation aux adultes handicapés",
        "allocation_soutien_familial": "Statut de bénéficiaire de l’allocation de soutien familial",
        "prime_activite": "Statut de bénéficiaire de la prime d’activité",
        "prime_activite_majoration": "Majoration de la prime d’activité",
        "revenu_solidarite_active": "Statut de bénéficiaire du revenu de solidarité active",
        "revenu_solidarite_active_majoration": "Majoration du revenu de solidarité active",
        "cnaf_quotient_familial": "Quotient familial et composition familiale",
        "cnaf_allocataires": "Identités de l’allocataire et du conjoint",
        "cnaf_enfants": "Identités des enfants",
        "cnaf_adresse": "Adresse du foyer",
    },
    DataProvider.DSS: {
        "complementaire_sante_solidaire": (
            "Statut de bénéficiaire de la complémentaire santé solidaire"
        ),
    },
    DataProvider.DSNJ: {"dsnj_statut_service_national": "Statut au regard du service national"},
    DataProvider.ANTS: {
        f"ants_extrait_immatriculation_vehicule_{suffix}": label
        for suffix, label in {
            "identite_particulier": "Identité du particulier",
            "adresse_particulier": "Adresse du particulier",
            "statut_rattachement": "Statut de rattachement",
            "donnees_immatriculation_vehicule": "Données d’immatriculation du véhicule",
            "caracteristiques_techniques_vehicule": "Caractéristiques techniques du véhicule",
        }.items()
    },
    DataProvider.ASC: {
        f"gip_mds_service_civique_{suffix}": label
        for suffix, label in {
            "statut_actuel": "Statut actuel de service civique",
            "statut_passe": "Statut passé de service civique",
            "organisme_accueil": "Organisme d’accueil",
            "dates": "Dates du contrat",
        }.items()
    },
}

DATA_PROVIDER_SCOPES: Final = {
    name: DataScope(name, provider, label)
    for provider, labels in _DATA.items()
    for name, label in labels.items()
}


def supported(*, register_apart: bool) -> tuple[str, ...]:
    """Return `scopes_supported` of the discovery document: only what returns something.

    register_apart   the platform gives the civil register's word beside the identity provider's
    """
    told = SCOPES if register_apart else SCOPES.keys() - REGISTER_SCOPES.keys()
    return tuple(scope for scope, claims in SCOPES.items() if claims and scope in told)


def parse_scope(text: str) -> tuple[str, ...]:
    """Return the known scopes of a space-separated list (RFC 6749 §3.3), in order, each once."""
    known = (s for s in text.split(" ") if s in SCOPES or s in DATA_PROVIDER_SCOPES)
    return tuple(dict.fromkeys(known))


def granted_claims(scopes: Iterable[str]) -> frozenset[str]:
    """Return the claims that these scopes open at /userinfo, and no other (OIDC Core §5.4)."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def data_labels(scopes: Collection[str], provider: DataProvider) -> tuple[str, ...]:
    """Return what one data provider will hand over for these scopes, as the citizen reads it."""
    asked = (s for s in DATA_PROVIDER_SCOPES.values() if s.provider is provider)
    return tuple(dict.fromkeys(scope.label for scope in asked if scope.name in scopes))


def is_anonymous(scopes: Collection[str]) -> bool:
    """Tell whether the service learns nothing of who the person is: only a technical identifier."""
    asks_data = any(scope in DATA_PROVIDER_SCOPES for scope in scopes)
    return not asks_data and granted_claims(scopes) <= _TECHNICAL_CLAIMS
