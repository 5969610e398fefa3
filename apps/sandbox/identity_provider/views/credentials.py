"""An identifier and a password, as the login pages receive them."""

from django.http import HttpRequest

from apps.sandbox.identity_provider import sign_in, throttle
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.identifiers import IdentifierError
from apps.sandbox.identity_provider.login_page import LoginPage
from apps.sandbox.models import IdentityAccount
from apps.sandbox.personas import directory

_MISMATCH = "L’identifiant et le mot de passe ne correspondent pas. Vérifiez-les et recommencez."


def asked_form(request: HttpRequest, site: IdentityProviderSite) -> LoginPage:
    """Return the form, filled with a persona's account when the address names one."""
    persona = directory.find(request.GET.get("persona", ""))
    if persona is None or site.slug not in persona.accounts:
        return LoginPage(site)
    identifier = persona.accounts[site.slug].displayed_identifier
    return LoginPage(site, identifier, persona.password, persona.name)


def authenticate(
    site: IdentityProviderSite, typed: str, password: str, address: str
) -> IdentityAccount | LoginPage:
    """Return the account, or the login page that says why not."""
    if missing := _missing(site, typed, password):
        return LoginPage(site, typed, errors=missing)
    try:
        identifier = site.identifier.parse(typed)
        return sign_in.authenticate(site, identifier, password, address=address)
    except IdentifierError as refusal:
        return LoginPage(site, typed, errors={"identifier": str(refusal)})
    except throttle.TooManyFailures as refusal:
        return LoginPage(site, typed, errors={"": str(refusal)}, status=429)
    except sign_in.WrongCredentials:
        return LoginPage(site, typed, errors={"identifier": _MISMATCH})


def _missing(site: IdentityProviderSite, typed: str, password: str) -> dict[str, str]:
    missing = {}
    if not typed.strip():
        label = site.identifier.label
        missing["identifier"] = f"Remplissez le champ «\u202f{label}\u202f»."
    if not password:
        missing["password"] = "Saisissez votre mot de passe."  # noqa: S105 a sentence
    return missing
