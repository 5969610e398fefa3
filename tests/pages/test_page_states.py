"""What each state of a page shows, and what it must not."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from apps.broker.views.choice_page import SOME_ABSENT
from tests.pages.page import Element, parse_page
from tests.pages.samples import (
    ACCOUNT,
    CLOSED,
    LABELS,
    NOTICE,
    PRIVATE_SERVICE,
    RECIPE,
    SAMPLES,
    SHELL,
    WHY,
    a_choice,
    a_confirmation,
    a_provider,
    an_error,
    an_information,
)

HOSTILE = "<script>alert(1)</script>"


def render(template: str, context: dict[str, Any]) -> Element:
    return parse_page(render_to_string(template, context))


def choice(**changes: Any) -> Element:
    return render("broker/choice.html", a_choice(**changes))


def information(**changes: Any) -> Element:
    return render("broker/information.html", an_information(**changes))


def error(**changes: Any) -> Element:
    return render("broker/error.html", an_error(**changes))


def focused(page: Element) -> list[Element]:
    return [e for e in page.walk() if "autofocus" in e.attributes]


def buttons(page: Element) -> list[str]:
    return [button.text() for button in page.all("button")]


# --- Choice -----------------------------------------------------------------------------------------


def test_each_account_is_one_button_with_its_uid() -> None:
    form = choice().all("form")[0]
    assert form.attributes["action"] == "/choisir"
    cards = form.all("button")
    assert [card.attributes["value"] for card in cards] == ["impots", "ameli", "laposte"]
    assert {card.attributes["name"] for card in cards} == {"providerUid"}


def test_an_unavailable_account_says_why_and_cannot_be_chosen() -> None:
    cards = choice(providers=[a_provider(state="Indisponible pour le moment")]).all("ul")[1]
    assert not cards.all("button", "a", "form")
    assert "Indisponible pour le moment" in cards.text()


def test_an_unavailable_account_may_lead_elsewhere() -> None:
    cards = choice(providers=[CLOSED]).all("ul")[1]
    [link] = cards.all("a")
    assert link.attributes["href"] == CLOSED.link_url
    assert link.text() == CLOSED.link_label
    assert not cards.all("button", "form")


def test_who_has_no_account_finds_how_to_get_one_behind_a_closed_disclosure() -> None:
    [recipes] = choice().all("details")
    assert recipes.all("summary")[0].text() == "Je n’ai aucun de ces comptes"
    assert "open" not in recipes.attributes
    assert RECIPE["text"] in recipes.text()
    [link] = recipes.all("a")
    assert link.attributes["href"] == RECIPE["url"]
    assert link.text() == f"Comment obtenir ce compte : {ACCOUNT}"


def test_a_platform_without_recipes_says_where_to_look() -> None:
    [recipes] = choice(recipes=[]).all("details")
    assert "Le site de chaque compte" in recipes.text()
    assert not recipes.all("a")


def test_missing_accounts_are_explained_when_some_are_missing() -> None:
    [_, why] = choice(why=WHY).all("details")
    assert why.all("summary")[0].text() == SOME_ABSENT
    assert WHY[0] in why.text()


def test_the_address_to_check_and_the_page_that_explains_are_given() -> None:
    page = choice()
    assert page.all("code")[0].text() == "http://localhost:8000"
    assert "/comprendre" in [a.attributes["href"] for a in page.all("main")[0].all("a")]


def test_one_account_alone_is_said_and_still_chosen_by_hand() -> None:
    page = choice(is_alone=True, providers=[a_provider()])
    assert "Un seul compte permet d’accéder à ce service." in page.text()
    assert len(page.all("ul")[1].all("button")) == 1


def test_an_account_under_test_says_so_in_words() -> None:
    assert "En test" in choice(providers=[a_provider(is_beta=True)]).all("ul")[1].text()


def test_the_notice_takes_the_focus() -> None:
    [banner] = focused(choice(notice=NOTICE))
    assert banner.text() == NOTICE["text"]
    assert banner.attributes["tabindex"] == "-1"


def test_no_notice_no_stolen_focus() -> None:
    assert focused(choice()) == []


def test_the_citizen_can_always_go_back_to_the_service() -> None:
    last = choice().all("form")[-1]
    assert last.attributes["action"] == "/abandonner"
    assert last.all("button")[0].text().startswith("Revenir sur")


# --- Confirmation -----------------------------------------------------------------------------------


def test_a_confirmation_is_one_form_and_one_way_back() -> None:
    page = render("broker/confirmation.html", a_confirmation())
    [form] = page.all("form")
    fields = {(e.attributes["name"], e.attributes["value"]) for e in form.all("input")}
    assert {("providerUid", "impots"), ("confirmed", "true")} <= fields
    links = {a.text(): a.attributes["href"] for a in page.all("main")[0].all("a")}
    assert links["Choisir un autre compte"] == "/choix"


def test_a_confirmation_written_by_a_partner_is_shown_as_text() -> None:
    words = {"title": HOSTILE, "text": HOSTILE, "continue_label": HOSTILE}
    assert HOSTILE not in render_to_string("broker/confirmation.html", a_confirmation(**words))


# --- Information ------------------------------------------------------------------------------------


def test_values_are_shown_only_inside_the_closed_disclosure() -> None:
    page = information()
    [values] = page.all("details")
    assert "open" not in values.attributes
    outside = [e for e in page.walk() if e.tag != "details" and not e.inside("details")]
    shown = "".join(c for e in outside for c in e.children if isinstance(c, str))
    for datum in LABELS:
        assert datum["value"] in values.text()
        assert datum["value"] not in shown


def test_labels_come_before_the_button() -> None:
    text = information().all("main")[0].text()
    assert text.index("Adresse électronique") < text.index("Continuer sur")


def test_a_public_service_asks_for_no_consent() -> None:
    assert not information().all("fieldset")


def test_consent_is_an_unticked_box_in_a_named_group() -> None:
    page = information(needs_consent=True, service_name=PRIVATE_SERVICE)
    [box] = [e for e in page.all("input") if e.attributes["type"] == "checkbox"]
    assert box.attributes["name"] == "consent"
    assert "checked" not in box.attributes
    assert page.all("legend")[0].text() == "Transmission de vos données"
    assert PRIVATE_SERVICE in page.all("label")[0].text()


def test_a_missing_consent_is_said_three_times() -> None:
    page = information(needs_consent=True, consent_error=True)
    assert page.all("title")[0].text().startswith("Erreur\u202f: ")
    [summary] = focused(page)
    assert summary.all("a")[0].attributes["href"] == "#consentement"
    [box] = [e for e in page.all("input") if e.attributes["type"] == "checkbox"]
    assert box.attributes["aria-invalid"] == "true"
    [message] = [
        e for e in page.walk() if e.attributes.get("id") == box.attributes["aria-describedby"]
    ]
    assert message.text().startswith("Erreur\u202f: ")


def test_an_anonymous_service_is_told_to_receive_nothing() -> None:
    page = information(is_anonymous=True, groups=[])
    assert "seulement un identifiant technique" in page.text()
    assert not page.all("details", "dl")


def test_single_sign_on_says_that_the_person_is_already_known() -> None:
    assert "Vous êtes déjà connecté." in information(is_sso=True).text()
    assert "Vous êtes déjà connecté." not in information().text()


# --- Error ------------------------------------------------------------------------------------------


def test_the_reference_is_in_paris_time() -> None:
    page = error()
    assert page.all("time")[0].text() == "23/11/2026 14 h 32"
    assert page.all("time")[0].attributes["datetime"] == "2026-11-23T14:32:00+01:00"
    assert "Référence\u202f: Y020026 · 7f3c1a52" in page.text()


def test_no_way_back_is_offered_to_a_service_we_do_not_trust() -> None:
    page = error(abandon_action="", choose_another_url="", service_name="")
    assert not page.all("form")
    assert "Revenir sur" not in page.text()


def test_developers_see_more_only_when_told_to() -> None:
    assert "nonce mismatch" in error().all("details")[0].text()
    assert not error(developer=None).all("details")


def test_the_account_concerned_is_named() -> None:
    assert ACCOUNT in error().all("main")[0].text()
    assert "Compte concerné" not in error(provider_title="").text()


def test_copying_is_offered_by_the_script_alone() -> None:
    [button] = [b for b in error().all("button") if "data-copy" in b.attributes]
    assert "hidden" in button.attributes


# --- Logout and the rest ----------------------------------------------------------------------------


def test_logout_names_what_may_still_be_open() -> None:
    assert "Région Exemple" in render(*SAMPLES["logged_out"]).text()


def test_logout_confirmation_carries_its_fields() -> None:
    fields = render(*SAMPLES["logout_confirm"]).all("form")[0].all("input")
    assert ("state", "s" * 32) in [(f.attributes["name"], f.attributes["value"]) for f in fields]


def test_the_button_of_services_is_a_link_in_the_same_tab() -> None:
    context = {"login_url": "/connexion", "about_url": "http://localhost:8000/comprendre"}
    links = render("components/franceconnect_button.html", context).all("a")
    assert links[0].attributes["href"] == "/connexion"
    assert "target" not in links[0].attributes
    assert links[0].text() == "S’identifier avec FranceConnect"
    assert "nouvelle fenêtre" in links[1].text()
    assert "nouvelle fenêtre" in links[1].attributes["title"]


@pytest.mark.parametrize("name", sorted(n for n, s in SAMPLES.items() if "service_name" in s[1]))
def test_names_given_by_partners_are_escaped(name: str) -> None:
    template, context = SAMPLES[name]
    hostile = {**context, "service_name": HOSTILE, "provider_title": HOSTILE}
    assert HOSTILE not in render_to_string(template, hostile)


def test_the_support_page_never_asks_for_identity() -> None:
    page = render("broker/pages/support.html", SHELL)
    assert not page.all("form", "input")
