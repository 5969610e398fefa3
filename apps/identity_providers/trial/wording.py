"""What each claim is and must be, and what is wrong with it, as an agent and a provider read it.

RULES quotes values and is shown; FLAWS is kept in reports, and quotes none.
"""

from typing import Final

from apps.protocol import pivot
from apps.protocol.pivot import Flaw

_NAME: Final = f"texte de 1 à {pivot.LONGEST_NAME} caractères, avec une lettre au moins"
_GENDERS: Final = ", ".join(sorted(pivot.GENDERS))

TITLES: Final = {
    "acr": "Niveau de garantie",
    "amr": "Moyens d’authentification",
    "given_name": "Prénoms",
    "family_name": "Nom de naissance",
    "birthdate": "Date de naissance",
    "gender": "Sexe",
    "birthplace": "Lieu de naissance",
    "birthcountry": "Pays de naissance",
    "email": "Adresse électronique",
    "preferred_username": "Nom d’usage",
    "sub": "Identifiant chez le fournisseur",
}

RULES: Final = {
    "acr": "dans l’ID token, au moins le niveau demandé et parmi les niveaux habilités",
    "amr": "facultatif dans l’ID token\u202f; les services reçoivent les méthodes de la fiche",
    "given_name": f"tous les prénoms, séparés par une espace\u202f: {_NAME}",
    "family_name": f"nom de naissance\u202f: {_NAME}",
    "birthdate": "AAAA-MM-JJ\u202f; AAAA-MM-00 quand le jour est inconnu, AAAA-00-00 quand le mois l’est "
    "aussi",
    "gender": f"l’un de\u202f: {_GENDERS}",
    "birthplace": "code COG de la commune, 5 caractères, si le pays est la France\u202f; vide ou absent "
    "sinon",
    "birthcountry": "code COG du pays, 5 chiffres qui commencent par 99\u202f; 99100 pour la France",
    "email": "adresse électronique sur un domaine complet, sans accent avant @",
    "preferred_username": f"nom d’usage, facultatif\u202f: {pivot.LONGEST_NAME} caractères au plus",
    "sub": f"identifiant stable de la personne chez le fournisseur\u202f: 1 à {pivot.LONGEST_SUB} "
    "caractères ASCII",
}

FLAWS: Final = {
    Flaw.MISSING: "obligatoire, et absent",
    Flaw.NOT_TEXT: "ce n’est pas un texte JSON",
    Flaw.EMPTY: "obligatoire, et vide",
    Flaw.TOO_LONG: "trop long",
    Flaw.INVISIBLE: "contient un caractère invisible ou de contrôle",
    Flaw.NO_LETTER: "ne contient aucune lettre",
    Flaw.NOT_DATE: "ce n’est pas une date AAAA-MM-JJ",
    Flaw.TOO_OLD: f"année avant {pivot.EARLIEST_YEAR}",
    Flaw.DAY_ALONE: "un jour connu dans un mois inconnu\u202f: les deux sont 00, ou aucun",
    Flaw.NO_SUCH_DAY: "ce jour n’est pas dans le calendrier",
    Flaw.FUTURE: "date dans l’avenir",
    Flaw.GENDER: "ce n’est pas l’une des trois valeurs admises",
    Flaw.COUNTRY: "ce n’est pas le code COG d’un pays",
    Flaw.COMMUNE: "ce n’est pas le code COG d’une commune\u202f; un code postal ou un nom ne convient pas",
    Flaw.NOT_ASCII: "contient autre chose que des caractères ASCII",
    Flaw.EMAIL: "ce n’est pas une adresse électronique que nous pouvons joindre",
}
