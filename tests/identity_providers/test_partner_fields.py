"""The one rule of what is registered as an address, whoever the partner and whichever the way in."""

import pytest
from django.core.exceptions import ValidationError

from apps.identity_providers import partner_fields
from apps.service_providers.models import ServiceProvider

GOOD = "https://mairie.example/retour?a=1"


@pytest.mark.parametrize("url", [GOOD, "http://localhost:8001/x", "https://[2001:db8::1]/"])
def test_an_absolute_exact_address_is_fit(url: str) -> None:
    assert partner_fields.url_fault(url) == ""


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "commencer par"),
        ("retour", "commencer par"),
        ("//mairie.example/", "commencer par"),
        ("https:mairie.example", "commencer par"),
        ("HTTPS://mairie.example/", "commencer par"),
        ("javascript:alert(1)", "commencer par"),
        ("https://", "commencer par"),
        ("https://[::1", "illisible"),
        (f"{GOOD}#", "ni fragment"),
        ("https://*.mairie.example/", "ni joker"),
        ("https://denis@mairie.example/", "ni identifiant"),
        ("https://@mairie.example/", "ni identifiant"),
        ("https://mairie.example\\@autre.example/", "ni fragment"),
        ("https://mairie.example;sandbox/", "nom de domaine"),
        ("https://mairie.example:port/", "nom de domaine"),
        ("https://mairie.example/été", "caractères interdits"),
        ("https://mairie.example/a b", "caractères interdits"),
    ],
)
def test_any_other_is_refused_with_its_rule(url: str, fault: str) -> None:
    assert fault in partner_fields.url_fault(url)


@pytest.mark.parametrize("field", ["redirect_uris", "post_logout_redirect_uris"])
def test_a_service_names_the_first_address_that_is_not_fit(field: str) -> None:
    service = ServiceProvider(redirect_uris=GOOD)
    setattr(service, field, f"{GOOD} HTTPS://mairie.example/ {GOOD}#x")
    with pytest.raises(ValidationError) as refusal:
        service.clean()
    (sentence,) = refusal.value.messages
    assert sentence.replace("\u202f", " ") == (
        "HTTPS://mairie.example/ : l’adresse doit commencer par https:// ou http://."
    )
