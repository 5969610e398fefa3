"""Every form of the sandbox is drawn alike: labels, hints, errors, and a summary that leads to them."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from tests.pages.page import Element, parse_page
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import begin, fill

ENROLMENTS = {"impots": "espace-particulier", "ameli": "compte", "laposte": "inscription"}


def check_form(response: HttpResponse, *, errors: int) -> None:
    """Check that each control has its label, that each description exists, and each error its link."""
    page = parse_page(response.content.decode())
    ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    labels = {e.attributes.get("for") for e in page.all("label")}
    controls = [e for e in page.all("input", "select") if e.attributes.get("type") != "hidden"]
    assert {e.attributes["id"] for e in controls} == labels
    described = re.findall(r'aria-describedby="([^"]+)"', response.content.decode())
    assert {i for one in described for i in one.split()} <= set(ids)
    links = [a for e in _alerts(page) for a in e.all("a")]
    assert len(links) == errors
    for link in links:
        assert _says(page, link.attributes["href"][1:], link.text().partition("\u202f: ")[2])


def _alerts(page: Element) -> list[Element]:
    return [e for e in page.walk() if e.attributes.get("role") == "alert"]


def _says(page: Element, control: str, reason: str) -> bool:
    """Tell whether what describes a control, or the group it is in, gives this reason."""
    holders = [
        e
        for e in page.walk()
        if "aria-describedby" in e.attributes
        and control in [one.attributes.get("id") for one in (e, *e.walk())]
    ]
    ids = {i for e in holders for i in e.attributes["aria-describedby"].split()}
    texts = [e.text() for e in page.walk() if e.attributes.get("id") in ids]
    return any(reason in text for text in texts)


def test_the_form_of_a_sign_in(browser: Client, site: IdentityProviderSite) -> None:
    page = rp.open_login_page(browser)
    check_form(page, errors=0)
    check_form(rp.post_login(browser, page, "x", "y"), errors=1)
    check_form(rp.post_login(browser, page, rp.identifier_of(site), ""), errors=1)


def test_the_forms_of_an_enrolment(browser: Client, site: IdentityProviderSite) -> None:
    first = begin(browser, ENROLMENTS[site.slug])
    check_form(browser.get(first), errors=0)
    count = {"impots": 3, "ameli": 4, "laposte": 2}[site.slug]
    check_form(fill(browser, first), errors=count)


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_the_form_of_a_persona(browser: Client) -> None:
    page = browser.get("/personas/nouvelle")
    check_form(page, errors=0)
    typed = {"year": "1985", "birthcountry": "99100", "sites": ["impots"]}
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    for changes, count in (({"birthplace": "35238"}, 3), ({"birthplace": "annecy"}, 4)):
        answer = browser.post(
            "/personas/nouvelle", {**typed, **changes, "csrfmiddlewaretoken": token[1]}
        )
        check_form(answer, errors=count)
