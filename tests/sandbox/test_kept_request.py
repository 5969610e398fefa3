"""The request of the broker that waits during an enrolment: every link of the way keeps it."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import AuthenticationRequest, EnrolmentDraft, SecondFactor
from tests.notifications.relay import Relay
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import (
    CIVIL_STATUS,
    PASSWORD,
    PORTAL,
    begin,
    fill,
    link_of,
    press,
    text,
)

ENROLMENTS = {"impots": "espace-particulier", "ameli": "compte", "laposte": "inscription"}
at_laposte = pytest.mark.parametrize("site", ["laposte"], indirect=True)


def ask(browser: Client, **changes: str) -> str:
    """Arrive from the broker; return what names the request."""
    return str(rp.authorize(browser, **changes)["Location"].rsplit("/", 1)[1])


def test_the_way_back_from_the_first_step_keeps_the_request(
    browser: Client, site: IdentityProviderSite
) -> None:
    handle = ask(browser)
    step = text(browser.get(begin(browser, ENROLMENTS[site.slug], demande=handle)))
    found = re.search(r'href="([^"]+)">Retour<', step)
    assert found
    assert found[1] == f"{PORTAL}?demande={handle}"
    portal = text(browser.get(found[1]))
    assert f'href="/connexion/{handle}">J’ai déjà un compte' in portal
    assert f'name="demande" value="{handle}"' in portal


def test_a_request_that_was_answered_is_kept_no_more(
    browser: Client, site: IdentityProviderSite
) -> None:
    address = begin(browser, ENROLMENTS[site.slug], demande=ask(browser))
    AuthenticationRequest.objects.update(answered_at=timezone.now())
    assert f'href="{PORTAL}">Retour<' in text(browser.get(address))


def test_a_draft_that_expired_leads_back_to_the_request(
    browser: Client, site: IdentityProviderSite
) -> None:
    handle = ask(browser)
    address = begin(browser, ENROLMENTS[site.slug], demande=handle)
    EnrolmentDraft.objects.all().delete()
    assert f'href="{PORTAL}?demande={handle}"' in text(browser.get(address))
    assert f'href="{PORTAL}"' in text(Client().get(address))


@pytest.mark.parametrize("site", ["ameli"], indirect=True)
def test_the_help_page_keeps_the_request(browser: Client, site: IdentityProviderSite) -> None:
    handle = ask(browser)
    page = text(browser.get(PORTAL, {"demande": handle}))
    assert f'href="/pas-a-pas/?demande={handle}"' in page
    page = text(browser.get("/pas-a-pas/", {"demande": handle}))
    assert f'href="{PORTAL}?demande={handle}">Retour' in page


@at_laposte
def test_the_link_of_the_mail_keeps_the_request_in_the_browser_that_signed_up(
    browser: Client, site: IdentityProviderSite, relay: Relay, sign_up: Callable[..., HttpResponse]
) -> None:
    handle = ask(browser)
    sign_up(browser, demande=handle)
    link = link_of(relay)
    assert handle not in relay.received[0].as_string()
    civil_status = fill(browser, link, password=PASSWORD)["Location"]
    assert f"{PORTAL}?demande={handle}" in text(browser.get(civil_status))
    assert f"{PORTAL}?demande={handle}" in text(browser.get(link))
    check = fill(browser, civil_status, **CIVIL_STATUS)["Location"]
    end = text(browser.get(fill(browser, check, method="postman")["Location"]))
    assert "demande de vérification est enregistrée" in end
    assert f'href="/connexion/{handle}/a-terminer"' in end
    assert "Revenir à FranceConnect" in text(browser.get(f"/connexion/{handle}/a-terminer"))


@at_laposte
def test_adding_a_second_factor_leads_back_to_the_request(
    browser: Client, site: IdentityProviderSite
) -> None:
    page = rp.open_login_page(browser, acr_values="eidas2")
    handle = AuthenticationRequest.objects.get().handle
    rp.post_login(browser, page, rp.identifier_of(site), "chateau-de-sable")
    missing = f"/connexion/{handle}/second-facteur"
    add = f"/second-facteur/?demande={handle}"
    assert f'href="{add}"' in text(browser.get(missing))
    assert f'href="{missing}"' in text(browser.get(add))
    assert press(browser, browser.get(add), add)["Location"] == add
    SecondFactor.objects.update(is_confirmed=True)
    assert f'href="{missing}">Continuer vers FranceConnect' in text(browser.get(add))


@at_laposte
def test_adding_a_second_factor_may_be_cancelled(
    browser: Client, site: IdentityProviderSite
) -> None:
    handle = ask(browser)
    rp.sign_in(browser, site)
    for demand, back in (("", "/"), (handle, f"/connexion/{handle}/second-facteur")):
        add = f"/second-facteur/?demande={demand}"
        press(browser, browser.get(add), add)
        page = browser.get(add)
        assert "Annuler" in text(page)
        answer = press(browser, page, "/second-facteur/annuler", demande=demand)
        assert answer["Location"] == back
        assert not SecondFactor.objects.filter(account__identifier=rp.identifier_of(site)).exists()
