"""What a provider answers to requests that it must refuse: a client and an address it never saw.

Nothing of a real client is sent: neither our client_id nor our secret.
"""

from typing import Final
from urllib.parse import urlsplit

from apps.identity_providers import wire
from apps.identity_providers.analysis import catalogue, network
from apps.identity_providers.analysis.asking import Asking, Reply
from apps.identity_providers.analysis.findings import Finding
from apps.protocol import authorization_response, jose

# RFC 6761 §6.4: a name that can never be anybody's.
REDIRECT_URI: Final = "https://analyse-franceconnect.invalid/retour"
CLIENT_ID: Final = "analyse-franceconnect-client-inconnu"
WRONG: Final = "analyse-franceconnect-valeur-inconnue"


def authorization(asking: Asking, endpoint: str) -> Finding:
    """Ask to be sent to an unknown address (RFC 6749 §4.1.2.1: never automatically redirect)."""
    asked = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "state": WRONG,
        "nonce": WRONG,
    }
    url = authorization_response.add_query(endpoint, asked)
    reply = asking.get(url, accept="text/html")
    if reply.answer is None:
        return catalogue.REDIRECT_URI.warn(_unanswered(reply, endpoint), _REACH)
    if _goes_there(reply.answer):
        return catalogue.REDIRECT_URI.block(
            f"{endpoint}\nstatut {reply.answer.status}, redirige vers l’adresse inconnue",
            "Le fournisseur doit afficher une erreur, sans rediriger. Prévenez-le : c’est une faille.",
        )
    if reply.answer.status >= 500:
        return catalogue.REDIRECT_URI.warn(
            f"{endpoint}\nstatut {reply.answer.status}",
            "Le fournisseur devrait afficher une erreur claire, et non tomber en panne.",
        )
    return catalogue.REDIRECT_URI.conform(
        f"statut {reply.answer.status}, sans redirection vers elle"
    )


def token(asking: Asking, endpoint: str) -> Finding:
    """Give a code that nobody was given (RFC 6749 §5.2: 400 or 401, and a JSON error)."""
    form = {
        "grant_type": "authorization_code",
        "code": WRONG,
        "redirect_uri": REDIRECT_URI,
        "client_id": CLIENT_ID,
        "client_secret": WRONG,
    }
    reply = asking.post(endpoint, form)
    if reply.answer is None:
        return catalogue.TOKEN_ERROR.block(_unanswered(reply, endpoint), _REACH)
    error = _error_of(reply.answer)
    observed = f"statut {reply.answer.status}, {error or 'sans erreur en JSON'}"
    if reply.answer.status == 200:
        return catalogue.TOKEN_ERROR.block(
            f"{endpoint}\n{observed}",
            "Le fournisseur accepte un code et un client inconnus, ou répond 200 à une erreur.",
        )
    if reply.answer.status in (400, 401) and error:
        return catalogue.TOKEN_ERROR.conform(observed)
    return catalogue.TOKEN_ERROR.warn(
        f"{endpoint}\n{observed}",
        "Le fournisseur devrait répondre 400 ou 401, avec un objet JSON qui contient error.",
    )


_REACH: Final = "Vérifiez que FranceConnect peut atteindre cette adresse."


def _unanswered(reply: Reply, endpoint: str) -> str:
    return f"{endpoint}\n{network.explain(reply)}"


def _goes_there(answer: wire.Answer) -> bool:
    try:
        parts = urlsplit(answer.headers.get("Location", ""))
    except ValueError:
        return False
    return parts.hostname == urlsplit(REDIRECT_URI).hostname


def _error_of(answer: wire.Answer) -> str:
    """Return the error code of a JSON error, or nothing."""
    try:
        error = jose.parse_json(answer.body).get("error")
    except jose.JoseError:
        return ""
    return error[:60] if isinstance(error, str) else ""
