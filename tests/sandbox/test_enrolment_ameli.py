"""Assurance Maladie: four facts, a letter that takes days, a code, a password, FranceConnect."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.sandbox import clock
from apps.sandbox.clock import Step
from apps.sandbox.enrolment import nir, provisional_codes
from apps.sandbox.enrolment.ameli import parse_postal_code
from apps.sandbox.enrolment.fields import parse_birthdate
from apps.sandbox.forms.fields import FieldError
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.identity_provider.identifiers import IdentifierError, nir_key
from apps.sandbox.models import FailedSignIn, IdentityAccount, PaperLetter, ProvisionalCode
from tests.sandbox import relying_party as rp
from tests.sandbox.enrolling import PASSWORD, PORTAL, begin, fill, new_password, refusal, text

NIR = "2 98 08 01 053 957"
LOU = {
    "nir": NIR,
    "birthdate-day": "17",
    "birthdate-month": "8",
    "birthdate-year": "1998",
    "family_name": "sans compte",
    "postal_code": "01000",
}
ANGELE = {
    "nir": "2 85 03 35 238 942 45",
    "birthdate-day": "14",
    "birthdate-month": "03",
    "birthdate-year": "1985",
    "family_name": "Ordinaire",
    "postal_code": "35000",
}
at_ameli = pytest.mark.parametrize("site", ["ameli"], indirect=True)


def identify(browser: Client, **fields: str) -> HttpResponse:
    return fill(browser, begin(browser, "compte"), **fields)


def ask_for_a_letter(browser: Client, **facts: str) -> HttpResponse:
    """Go to the end of the first enrolment; the answer is what follows the last button."""
    return fill(browser, identify(browser, **facts)["Location"])


def open_letterbox(settings: object) -> str:
    """Return the text of the page of the letterbox, on the main site, and of its newest letter."""
    settings.ROOT_URLCONF, kept = "apps.sandbox.urls", settings.ROOT_URLCONF  # type: ignore[attr-defined]
    page = text(Client().get("/boite-aux-lettres/"))
    found = re.search(r'href="(/boite-aux-lettres/\d+/)"', page)
    letter = text(Client().get(found[1])) if found else ""
    settings.ROOT_URLCONF = kept  # type: ignore[attr-defined]
    return page + letter


def read_code(settings: object) -> str:
    clock.advance(Step(days=8))
    found = re.search(r"code provisoire est (\d{4}\u00a0\d{4})", open_letterbox(settings))
    assert found
    return found[1]


def type_code(browser: Client, code: str, number: str = NIR) -> HttpResponse:
    return fill(browser, begin(browser, "activation"), nir=number, code=code)


def wrong(code: str) -> str:
    number = int(code.replace("\u00a0", ""))
    return f"{(number + 1) % 10**8:08}"


@at_ameli
def test_from_the_letter_to_franceconnect(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    assert f'href="{PORTAL}">Accédez à votre espace personnel' in text(browser.get("/"))
    assert "Je crée mon compte" in text(browser.get(PORTAL))
    done = browser.get(ask_for_a_letter(browser, **LOU)["Location"])
    assert "sous 8 jours" in text(done)
    assert IdentityAccount.objects.get(site="ameli", identifier="2980801053957").state == (
        "letter_sent"
    )
    answer = type_code(browser, read_code(settings))
    end = fill(browser, answer["Location"], **new_password())
    assert "Votre compte est activé" in text(browser.get(end["Location"]))
    assert "SANS-COMPTE" in text(browser.get("/mes-attestations/"))
    signed_in = rp.post_login(browser, rp.open_login_page(browser), NIR, PASSWORD)
    assert "code" in rp.parameters(signed_in)


@at_ameli
def test_the_letterbox_is_empty_until_the_postman_came(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    ask_for_a_letter(browser, **LOU)
    letter = PaperLetter.objects.get()
    assert timedelta(days=1) <= letter.delivered_at - letter.posted_at <= timedelta(days=8)
    assert "La boîte est vide" in open_letterbox(settings)
    settings.ROOT_URLCONF = "apps.sandbox.urls"  # type: ignore[attr-defined]
    assert Client().get(f"/boite-aux-lettres/{letter.pk}/").status_code == 404
    clock.advance(Step(days=8))
    assert "Votre code provisoire" in open_letterbox(settings)


@at_ameli
def test_the_code_is_kept_hashed_and_never_in_a_draft(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    ask_for_a_letter(browser, **LOU)
    code = read_code(settings)
    address = type_code(browser, code)["Location"]
    assert code.replace("\u00a0", "") not in ProvisionalCode.objects.get().code_hash
    assert code not in text(browser.get(address.replace("mot-de-passe", "code")))


@at_ameli
def test_an_account_whose_letter_is_on_its_way_signs_nobody_in(
    browser: Client, site: IdentityProviderSite
) -> None:
    ask_for_a_letter(browser, **LOU)
    for password in ("chateau-de-sable", PASSWORD):
        answer = rp.post_login(browser, rp.open_login_page(browser), NIR, password)
        assert "ne correspondent pas" in text(answer)


@at_ameli
@pytest.mark.parametrize("between", ["", " ", "-", "\u2011"])
def test_a_code_is_typed_in_groups_or_not(
    browser: Client, site: IdentityProviderSite, settings: object, between: str
) -> None:
    ask_for_a_letter(browser, **LOU)
    code = read_code(settings).replace("\u00a0", between)
    assert type_code(browser, code).status_code == 303


@at_ameli
def test_the_page_of_a_letter_leads_to_where_its_code_is_typed(
    browser: Client, site: IdentityProviderSite
) -> None:
    handle = rp.authorize(browser)["Location"].rsplit("/", 1)[1]
    address = fill(browser, begin(browser, "compte", demande=handle), **LOU)["Location"]
    done = text(browser.get(fill(browser, address)["Location"]))
    assert f'href="{PORTAL}?demande={handle}#activation">J’ai reçu mon code' in done
    assert 'id="activation"' in text(browser.get(PORTAL))


@at_ameli
def test_a_code_serves_once(browser: Client, site: IdentityProviderSite, settings: object) -> None:
    ask_for_a_letter(browser, **LOU)
    code = read_code(settings)
    first, second = type_code(browser, code)["Location"], type_code(browser, code)["Location"]
    fill(browser, first, **new_password())
    answer = fill(browser, second, **new_password("un autre mot de passe"))
    assert "Ce code n’est pas valable" in refusal(answer)
    assert "Ce code n’est pas valable" in refusal(type_code(browser, code))


@at_ameli
def test_the_fourth_attempt_is_refused_even_with_the_right_code(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    ask_for_a_letter(browser, **LOU)
    code = read_code(settings)
    for _ in range(3):
        assert "Ce code n’est pas valable" in refusal(type_code(browser, wrong(code)))
    assert "demandez un nouveau courrier" in refusal(type_code(browser, code))
    ask_for_a_letter(browser, **LOU)
    FailedSignIn.objects.all().delete()
    assert type_code(browser, read_code(settings)).status_code == 303


@at_ameli
def test_a_right_code_after_two_errors_is_accepted(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    ask_for_a_letter(browser, **LOU)
    code = read_code(settings)
    for _ in range(2):
        type_code(browser, wrong(code))
    assert type_code(browser, code).status_code == 303


@at_ameli
@pytest.mark.parametrize(("days", "status"), [(21, 303), (23, 200)])
def test_a_code_lasts_thirty_days(
    browser: Client, site: IdentityProviderSite, settings: object, days: int, status: int
) -> None:
    ask_for_a_letter(browser, **LOU)
    code = read_code(settings)
    clock.advance(Step(days=days))
    assert type_code(browser, code).status_code == status


@at_ameli
def test_an_unknown_number_reads_like_a_wrong_code(
    browser: Client, site: IdentityProviderSite
) -> None:
    ask_for_a_letter(browser, **LOU)
    known = refusal(type_code(browser, "00000000"))
    assert refusal(type_code(browser, "00000000", "1 48 05 99 999 356")) == known


@at_ameli
def test_another_letter_waits_a_day_and_kills_the_code_before(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    ask_for_a_letter(browser, **LOU)
    assert "Vous pourrez en demander un autre" in refusal(ask_for_a_letter(browser, **LOU))
    assert PaperLetter.objects.count() == 1
    first = read_code(settings)
    assert ask_for_a_letter(browser, **LOU).status_code == 303
    assert "Ce code n’est pas valable" in refusal(type_code(browser, first))
    assert type_code(browser, read_code(settings)).status_code == 303


@at_ameli
def test_who_has_an_account_sees_the_same_page_and_gets_another_letter(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    pages = [
        text(browser.get(ask_for_a_letter(browser, **facts)["Location"])).split("<main")[1]
        for facts in (LOU, ANGELE)
    ]
    assert pages[0] == pages[1]
    clock.advance(Step(days=8))
    assert "Vous avez déjà un compte" in open_letterbox(settings)
    assert not ProvisionalCode.objects.filter(account__identifier="2850335238942").exists()
    assert IdentityAccount.objects.get(identifier="2850335238942").state == "verified"


@at_ameli
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"birthdate-month": "9"}, "dit une naissance en août 98"),
        ({"birthdate-year": "1997"}, "dit une naissance en août 98"),
        ({"birthdate-day": "18"}, "ne correspondent à aucun assuré"),
        ({"family_name": "Autre"}, "ne correspondent à aucun assuré"),
        ({"postal_code": "1000"}, "5 chiffres attendus, vous en avez saisi 4."),
        ({"postal_code": "01001"}, "ne correspondent à aucun assuré"),
        ({"nir": "2 98 08 01 053"}, "13 caractères attendus, vous en avez saisi 10."),
        ({"nir": "2 98 08 01 053 957 01"}, "ne correspondent pas aux 13 premiers"),
        ({"nir": "2 98 08 96 053 957"}, "département de naissance"),
        ({"nir": "2 98 13 01 053 957"}, "mois de naissance"),
        ({"birthdate-day": "31", "birthdate-month": "2"}, "n’existe pas dans le calendrier"),
    ],
)
def test_what_is_wrong_is_said_precisely(
    browser: Client, site: IdentityProviderSite, changes: dict[str, str], message: str
) -> None:
    answer = identify(browser, **{**LOU, **changes})
    assert message in refusal(answer)
    assert 'value="01' in text(answer) or "postal_code" in changes


@at_ameli
@pytest.mark.parametrize("name", ["SANS-COMPTE", "Sans compte", "sans‐compte", "  Sâns-Compté "])
def test_accents_hyphens_and_case_do_not_matter(
    browser: Client, site: IdentityProviderSite, name: str
) -> None:
    assert identify(browser, **{**LOU, "family_name": name}).status_code == 303


@at_ameli
@pytest.mark.parametrize("name", ["Naissance", "usage"])
def test_a_name_of_birth_or_of_use_is_recognised(
    browser: Client, site: IdentityProviderSite, name: str
) -> None:
    rita = {
        "nir": "2 73 04 59 350 961",
        "birthdate-day": "18",
        "birthdate-month": "04",
        "birthdate-year": "1973",
        "family_name": name,
        "postal_code": "59000",
    }
    assert identify(browser, **rita).status_code == 303


@at_ameli
def test_the_sixth_failure_waits(browser: Client, site: IdentityProviderSite) -> None:
    for _ in range(5):
        identify(browser, **{**LOU, "postal_code": "75001"})
    assert identify(browser, **LOU).status_code == 429
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert identify(browser, **LOU).status_code == 303


@at_ameli
def test_the_form_is_filled_by_browsers(browser: Client, site: IdentityProviderSite) -> None:
    page = text(browser.get(begin(browser, "compte")))
    for name in ("bday-day", "bday-month", "bday-year", "family-name", "postal-code"):
        assert f'autocomplete="{name}"' in page
    assert "* champ obligatoire" in page


@at_ameli
def test_the_help_page_and_the_certificates_are_there(
    browser: Client, site: IdentityProviderSite
) -> None:
    assert "Je découvre mon compte pas à pas" in text(browser.get(PORTAL))
    assert "boîte aux lettres" in text(browser.get("/pas-a-pas/"))
    assert browser.get("/mes-attestations/")["Location"] == PORTAL
    rp.sign_in(browser, site)
    assert "Mes attestations" in text(browser.get("/"))
    assert "2 85 03 35 238 942 45" in text(browser.get("/mes-attestations/"))


@pytest.mark.parametrize("site", ["impots", "laposte"], indirect=True)
def test_other_sites_have_no_certificates(browser: Client, site: IdentityProviderSite) -> None:
    assert browser.get("/mes-attestations/").status_code == 404
    assert browser.get("/pas-a-pas/").status_code == 404


def test_the_example_of_the_form_is_a_number() -> None:
    assert nir.parse("1 48 05 99 999 356") == "1480599999356"
    assert nir.parse("1 48 05 99 999 356 84") == "1480599999356"
    assert nir_key("1480599999356") == "84"
    assert nir.contradiction("1480599999356", "1948-05-12") == ""


@pytest.mark.parametrize("typed", ["1 85 03 2A 004 123", "1 85 03 2b 033 123"])
def test_corsica_has_letters(typed: str) -> None:
    assert nir.parse(typed)[5] == "2"


@pytest.mark.parametrize("typed", ["1 85 03 3A 004 123", "A 85 03 35 004 123", "9850335004123"])
def test_letters_elsewhere_are_refused(typed: str) -> None:
    with pytest.raises((FieldError, IdentifierError)):
        nir.parse(typed)


@pytest.mark.parametrize("month", ["20", "42", "50", "99"])
def test_an_unknown_month_of_birth_contradicts_no_month(month: str) -> None:
    number = nir.parse(f"2 92 {month} 99 341 936")
    assert nir.contradiction(number, "1992-00-00") == ""
    assert nir.contradiction(number, "1992-07-01") == ""
    assert "l’année 92" in nir.contradiction(number, "1991-07-01")


def test_presumed_dates_are_dates() -> None:
    assert parse_birthdate("00", "11", "1992") == "1992-11-00"
    assert parse_birthdate("0", "0", "1992") == "1992-00-00"
    with pytest.raises(FieldError):
        parse_birthdate("12", "00", "1992")
    with pytest.raises(FieldError, match="vous en avez saisi 2"):
        parse_birthdate("12", "03", "92")


def test_a_postal_code_keeps_its_nought() -> None:
    assert parse_postal_code("01 000") == "01000"


def test_codes_are_drawn_among_all(seeded: None) -> None:
    account = IdentityAccount.objects.get(identifier="2850335238942")
    codes = {provisional_codes.make(account) for _ in range(20)}
    assert len(codes) == 20
    assert ProvisionalCode.objects.count() == 1
