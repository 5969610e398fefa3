"""How one comes to own each of the three accounts, and what the sandbox adds to them."""

import re

from playwright.sync_api import BrowserContext, Page

from tests.journeys.enrolling import (
    LOU,
    PASSWORD,
    UGO,
    Insured,
    begin,
    birth,
    choose_password,
    definitions,
    fill,
    leave_for,
)
from tests.journeys.live import Sandbox
from tests.screenshots.shooting import shoot

NIR = "Mon numéro de sécurité sociale"


def draw_enrolments(context: BrowserContext, sandbox: Sandbox, newcomer: str) -> None:
    """Draw the three enrolments, then the tools of the sandbox; `newcomer` has no account yet."""
    page = context.new_page()
    draw_impots(page, sandbox, newcomer)
    draw_ameli(page, sandbox, LOU if newcomer == LOU.slug else UGO)
    draw_laposte(page, sandbox, f"{newcomer}.dessin@example.org")
    draw_tools(page, sandbox)


def draw_impots(page: Page, sandbox: Sandbox, persona: str) -> None:
    notice = definitions(page, sandbox, f"/avis-d-impot/{persona}/")
    shoot(page, "tax-notice")
    leave_for(page, sandbox, "Impôts")
    page.get_by_role("link", name="Je n’ai pas encore de compte").click()
    shoot(page, "impots-portal")
    page.get_by_role("button", name="Création de mon espace particulier").click()
    page.locator("details summary").first.click()
    shoot(page, "impots-enrolment")
    fill(page, {
        "Numéro fiscal": notice["Référence de l’avis"],
        "Numéro de déclarant": notice["Numéro de déclarant en ligne (télédéclarant)"],
        "Revenu fiscal de référence": notice["Revenu fiscal de référence"],
    })  # fmt: skip
    page.get_by_role("button", name="Valider").click()
    shoot(page, "impots-enrolment-error")
    fill(page, {"Numéro fiscal": notice["Numéro fiscal"]})
    page.get_by_role("button", name="Valider").click()
    shoot(page, "impots-enrolment-password")


def draw_ameli(page: Page, sandbox: Sandbox, insured: Insured) -> None:
    papers = definitions(page, sandbox, f"/personas/{insured.slug}")
    number = papers["Assurance Maladie"].partition("compte à créer")[0].strip()
    begin(page, sandbox, "Assurance Maladie", "Je crée mon compte")
    shoot(page, "ameli-enrolment")
    fill(page, {
        NIR: number[:14],
        **birth(insured.birth),
        "Mon nom": insured.typed_name,
        "Mon code postal": papers["Code postal"][:4],
    })  # fmt: skip
    page.get_by_role("button", name="Continuer").click()
    shoot(page, "ameli-enrolment-error")
    fill(page, {NIR: number, "Mon code postal": papers["Code postal"]})
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Envoyer le courrier").click()
    draw_letter(page, sandbox, insured)
    page.goto(sandbox.url("ameli", "/pas-a-pas/"))
    shoot(page, "ameli-step-by-step")


def draw_letter(page: Page, sandbox: Sandbox, insured: Insured) -> None:
    """Let eight days pass, draw what the postman brought, and come back to the present."""
    page.goto(sandbox.url("sandbox", "/boite-aux-lettres/"))
    page.get_by_role("button", name="Avancer de 8 jours").click()
    shoot(page, "letterbox")
    page.locator(".mail", has_text=insured.name).click()
    shoot(page, "letter")
    page.goto(sandbox.url("sandbox", "/horloge/"))
    page.get_by_role("button", name="Revenir au présent").click()


def draw_laposte(page: Page, sandbox: Sandbox, email: str) -> None:
    begin(page, sandbox, "La Poste", "Je m’inscris")
    shoot(page, "laposte-enrolment")
    fill(page, {"Adresse électronique": email})
    choose_password(page)
    page.get_by_role("button", name="Recevoir le courriel").click()
    shoot(page, "laposte-enrolment-mail-sent")
    page.goto(sandbox.url("sandbox", "/courriels/"))
    page.locator(".mail", has_text=email).click()
    page.locator(".mail-text a").click()
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer mon adresse").click()
    shoot(page, "laposte-enrolment-civil-status")
    page.get_by_label("Féminin").check()
    fill(page, {
        "Prénoms": "Esquisse",
        "Nom de naissance": f"DESSIN-{email[:3].upper()}",
        **birth("29 02 1992"),
        "Commune de naissance": "Rennes (35238)",
    })  # fmt: skip
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("À mon domicile, au facteur").check()
    page.get_by_role("button", name="Demander la vérification").click()
    leave_for(page, sandbox, "La Poste")
    page.get_by_label("Adresse électronique").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    shoot(page, "laposte-unverified")
    page.get_by_role("link", name="Revenir à FranceConnect").click()
    shoot(page, "choice-unverified")
    page.goto(sandbox.url("sandbox", "/controles-d-identite/"))
    shoot(page, "identity-checks")


def draw_tools(page: Page, sandbox: Sandbox) -> None:
    """Draw the pages of the sandbox beside the services."""
    pages = {
        "sandbox-home": "/",
        "faults": "/pannes/",
        "clock": "/horloge/",
        "persona": "/personas/lise-vieux-cog",
        "persona-new": "/personas/nouvelle",
    }
    for name, path in pages.items():
        page.goto(sandbox.url("sandbox", path))
        shoot(page, name)
    page.goto(sandbox.url("sandbox", "/mairie/"))
    page.locator(".fr-connect").click()
    page.locator("details summary", has_text=re.compile("aucun de ces comptes")).click()
    shoot(page, "choice-no-account")
