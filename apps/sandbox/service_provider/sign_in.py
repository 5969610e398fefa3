"""The three gestures of a relying party: start, come back, log out.

The library does them; what is added is what it says to the person when something ends badly, and
the logout at FranceConnect (RP-Initiated Logout 1.0), which it leaves to its users.
"""

import logging
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import requests
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
    OIDCLogoutView,
)

from apps.protocol.acr import Acr
from apps.sandbox.service_provider.configuration import ForService, end_session_endpoint

LOGGER = logging.getLogger(__name__)
ID_TOKEN, LOGOUT_STATE, LEAVING = "oidc_id_token", "oidc_logout_state", "leaving"
SECOND_PRESS = timedelta(minutes=1)

INTERRUPTED = "Vous avez interrompu la connexion. Rien n’a été enregistré."
UNCONFIRMED = "FranceConnect n’a pas pu confirmer votre identité. Recommencez la connexion."
USED = "Cette page de retour a déjà servi ou n’est plus valable. Recommencez la connexion."


class Start(ForService, OIDCAuthenticationRequestView):
    """Send the person to FranceConnect; state, nonce and PKCE are the library's.

    A procedure may ask for a higher level than the service does otherwise: `?acr_values=eidas2`.
    """

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        """Return the parameters that the library does not write."""
        asked = request.GET.get("acr_values")
        return {"acr_values": asked if asked in self.service.acr_values else Acr.EIDAS1.value}


class Callback(ForService, OIDCAuthenticationCallbackView):
    """Receive the person from FranceConnect."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Sign the person in, or say what happened on the login page.

        An answer whose state is not waited for is a replay (Back, refresh) or a forgery: it changes
        nothing, and none of its text is shown.
        """
        if request.GET.get("state", "") not in request.session.get("oidc_states", {}):
            return self._unexpected(request)
        try:
            response: HttpResponse = super().get(request)
        except (SuspiciousOperation, requests.RequestException, jwt.PyJWTError) as failure:
            LOGGER.warning("sign-in refused: %s", type(failure).__name__)
            return self.login_failure()
        return response

    def login_success(self) -> HttpResponse:
        """Keep the ID token for the logout, also when another person was signed in before."""
        id_token = self.request.session[ID_TOKEN]
        response: HttpResponse = super().login_success()
        self.request.session[ID_TOKEN] = id_token
        return response

    def login_failure(self) -> HttpResponse:
        """Go back to the login page with one sentence."""
        error = self.request.GET.get("error", "")
        if error == "access_denied":
            messages.info(self.request, INTERRUPTED)
        elif error:
            messages.error(self.request, _refusal(error, self.request.GET))
        else:
            messages.error(self.request, UNCONFIRMED)
        return redirect(f"{self.service.slug}:home")

    def _unexpected(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(f"{self.service.slug}:information")
        messages.warning(request, USED)
        return redirect(f"{self.service.slug}:home")


class Logout(ForService, OIDCLogoutView):
    """End the session here, then at FranceConnect."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Forget the person, and show the page that leaves for FranceConnect.

        A page and not a redirect: the logout goes on to the identity provider and back, and
        Chromium stops a form whose redirects leave the origins of `form-action`.
        """
        id_token, key = request.session.get(ID_TOKEN), request.session.session_key
        address = request.session.get(LEAVING, "")
        response: HttpResponse = super().post(request)
        if not id_token:
            return self._leave(request, address) if address else response
        request.session[LOGOUT_STATE] = state = get_random_string(32)
        parameters = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": self.service.post_logout_redirect_uri,
            "state": state,
        }
        address = f"{end_session_endpoint()}?{urlencode(parameters)}"
        _keep_for_a_second_press(key, address)
        return self._leave(request, address)

    def _leave(self, request: HttpRequest, address: str) -> HttpResponse:
        context = {"service": self.service, "address": address}
        return render(request, "sandbox/service_provider/leaving.html", context)


def _keep_for_a_second_press(key: str | None, address: str) -> None:
    """Let the second press of a double click, which still shows the ended session, leave as well.

    The browser drops the page of the first press: without this it would stay signed in at
    FranceConnect. Nothing else of the session is kept, and this for a minute.
    """
    if key:
        Session.objects.save(key, {LEAVING: address}, timezone.now() + SECOND_PRESS)


def is_back_from_logout(request: HttpRequest) -> bool:
    """Tell, once, whether this request ends the logout that this browser started (state)."""
    expected = request.session.pop(LOGOUT_STATE, "")
    return bool(expected) and constant_time_compare(request.GET.get("state", ""), expected)


def _refusal(error: str, parameters: dict[str, str]) -> str:
    description = parameters.get("error_description", "")
    detail = f"{error} – {description}" if description else error
    return f"FranceConnect a refusé la connexion\u202f: {detail}. Vous pouvez recommencer."
