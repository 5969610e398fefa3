"""Every page in every state that changes its structure: name → (template, context)."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from apps.broker.views.choice_page import SOME_ABSENT
from apps.protocol import errors

SERVICE = "Mairie de Saint-Exemple"
PRIVATE_SERVICE = "Eau d’Exemple"
ACCOUNT = "Impôts – bac à sable"
SHELL: dict[str, Any] = {"sandbox_ribbon": True, "csrf_token": "t" * 64}


def a_provider(uid: str = "impots", **changes: Any) -> SimpleNamespace:
    """Return an account of the choice page, available unless told otherwise."""
    facts = {
        "uid": uid,
        "title": ACCOUNT,
        "hint": "numéro fiscal",
        "is_beta": False,
        "pictogram": f"/static/franceconnect/pictograms/{uid}.svg",
        "state": "",
        "link_label": "",
        "link_url": "",
    }
    return SimpleNamespace(**{**facts, **changes})


RECIPE = {
    "title": ACCOUNT,
    "text": "Votre numéro fiscal, à 13 chiffres, figure en haut de la première page.",
    "url": "https://impots.example/",
}


def a_choice(**changes: Any) -> dict[str, Any]:
    """Return the context of the choice page with three accounts."""
    context = {
        "service_name": SERVICE,
        "providers": [a_provider("impots"), a_provider("ameli"), a_provider("laposte")],
        "is_alone": False,
        "recipes": [RECIPE],
        "why": [],
        "why_title": SOME_ABSENT,
        "action": "/choisir",
        "abandon_action": "/abandonner",
        "notice": None,
        "is_anonymous": False,
        "level_label": "",
        "origin": "http://localhost:8000",
    }
    return {**SHELL, **context, **changes}


LABELS = [
    {"label": "Nom de naissance", "value": "ORDINAIRE-CANARI"},
    {"label": "Prénoms", "value": "Angèle-Canari"},
    {"label": "Date de naissance", "value": "24/08/1962"},
    {"label": "Lieu de naissance", "value": "Paris 7e (75107)"},
    {"label": "Adresse électronique", "value": "angele@courriels.exemple"},
]
TAXES = {
    "source": "Depuis la Direction des impôts – bac à sable",
    "labels": [{"label": "Revenu fiscal de référence", "value": "26\u202f100\u202f€"}],
}


def a_confirmation(**changes: Any) -> dict[str, Any]:
    """Return the context of what an account wants to be read before the departure."""
    context = {
        "service_name": SERVICE,
        "title": "Préparez votre téléphone",
        "text": "Un code vous y sera envoyé. Gardez-le près de vous.",
        "uid": "impots",
        "provider_title": ACCOUNT,
        "continue_label": f"Continuer avec {ACCOUNT}",
        "action": "/choisir",
        "choice_url": "/choix",
    }
    return {**SHELL, **context, **changes}


def an_explanation(**changes: Any) -> dict[str, Any]:
    """Return the context of the page that explains, with one account in each state."""
    account = {
        "title": ACCOUNT,
        "hint": "Votre numéro fiscal et votre mot de passe",
        "pictogram": "/static/franceconnect/pictograms/impots.svg",
        "state": "",
        "text": RECIPE["text"],
        "url": RECIPE["url"],
    }
    bare = {"title": "Nouveau compte", "state": "Indisponible pour le moment"}
    return {**SHELL, "accounts": [account, bare], "sends_notice": True, **changes}


def an_information(**changes: Any) -> dict[str, Any]:
    """Return the context of the information page of a public service."""
    context = {
        "service_name": SERVICE,
        "provider_title": ACCOUNT,
        "display_name": "Angèle ORDINAIRE",
        "groups": [{"source": "Depuis FranceConnect", "labels": LABELS}],
        "needs_consent": False,
        "consent_error": False,
        "is_anonymous": False,
        "is_sso": False,
        "level_label": "",
        "action": "/continuer",
        "abandon_action": "/abandonner",
        "not_me_action": "/pas-moi",
    }
    return {**SHELL, **context, **changes}


DEVELOPER = SimpleNamespace(
    rule="OIDC Core §3.1.3.7", cause="Nonce de l’ID token faux.", detail="nonce mismatch"
)


def an_error(**changes: Any) -> dict[str, Any]:
    """Return the context of an error met after the choice of an account."""
    context = {
        "title": errors.IDP_TOKEN_FAILED.title,
        "text": errors.IDP_TOKEN_FAILED.text,
        "code": errors.IDP_TOKEN_FAILED.code,
        "error_id": "7f3c1a52-90bb-4a0e-9d2e-6a1b1c0e2f77",
        "at": datetime(2026, 11, 23, 13, 32, tzinfo=UTC),
        "abandon_action": "/abandonner",
        "choose_another_url": "/choix",
        "support_url": "/support",
        "service_name": SERVICE,
        "provider_title": ACCOUNT,
        "developer": DEVELOPER,
    }
    return {**SHELL, **context, **changes}


def a_logout(**changes: Any) -> dict[str, Any]:
    """Return the context of the page that follows a logout."""
    context = {
        "service_name": SERVICE,
        "service_url": "http://localhost:8001/mairie/",
        "other_services": ["Région Exemple", PRIVATE_SERVICE],
    }
    return {**SHELL, **context, **changes}


UNVERIFIED = {
    "level": "warning",
    "text": f"Votre compte « {ACCOUNT} » ne peut pas encore servir.",
    "url": "https://impots.example/",
    "link": f"Aller sur le site de « {ACCOUNT} »",
}
NOTICE = {"level": "warning", "text": f"Vous n’avez pas terminé la connexion avec {ACCOUNT}."}
CLOSED = a_provider(
    "ameli",
    state="En maintenance jusqu’à demain",
    link_label="Ouvrir l’ancien espace",
    link_url="https://ameli.example/ancien",
)
WHY = ["Chaque service décide des comptes qu’il accepte."]
BARE = a_provider("nouveau", is_beta=True, pictogram="")
BARE_ERROR = {
    "abandon_action": "", "choose_another_url": "", "developer": None, "service_name": "",
    "provider_title": "",
}  # fmt: skip
CONSENT = {"service_name": PRIVATE_SERVICE, "needs_consent": True}
CONTINUED = {**SHELL, "service_name": SERVICE}
CONFIRM = {**SHELL, "service_name": SERVICE, "action": "/fin", "fields": [("state", "s" * 32)]}
PRODUCTION = {"sandbox_ribbon": False}

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "choice": ("broker/choice.html", a_choice()),
    "choice_back_from_account": (
        "broker/choice.html",
        a_choice(
            notice=NOTICE,
            providers=[a_provider(), CLOSED, BARE],
            level_label="substantiel",
            why=WHY,
        ),
    ),
    "choice_alone": (
        "broker/choice.html",
        a_choice(is_alone=True, providers=[a_provider()], recipes=[]),
    ),
    "choice_account_not_verified": ("broker/choice.html", a_choice(notice=UNVERIFIED)),
    "choice_anonymous": ("broker/choice.html", a_choice(is_anonymous=True, **PRODUCTION)),
    "confirmation": ("broker/confirmation.html", a_confirmation()),
    "information": ("broker/information.html", an_information()),
    "information_sso": (
        "broker/information.html",
        an_information(is_sso=True, level_label="substantiel"),
    ),
    "information_consent": ("broker/information.html", an_information(**CONSENT)),
    "information_consent_error": (
        "broker/information.html",
        an_information(
            **CONSENT, consent_error=True, groups=[{"source": "Ici", "labels": LABELS}, TAXES]
        ),
    ),
    "information_anonymous": (
        "broker/information.html",
        an_information(is_anonymous=True, groups=[]),
    ),
    "already_continued": (
        "broker/already_continued.html",
        {**CONTINUED, "service_url": "http://localhost:8001/mairie/"},
    ),
    "already_continued_alone": ("broker/already_continued.html", {**CONTINUED, "service_url": ""}),
    "trial_over": (
        "broker/trial_over.html",
        {"provider_title": "Impôts", "report_url": "http://localhost:8002/essai/"},
    ),
    "error": ("broker/error.html", an_error()),
    "error_bare": ("broker/error.html", an_error(**BARE_ERROR, **PRODUCTION)),
    "error_resume": (
        "broker/error.html",
        an_error(abandon_action="", resume_url="/r"),
    ),
    "logged_out": ("broker/logged_out.html", a_logout()),
    "logged_out_alone": (
        "broker/logged_out.html",
        a_logout(service_name="", service_url="", other_services=[]),
    ),
    "logout_confirm": ("broker/logout_confirm.html", CONFIRM),
    "403": ("403.html", SHELL),
    "404": ("404.html", SHELL),
    "500": ("500.html", {}),
    "accessibility": ("broker/pages/accessibility.html", SHELL),
    "legal": ("broker/pages/legal.html", SHELL),
    "privacy": ("broker/pages/privacy.html", SHELL),
    "understand": ("broker/pages/understand.html", an_explanation()),
    "understand_without_accounts": (
        "broker/pages/understand.html",
        an_explanation(accounts=[], sends_notice=False),
    ),
    "support": ("broker/pages/support.html", SHELL),
    "support_with_reference": (
        "broker/pages/support.html",
        {**SHELL, "reference": "Y020026 · 7f3c1a52-90bb-4a0e-9d2e-6a1b1c0e2f77"},
    ),
}
