"""Every enrolment, and the page of each site where they begin."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from apps.sandbox.enrolment import impots
from apps.sandbox.enrolment.steps import Enrolment
from apps.sandbox.models import EnrolmentDraft


@dataclass(frozen=True)
class Portal:
    """The page between the home page of a site and its forms.

    link   its name on the home page
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
}
_ENROLMENTS: Final = (impots.ESPACE_PARTICULIER,)
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
