"""Every enrolment, and the page of each site where they begin."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from apps.sandbox.enrolment import ameli, impots, laposte
from apps.sandbox.enrolment.steps import Enrolment
from apps.sandbox.models import EnrolmentDraft


@dataclass(frozen=True)
class Portal:
    """The page between the home page of a site and its forms.

    link    its name on the home page
    links   more pages to read, by their names
    """

    link: str
    title: str
    lead: str
    benefits: tuple[str, ...]
    enrolments: tuple[Enrolment, ...]
    links: tuple[tuple[str, str], ...] = ()


PORTALS: Final = {
    "impots": Portal(
        link="Espace particulier",
        title="Espace particulier",
        lead="Pas encore d’espace en ligne\u202f? Votre dernier avis d’impôt suffit pour le créer.",
        benefits=(
            "Chaque membre d’un foyer fiscal peut avoir son espace personnel.",
            "Si votre conjoint a déjà le sien, prenez le deuxième numéro de déclarant.",
        ),
        enrolments=(impots.ESPACE_PARTICULIER,),
    ),
    "ameli": Portal(
        link="Accédez à votre espace personnel",
        title="L’espace personnel qui rend bien des services",
        lead="Pas encore de compte\u202f? Un code vous est envoyé par courrier pour le créer.",
        benefits=(
            "Suivre vos remboursements.",
            "Télécharger vos attestations.",
            "Demander une carte européenne.",
            "Écrire à votre caisse.",
        ),
        enrolments=(ameli.COMPTE, ameli.ACTIVATION),
        links=(("Je découvre mon compte pas à pas", "step_by_step"),),
    ),
    "laposte": Portal(
        link="Créer mon identité numérique",
        title="Votre identité, vérifiée une fois",
        lead="Une adresse électronique, un mot de passe, et votre pièce d’identité présentée une fois.",
        benefits=(
            "Vous confirmez votre adresse par courriel.",
            "Vous indiquez votre état civil.",
            "Le facteur ou le guichet compare votre pièce d’identité.",
        ),
        enrolments=(laposte.INSCRIPTION,),
    ),
}
_ENROLMENTS: Final = (
    *(enrolment for portal in PORTALS.values() for enrolment in portal.enrolments),
    laposte.ETAT_CIVIL,
)
_BY_NAME: Final = {(enrolment.site, enrolment.slug): enrolment for enrolment in _ENROLMENTS}


def find(site: str, slug: str) -> Enrolment | None:
    """Return an enrolment of a site, or None."""
    return _BY_NAME.get((site, slug))


def get(site: str, slug: str) -> Enrolment:
    """Return the enrolment of a draft. Raises KeyError for one that no longer exists."""
    return _BY_NAME[site, slug]


def step_address(draft: EnrolmentDraft, enrolment: Enrolment, index: int) -> str:
    """Return the address of a step of a draft."""
    names = {"handle": draft.handle, "step": enrolment.steps[index].slug}
    return reverse("enrolment_step", kwargs=names)
