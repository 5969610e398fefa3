"""Whole sign-ins on a sandbox that runs, told as a citizen would live them.

Each journey leaves its own traces: a session, a code spent, a message sent, an identity that waits
sealed on the information page, a refusal. They are what the search then goes through.
"""

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from apps.backoffice.privacy.browser import Browser, JourneyStopped, Page
from apps.backoffice.privacy.canaries import Login, Persona

INFORMATION: Final = "/consent"
MY_INFORMATION: Final = "/mes-informations"


@dataclass(frozen=True)
class Citizen:
    """A persona, and the sandbox where it lives."""

    persona: Persona
    sandbox_url: str

    def login(self, number: int) -> Login:
        """Return one of the accounts, whatever their number."""
        return self.persona.logins[number % len(self.persona.logins)]

    def home(self, service: str) -> str:
        return f"{self.sandbox_url}/{service}/"


def play(persona: Persona, sandbox_url: str) -> Iterator[str]:
    """Play every journey that this persona can live, and yield what each was.

    Raises JourneyStopped, requests.RequestException.
    """
    citizen = Citizen(persona, sandbox_url)
    for told, journey in (JOURNEYS if persona.is_complete else REFUSED_JOURNEYS).items():
        journey(citizen)
        yield told


def _three_services(citizen: Citizen) -> None:
    browser = Browser()
    page = _to_information(browser, citizen, "mairie", citizen.login(0))
    _check_arrival(browser.submit(page, "/login"), citizen, "mairie")
    page = _press_franceconnect(browser, citizen, "region").expect(INFORMATION)
    _check_arrival(browser.submit(page, "/login"), citizen, "region")
    page = _press_franceconnect(browser, citizen, "eau").expect(INFORMATION)
    page = browser.submit(page, "/login").expect("/login", status=422)
    page = browser.submit(page, "/login", ticks=True)
    _check_arrival(page, citizen, "eau")
    page = browser.submit(browser.open(citizen.home("mairie")), "/se-deconnecter")
    page.expect("/mairie/deconnexion")


def _left_at_information(citizen: Citizen) -> None:
    _to_information(Browser(), citizen, "mairie", citizen.login(1))


def _abandoned_at_information(citizen: Citizen) -> None:
    browser = Browser()
    page = _to_information(browser, citizen, "mairie", citizen.login(1))
    browser.submit(page, "/abandon").expect("/mairie/")


def _declined_at_the_provider(citizen: Citizen) -> None:
    browser = Browser()
    page = _to_provider(browser, citizen, "mairie", citizen.login(2))
    page = browser.follow(page, "/oidc-callback")
    if "/interaction/" not in page.path:
        raise JourneyStopped(f"le choix du compte était attendu, pas {page.where()}")
    browser.submit(page, "/abandon").expect("/mairie/")


def _refused_identity(citizen: Citizen) -> None:
    browser = Browser()
    login = citizen.login(0)
    page = _sign_in(browser, _to_provider(browser, citizen, "mairie", login), login)
    if page.status < 400 or "/oidc-callback" not in page.path:
        raise JourneyStopped(f"un refus de FranceConnect était attendu, pas {page.where()}")


Journey = Callable[[Citizen], None]

JOURNEYS: Final[Mapping[str, Journey]] = {
    "connexion à la Mairie, reconnaissance à la Région, accord à l’eau, déconnexion": (
        _three_services
    ),
    "onglet laissé ouvert sur la page d’information": _left_at_information,
    "connexion abandonnée sur la page d’information": _abandoned_at_information,
    "refus chez le fournisseur d’identité, retour au service": _declined_at_the_provider,
}
REFUSED_JOURNEYS: Final[Mapping[str, Journey]] = {
    "identité sans adresse électronique, refusée": _refused_identity,
}


# --- What the journeys are made of -----------------------------------------------------------------


def _press_franceconnect(browser: Browser, citizen: Citizen, service: str) -> Page:
    return browser.follow(browser.open(citizen.home(service)), f"/{service}/connexion")


def _to_provider(browser: Browser, citizen: Citizen, service: str, login: Login) -> Page:
    page = _press_franceconnect(browser, citizen, service)
    return browser.submit(page, "/redirect-to-idp", providerUid=login.provider)


def _sign_in(browser: Browser, page: Page, login: Login) -> Page:
    """Type the identifier and the password on the provider's page, whose form goes to itself."""
    return browser.submit(page, page.path, identifier=login.identifier, password=login.password)


def _to_information(browser: Browser, citizen: Citizen, service: str, login: Login) -> Page:
    page = _to_provider(browser, citizen, service, login)
    return _sign_in(browser, page, login).expect(INFORMATION)


def _check_arrival(page: Page, citizen: Citizen, service: str) -> None:
    """Check that the service knows the citizen: the canary did go through. Raises JourneyStopped."""
    page.expect(f"/{service}{MY_INFORMATION}")
    writings = citizen.persona.values["family_name"]
    shown = html.unescape(page.text)
    if not any(writing in shown for writing in writings):
        raise JourneyStopped(f"{page.where()} ne montre pas l’identité attendue")
