"""How often one may be wrong: signing in and enrolling apart, on the sandbox's clock."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox import clock
from apps.sandbox.clock import Step
from apps.sandbox.identity_provider import throttle
from apps.sandbox.identity_provider.catalogue import IMPOTS, IdentityProviderSite
from apps.sandbox.models import FailedSignIn
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import begin, fill, refusal, text

LOU = {"tax_number": "00 01 240 000 213", "online_number": "2400213", "income": "0"}
WRONG = {**LOU, "income": "1"}
at_impots = pytest.mark.parametrize("site", ["impots"], indirect=True)


def enrol(browser: Client, **fields: str) -> HttpResponse:
    return fill(browser, begin(browser, "espace-particulier"), **fields)


def sign_in(browser: Client, site: IdentityProviderSite, password: str) -> HttpResponse:
    page = rp.open_login_page(browser)
    return rp.post_login(browser, page, rp.identifier_of(site), password)


@at_impots
def test_mistakes_of_an_enrolment_lock_nobody_out(
    browser: Client, site: IdentityProviderSite
) -> None:
    for _ in range(6):
        enrol(browser, **WRONG)
    assert enrol(browser, **LOU).status_code == 429
    assert sign_in(browser, site, "chateau-de-sable").status_code == 303


@at_impots
def test_wrong_passwords_do_not_stop_an_enrolment(
    browser: Client, site: IdentityProviderSite
) -> None:
    for _ in range(6):
        sign_in(browser, site, "pas-le-bon")
    assert sign_in(browser, site, "chateau-de-sable").status_code == 429
    assert enrol(browser, **LOU).status_code == 303


@at_impots
def test_the_wait_is_a_message_of_the_form(browser: Client, site: IdentityProviderSite) -> None:
    for _ in range(5):
        enrol(browser, **WRONG)
        sign_in(browser, site, "pas-le-bon")
    for page in (enrol(browser, **LOU), sign_in(browser, site, "chateau-de-sable")):
        assert refusal(page) == (
            'role="alert" tabindex="-1" autofocus> Vous ne pouvez pas continuer pour l’instant '
            "Trop d’essais. Réessayez dans 15 min."
        )
        assert "aria-invalid" not in text(page)


@at_impots
def test_an_hour_of_the_sandbox_ends_the_wait(browser: Client, site: IdentityProviderSite) -> None:
    for _ in range(5):
        enrol(browser, **WRONG)
        sign_in(browser, site, "pas-le-bon")
    clock.advance(Step(hours=1))
    assert enrol(browser, **LOU).status_code == 303
    assert sign_in(browser, site, "chateau-de-sable").status_code == 303


def test_failures_of_a_future_that_was_left_count_no_more(db: None) -> None:
    clock.advance(Step(months=37))
    guess = (IMPOTS, throttle.Counter.SIGN_IN, "0001123456789", "127.0.0.1")
    for _ in range(5):
        throttle.record(*guess)
    with pytest.raises(throttle.TooManyFailures):
        throttle.check(*guess)
    clock.back_to_the_present()
    throttle.check(*guess)
    throttle.purge()
    assert not FailedSignIn.objects.exists()


def test_failures_that_still_count_are_not_deleted(db: None) -> None:
    throttle.record(IMPOTS, throttle.Counter.SIGN_IN, "0001123456789", "127.0.0.1")
    throttle.purge()
    assert FailedSignIn.objects.update(at=clock.now() - timedelta(minutes=16)) == 1
    throttle.purge()
    assert not FailedSignIn.objects.exists()
