"""What an account that is not verified still waits for, in the words of its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apps.sandbox.enrolment import catalogue
from apps.sandbox.identity_checks import checks
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AccountState, IdentityAccount


@dataclass(frozen=True)
class Remaining:
    """What remains to do before this account may answer FranceConnect.

    enrolment   the one to go on with, as `catalogue.find` knows it, or ""
    place       the page of the main site where it happens, or ""
    again       the link to begin anew, or ""
    """

    title: str
    text: str
    enrolment: str = ""
    button: str = ""
    place: str = ""
    again: str = ""


REMAINING: Final[Mapping[str, Remaining]] = {
    AccountState.CREATED: Remaining(
        "Confirmez votre adresse électronique",
        "Nous vous avons envoyé un courriel. Ouvrez le lien qu’il contient.",
        button="Ouvrir les courriels du bac à sable",
        place="/courriels/",
        again="Rien reçu\u202f? Inscrivez-vous à nouveau avec la même adresse",
    ),
    AccountState.EMAIL_CONFIRMED: Remaining(
        "Indiquez votre état civil",
        "Votre adresse est confirmée. Votre identité doit encore être vérifiée.",
        enrolment="etat-civil",
        button="Indiquer mon état civil",
    ),
    AccountState.TO_VERIFY: Remaining(
        "Votre identité n’est pas encore vérifiée",
        "Patientez\u202f: vous avez demandé cette vérification, elle n’a pas encore eu lieu.",
        button="Jouer le facteur dans le bac à sable",
        place="/controles-d-identite/",
    ),
    AccountState.LETTER_SENT: Remaining(
        "Saisissez le code reçu par courrier",
        "Un code provisoire vous a été envoyé par courrier. Il termine la création de votre compte.",
        enrolment="activation",
        button="Saisir mon code",
    ),
    AccountState.REFUSED: Remaining(
        "Votre identité n’a pas été confirmée",
        "La vérification a été refusée. Vous pouvez corriger votre état civil et recommencer.",
        enrolment="etat-civil",
        button="Corriger mon état civil",
    ),
    AccountState.CLOSED: Remaining(
        "Ce compte est fermé",
        "Il ne permet plus de se connecter. Choisissez un autre compte.",
    ),
}


def shown(site: IdentityProviderSite, account: IdentityAccount) -> dict[str, object]:
    """Return what a page shows of what an account waits for; nothing for one that waits for nothing."""
    remaining = REMAINING.get(account.state)
    if remaining is None:
        return {}
    return {
        "remaining": remaining,
        "enrolment": catalogue.find(site.slug, remaining.enrolment),
        "refusal": checks.last_refusal(account) if account.state == AccountState.REFUSED else "",
    }
