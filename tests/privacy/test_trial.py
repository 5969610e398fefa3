"""A provider is tried with the canary: nothing of them is at rest, in the report least of all."""

from typing import Any

import pytest
from django.http import HttpResponse

from apps.accounts.models import Account
from apps.identity_providers.models import IdentityProvider, Trial
from apps.protocol.acr import Acr
from tests.driver import Browser
from tests.privacy.canary import NOWHERE, PERSON, TOLD
from tests.privacy.conftest import Search
from tests.privacy.test_canary import UNKIND, check_nothing_is_found


def try_it(browser: Browser, **overrides: Any) -> tuple[Trial, HttpResponse]:
    provider = IdentityProvider.objects.get()
    url = "http://localhost:8002/essai/{}/"
    trial, token = Trial.begun(provider, agent="denis", level=Acr.EIDAS1, report_url=url.format)
    response = browser.come_back(browser.client.get(f"/api/v2/essai/{token}"), **overrides)
    trial.refresh_from_db()
    return trial, response


def test_a_trial_keeps_nothing_of_the_person(browser: Browser, search: Search) -> None:
    trial, response = try_it(browser)
    assert response.status_code == 200
    assert trial.found
    assert len(trial.found.claims) == len(PERSON)
    check_nothing_is_found(search)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "person",
    [
        {"birthplace": NOWHERE}, {"birthdate": NOWHERE}, {"gender": NOWHERE}, {"email": NOWHERE},
        {"birthcountry": NOWHERE}, {"given_name": {"fr": PERSON["given_name"]}},
        {"preferred_username": [PERSON["preferred_username"]]}, {PERSON["family_name"]: 1},
        {PERSON["preferred_username"]: 1},
    ],
    ids=lambda person: " ".join(person),
)  # fmt: skip
def test_a_value_that_is_wrong_is_not_told_either(
    person: dict[str, Any], browser: Browser, search: Search
) -> None:
    browser.idp.person |= person
    trial, _ = try_it(browser)
    assert trial.is_over
    check_nothing_is_found(search)


@pytest.mark.parametrize("way", UNKIND)
def test_what_an_unkind_provider_tells_is_not_in_the_report(
    way: str, browser: Browser, search: Search
) -> None:
    UNKIND[way](browser)
    trial, _ = try_it(browser)
    assert trial.verdict == "blocking"
    check_nothing_is_found(search)


def test_an_error_of_the_provider_is_not_in_the_report(browser: Browser, search: Search) -> None:
    told = {"code": None, "error": "server_error", "error_description": TOLD, "error_uri": TOLD}
    trial, _ = try_it(browser, **told)
    assert trial.verdict == "blocking"
    check_nothing_is_found(search)
