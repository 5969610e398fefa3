"""What every enrolment keeps, whatever it asks: drafts, secrets, steps in order, one end."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.sandbox.enrolment import drafts
from apps.sandbox.enrolment.fields import parse_new_password
from apps.sandbox.forms.fields import FieldError
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import EnrolmentDraft, IdentityAccount
from tests.sandbox import enrolling
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import begin, fill, new_password, text

pytestmark = pytest.mark.parametrize("site", ["impots"], indirect=True)

LOU = {"tax_number": "00 01 240 000 213", "online_number": "2400213", "income": "0"}
ENROLMENT = "espace-particulier"


def test_the_address_holds_a_reference_and_nothing_that_was_typed(
    browser: Client, site: IdentityProviderSite
) -> None:
    first = begin(browser, ENROLMENT)
    second = fill(browser, first, **LOU)["Location"]
    handle = EnrolmentDraft.objects.get().handle
    assert len(handle) == 43
    assert first == f"/inscription/en-cours/{handle}/references"
    assert second == f"/inscription/en-cours/{handle}/mot-de-passe"


def test_going_back_loses_nothing_that_was_typed(
    browser: Client, site: IdentityProviderSite
) -> None:
    first = begin(browser, ENROLMENT)
    fill(browser, first, **LOU)
    page = text(browser.get(first))
    assert all(f'value="{typed}"' in page for typed in LOU.values())


def test_what_is_wrong_is_counted_and_kept(browser: Client, site: IdentityProviderSite) -> None:
    answer = fill(browser, begin(browser, ENROLMENT), tax_number="123", online_number="12")
    page = text(answer)
    assert "Corrigez 3 erreurs pour continuer" in page
    assert "13 chiffres attendus, vous en avez saisi 3." in page
    assert "7 chiffres attendus, vous en avez saisi 2." in page
    assert 'value="123"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Erreur" in page


def test_every_mandatory_field_says_so(browser: Client, site: IdentityProviderSite) -> None:
    page = text(browser.get(begin(browser, ENROLMENT)))
    assert "* champ obligatoire" in page
    assert len(re.findall(r" \*\s*</label>", page)) == 3
    assert "Étape 1 sur 2" in page
    assert page.count("(?)") == 3


def test_a_step_is_not_skipped(browser: Client, site: IdentityProviderSite) -> None:
    first = begin(browser, ENROLMENT)
    second = first.replace("references", "mot-de-passe")
    assert browser.get(second)["Location"] == first
    answer = enrolling.press(browser, browser.get(first), second, **new_password())
    assert answer["Location"] == first
    assert browser.get(first.replace("references", "ailleurs")).status_code == 404


def test_a_step_that_became_wrong_closes_those_after_it(
    browser: Client, site: IdentityProviderSite
) -> None:
    first = begin(browser, ENROLMENT)
    second = fill(browser, first, **LOU)["Location"]
    fill(browser, first, **{**LOU, "tax_number": "00 01 250 000 229"})
    assert browser.get(second)["Location"] == first


def test_a_password_is_never_shown_again_nor_kept(
    browser: Client, site: IdentityProviderSite
) -> None:
    second = fill(browser, begin(browser, ENROLMENT), **LOU)["Location"]
    answer = fill(browser, second, password="trop court!!!", **{"password-again": "autre chose"})
    assert "Les deux saisies ne sont pas les mêmes." in text(answer)
    assert "trop court!!!" not in text(answer)
    assert "trop court" not in json.dumps(EnrolmentDraft.objects.get().answers)


def test_a_draft_is_blank_once_it_is_finished_and_finishes_once(
    browser: Client, site: IdentityProviderSite
) -> None:
    second = fill(browser, begin(browser, ENROLMENT), **LOU)["Location"]
    page = browser.get(second)
    first_press = enrolling.press(browser, page, second, **new_password())
    second_press = enrolling.press(browser, page, second, **new_password())
    assert first_press["Location"] == second_press["Location"]
    draft = EnrolmentDraft.objects.get()
    assert (draft.answers, draft.proved) == ({}, {})
    assert IdentityAccount.objects.filter(site=site.slug, identifier="0001240000213").count() == 1


def test_another_browser_does_not_open_a_draft(browser: Client, site: IdentityProviderSite) -> None:
    first = begin(browser, ENROLMENT)
    fill(browser, first, **LOU)
    assert Client().get(first).status_code == 410


def test_a_draft_expires_and_is_forgotten(browser: Client, site: IdentityProviderSite) -> None:
    first = begin(browser, ENROLMENT)
    EnrolmentDraft.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert browser.get(first).status_code == 410
    drafts.purge()
    assert not EnrolmentDraft.objects.exists()


def test_a_nul_or_a_novel_breaks_nothing(browser: Client, site: IdentityProviderSite) -> None:
    first = begin(browser, ENROLMENT)
    answer = fill(browser, first, tax_number="1\0" * 5000, online_number="<b>", income="é" * 999)
    assert answer.status_code == 200
    assert "&lt;b&gt;" in answer.content.decode()


def test_an_enrolment_that_does_not_exist_is_not_found(
    browser: Client, site: IdentityProviderSite
) -> None:
    page = browser.get(enrolling.PORTAL)
    assert enrolling.press(browser, page, "/inscription/ailleurs").status_code == 404
    assert browser.get("/inscription/espace-particulier").status_code == 405


def test_the_sign_in_that_waited_goes_on_after_the_enrolment(
    browser: Client, site: IdentityProviderSite
) -> None:
    login = rp.authorize(browser)["Location"]
    handle = login.rsplit("/", 1)[1]
    portal = browser.get(enrolling.PORTAL, {"demande": handle})
    assert handle in text(portal)
    first = begin(browser, ENROLMENT, demande=handle)
    answer = fill(browser, fill(browser, first, **LOU)["Location"], **new_password())
    assert f'href="{login}">Continuer vers FranceConnect' in text(browser.get(answer["Location"]))
    signed_in = rp.post_login(browser, browser.get(login), "0001240000213", enrolling.PASSWORD)
    assert signed_in["Location"].startswith(rp.redirect_uri() + "?")


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("onze signes", "12 caractères au moins, vous en avez saisi 11."),
        ("x" * 129, "au plus"),
        ("123456789012", "Ce mot de passe est entièrement numérique."),
        ("minecraft123", "Ce mot de passe est trop courant."),
    ],
)
def test_a_password_is_long_enough_and_hard_to_guess(
    site: IdentityProviderSite, password: str, message: str
) -> None:
    with pytest.raises(FieldError, match=message):
        parse_new_password(password, password)
    assert parse_new_password("x" * 12, "x" * 12) == "x" * 12
