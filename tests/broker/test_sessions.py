"""SSO, several tabs, Back, refresh, double submission, and what another browser cannot do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.audit.models import Entry
from apps.broker.models import Grant, SignIn, SsoSession
from apps.identity_providers.models import IdentityProvider
from apps.notifications.models import Message
from apps.service_providers.models import ConsentMode, IdpFilter, ServiceKind, ServiceProvider
from tests.builders import CALLBACK, a_service_provider
from tests.driver import NONCE, Browser, query_of, redeem

pytestmark = pytest.mark.django_db


def test_a_second_service_recognises_the_citizen(browser: Browser) -> None:
    a_service_provider("region", name="Région Exemple")
    browser.sign_in()
    verify = browser.ask(client_id="region")
    page = browser.open(verify)
    assert page["Location"].endswith("/consent")
    text = browser.open(page).content.decode()
    assert "Vous êtes déjà connecté" in text
    assert "code=" in browser.go_on(page["Location"])["Location"]
    assert browser.idp.calls.count("/token") == 1
    steps = list(Entry.objects.order_by("id").values_list("step", flat=True))
    assert steps[-7:] == ["1.0.0", "1.1.0", "5.0.0", "6.1.0", "6.1.0", "6.2.1", "7.0.0"]


def test_one_message_for_each_connection(browser: Browser) -> None:
    a_service_provider("region")
    browser.sign_in()
    browser.go_on(browser.open(browser.ask(client_id="region"))["Location"])
    assert Message.objects.count() == 2


def reasons_not_to_recognise() -> dict[str, Any]:
    return {
        "S-136 prompt=login": lambda: {"prompt": "login"},
        "S-136 max_age": lambda: {"max_age": "0"},
        "S-135 provider not accepted there": lambda: ServiceProvider.objects.update(
            idp_filter_mode=IdpFilter.ALL_BUT, idp_filter=["impots"]
        ),
        "FranceConnect §13.2 provider closed": lambda: IdentityProvider.objects.update(
            active=False
        ),
        "S-153 account blocked": lambda: Account.objects.update(active=False),
        "S-129 session expired": lambda: SsoSession.objects.update(expires_at=datetime.now(UTC)),
        "S-135 level too low": lambda: (
            ServiceProvider.objects.update(acr_values=["eidas1", "eidas2"])
            and {"acr_values": "eidas2"}
        ),
    }


WHY = {
    "S-135 provider not accepted there": "5.2.0",
    "FranceConnect §13.2 provider closed": "5.1.0",
    "S-135 level too low": "5.3.0",
}


@pytest.mark.parametrize("reason", reasons_not_to_recognise())
def test_a_session_that_does_not_serve_leads_to_the_choice(reason: str, browser: Browser) -> None:
    browser.sign_in()
    SsoSession.objects.update(auth_time=0)
    asked = reasons_not_to_recognise()[reason]()
    response = browser.ask(**(asked if isinstance(asked, dict) else {}))
    if response["Location"].endswith("/verify"):
        response = browser.open(response)
    assert response["Location"].endswith(str(SignIn.objects.latest("created_at").pk))
    refusals = Entry.objects.filter(event__startswith="FC_IDP_")
    assert [line.step for line in refusals] == ([WHY[reason]] if reason in WHY else [])


def test_a_session_cookie_of_somebody_else_recognises_nobody(browser: Browser) -> None:
    browser.sign_in()
    browser.client.cookies["fc_session"] = "x" * 43
    assert not browser.open(browser.ask())["Location"].endswith("/consent")


def test_abandoning_before_the_end_opens_no_session(browser: Browser) -> None:
    browser.to_information()
    assert not SsoSession.objects.exists()
    assert "fc_session" not in browser.client.cookies


def test_S_202_two_tabs_end_at_their_own_services(browser: Browser) -> None:
    a_service_provider("region", redirect_uris="https://region.example/cb", scopes=["openid"])
    first = browser.ask()["Location"]
    second = browser.ask(
        client_id="region", redirect_uri="https://region.example/cb", scope="openid", state="two"
    )["Location"]
    leave_first, leave_second = browser.choose(first), browser.choose(second)
    back_second, back_first = browser.come_back(leave_second), browser.come_back(leave_first)
    end_first = browser.go_on(back_first["Location"])["Location"]
    end_second = browser.go_on(back_second["Location"])["Location"]
    assert end_first.startswith(CALLBACK)
    assert end_second.startswith("https://region.example/cb")
    assert query_of(end_second)["state"] == "two"
    assert redeem(query_of(end_first)["code"]).status_code == 200


def test_S_203_going_back_to_choose_again_forgets_the_identity(browser: Browser) -> None:
    information = browser.to_information()
    page_url = information.removesuffix("/consent")
    departure = browser.choose(page_url)
    sign_in = SignIn.objects.get()
    assert (sign_in.sealed, sign_in.account) == (None, None)
    browser.idp.person |= {"given_name": "Louise", "sub": "louise"}
    text = browser.open(browser.come_back(departure)).content.decode()
    assert "Louise" in text
    assert "Angèle" not in text


def test_refreshing_choice_and_information_is_harmless(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    assert (
        browser.client.get(page_url).status_code == browser.client.get(page_url).status_code == 200
    )
    information = browser.come_back(browser.choose(page_url))["Location"]
    assert browser.client.get(information).status_code == 200
    assert browser.client.get(information).status_code == 200


def test_going_back_from_the_provider_shows_the_choice_again(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    browser.choose(page_url)
    assert browser.client.get(page_url).status_code == 200
    assert browser.come_back(browser.choose(page_url))["Location"].endswith("/consent")


def test_coming_back_to_the_information_page_after_the_end_is_explained(browser: Browser) -> None:
    information = browser.to_information()
    browser.go_on(information)
    assert "Vous avez déjà continué" in browser.client.get(information).content.decode()


@pytest.mark.parametrize("page", ["", "/verify", "/consent"])
def test_S_072_an_address_opens_nothing_in_another_browser(page: str, browser: Browser) -> None:
    information = browser.to_information()
    response = Client().get(information.removesuffix("/consent") + page)
    assert response.status_code == 401
    assert "Y190001" in response.content.decode()


def test_S_125_the_secret_of_a_sign_in_is_renewed_when_the_citizen_comes_back(
    browser: Browser,
) -> None:
    page_url = browser.ask()["Location"]
    name = f"fc_signin_{SignIn.objects.get().pk.hex}"
    planted = browser.client.cookies[name].value
    information = browser.come_back(browser.choose(page_url))["Location"]
    assert browser.client.cookies[name].value != planted
    thief = Client()
    thief.cookies[name] = planted
    assert thief.get(information).status_code == 401


def test_S_129_a_sign_in_lives_thirty_minutes(browser: Browser) -> None:
    information = browser.to_information()
    SignIn.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    response = browser.client.get(information)
    assert response.status_code == 410
    assert "Y199001" in response.content.decode()


@pytest.mark.parametrize(
    ("step", "code"),
    [("/consent", "Y190004"), ("/login", "Y190004")],
    ids=["information before the provider", "code before the provider"],
)
def test_S_074_a_step_out_of_order_is_refused(step: str, code: str, browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(page_url))}
    response = (
        browser.client.post(page_url + step, form)
        if step == "/login"
        else browser.client.get(page_url + step)
    )
    assert code in response.content.decode()
    assert not Grant.objects.exists()


def test_opening_verify_again_leads_to_where_the_citizen_is(browser: Browser) -> None:
    information = browser.to_information()
    again = browser.client.get(information.replace("/consent", "/verify"))
    assert again["Location"] == information


@pytest.mark.parametrize("path", ["/api/v2/authorize", "/verify", "/api/v2/oidc-callback"])
def test_S_209_a_link_preview_uses_nothing_up(path: str, browser: Browser) -> None:
    browser.sign_in()
    page_url = browser.ask()["Location"].removesuffix("/verify")
    before = list(SignIn.objects.order_by("pk").values())
    address = path if path.startswith("/api") else page_url + path
    assert browser.client.head(address, {"state": "x"}).status_code == 200
    assert list(SignIn.objects.order_by("pk").values()) == before


def test_a_hint_still_counts_when_the_session_does_not_serve(browser: Browser) -> None:
    ServiceProvider.objects.update(allowed_idp_hints=["impots"])
    browser.sign_in()
    SsoSession.objects.update(expires_at=datetime.now(UTC))
    hinted = browser.open(browser.ask(idp_hint="impots"))
    assert hinted["Location"].startswith(browser.idp.issuer)


@pytest.mark.parametrize("action", ["redirect-to-idp", "login", "abandon", "not-me"])
def test_S_071_a_form_without_our_token_changes_nothing(action: str, browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    before = SignIn.objects.values().get()
    response = browser.client.post(f"{page_url}/{action}", {"providerUid": "impots"})
    assert response.status_code == 403
    assert "Y470002" in response.content.decode()
    wrong = {"providerUid": "impots", "csrfmiddlewaretoken": "x" * 64}
    assert "Y470001" in browser.client.post(f"{page_url}/{action}", wrong).content.decode()
    assert SignIn.objects.values().get() == before


def test_S_100_a_provider_that_is_not_offered_cannot_be_forced(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    for change, code in (
        ({"idp_filter_mode": IdpFilter.ONLY, "idp_filter": ["ameli"]}, "Y020023"),
        ({"idp_filter_mode": IdpFilter.ALL}, "Y020019"),
    ):
        form = {"csrfmiddlewaretoken": browser.csrf(browser.client.get(page_url))}
        ServiceProvider.objects.update(**change)
        uid = "impots" if code == "Y020023" else "unknown"
        response = browser.client.post(f"{page_url}/redirect-to-idp", {**form, "providerUid": uid})
        assert code in response.content.decode()
        ServiceProvider.objects.update(idp_filter_mode=IdpFilter.ALL)


def test_a_disabled_provider_shows_as_unavailable_at_the_next_request(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    IdentityProvider.objects.create(
        uid="ameli", name="ameli", title="Assurance Maladie", issuer="http://127.0.0.1:1",
        client_id="x", authorization_endpoint="http://127.0.0.1:1/a", token_endpoint="http://127.0.0.1:1/t",
        userinfo_endpoint="http://127.0.0.1:1/u", jwks_uri="http://127.0.0.1:1/j", message="En maintenance",
    )  # fmt: skip
    assert 'value="ameli"' in browser.client.get(page_url).content.decode()
    IdentityProvider.objects.filter(uid="ameli").update(active=False)
    page = browser.client.get(page_url).content.decode()
    assert 'value="ameli"' not in page
    assert "En maintenance" in page


def test_a_private_service_needs_the_box_ticked(browser: Browser) -> None:
    ServiceProvider.objects.update(kind=ServiceKind.PRIVATE, identity_consent=True)
    information = browser.to_information()
    refused = browser.go_on(information)
    assert refused.status_code == 422
    assert "cochez cette case" in refused.content.decode()
    assert not Entry.objects.filter(event__startswith="FC_DATATRANSFER").exists()
    assert "code=" in browser.go_on(information, consent="true")["Location"]
    assert Entry.objects.filter(event="FC_DATATRANSFER_CONSENT_IDENTITY").count() == 1


def test_an_anonymous_request_is_journalled_as_such(browser: Browser) -> None:
    ServiceProvider.objects.update(kind=ServiceKind.PRIVATE, identity_consent=True)
    browser.sign_in(scope="openid")
    assert Entry.objects.filter(event="FC_DATATRANSFER_INFORMATION_ANONYMOUS").count() == 1


def test_going_back_to_the_service_says_access_denied(browser: Browser) -> None:
    page_url = browser.ask()["Location"]
    token = browser.csrf(browser.client.get(page_url))
    response = browser.client.post(f"{page_url}/abandon", {"csrfmiddlewaretoken": token})
    answer = query_of(response["Location"])
    assert (answer["error"], answer["iss"]) == ("access_denied", "http://localhost:8000/api/v2")
    assert browser.client.get(page_url).status_code in (401, 409)


def test_B18_prompt_none_without_session_is_login_required(browser: Browser) -> None:
    ServiceProvider.objects.update(allowed_prompts=["none"])
    assert query_of(browser.ask(prompt="none")["Location"])["error"] == "login_required"


def test_B19_prompt_none_is_silent_where_the_page_is_remembered(browser: Browser) -> None:
    ServiceProvider.objects.update(allowed_prompts=["none"], consent_mode=ConsentMode.REMEMBERED)
    browser.sign_in()
    answer = query_of(browser.open(browser.ask(prompt="none"))["Location"])
    assert redeem(answer["code"]).status_code == 200
    assert Entry.objects.filter(event="FC_AUTO_LOGIN").count() == 1


def test_prompt_none_where_the_page_is_due_is_interaction_required(browser: Browser) -> None:
    ServiceProvider.objects.update(allowed_prompts=["none"])
    browser.sign_in()
    answer = query_of(browser.open(browser.ask(prompt="none"))["Location"])
    assert answer["error"] == "interaction_required"


def test_an_idp_hint_skips_the_choice(browser: Browser) -> None:
    ServiceProvider.objects.update(allowed_idp_hints=["impots"])
    departure = browser.open(browser.ask(idp_hint="impots"))
    assert departure["Location"].startswith(browser.idp.issuer)
    assert browser.come_back(departure)["Location"].endswith("/consent")
    assert Entry.objects.filter(event="FC_REDIRECTED_TO_HINTED_IDP").exists()


def test_what_we_ask_of_the_provider(browser: Browser) -> None:
    asked = query_of(browser.choose(browser.ask()["Location"])["Location"])
    assert asked["prompt"] == "login"
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == "eidas1"
    assert asked["redirect_uri"] == "http://localhost:8000/api/v2/oidc-callback"
    assert asked["state"].isalnum()
    assert asked["nonce"].isalnum()
    assert NONCE not in asked.values()
    assert "mairie" not in " ".join(asked.values())
