"""The fictional people: valid, coherent, and recognised as one person by every account."""

import pytest

from apps.protocol import pivot
from apps.protocol.errors import EMAIL_MISSING, ProtocolError
from apps.sandbox.identity_provider import identifiers
from apps.sandbox.models import IdentityAccount
from apps.sandbox.personas import accounts, catalogue, civil_day
from apps.sandbox.personas.catalogue import Account, Persona

EVERYBODY = catalogue.everybody()
ACCOUNTS = [
    account
    for persona in EVERYBODY
    for account in (*persona.accounts.values(), *persona.registers.values())
]
NIR_ACCOUNTS = [account for account in ACCOUNTS if account.site == "ameli"]


def received(account: Account) -> pivot.ReceivedIdentity:
    claims = civil_day.spoken(account.claims)
    return pivot.parse({"sub": account.sub, **claims}, today=civil_day.today())


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.sub[:6])
def test_every_identity_is_accepted_but_the_one_without_an_address(account: Account) -> None:
    if account.claims["given_name"] != "Noé":
        assert received(account).pivot.family_name == account.claims["family_name"]
        return
    with pytest.raises(ProtocolError) as refusal:
        received(account)
    assert refusal.value.spec is EMAIL_MISSING


@pytest.mark.parametrize("persona", EVERYBODY, ids=lambda persona: persona.slug)
def test_the_accounts_of_a_persona_are_one_person(persona: Persona) -> None:
    if persona.slug == "noe-sans-mail":
        return
    known = (*persona.accounts.values(), *persona.registers.values())
    people = {pivot.normalise(received(account).pivot) for account in known}
    assert len(people) == 1


def test_no_two_personas_are_one_person() -> None:
    people = [
        pivot.normalise(received(next(iter((persona.accounts | persona.registers).values()))).pivot)
        for persona in EVERYBODY
        if persona.slug != "noe-sans-mail"
    ]
    assert len(set(people)) == len(people)


@pytest.mark.parametrize("account", NIR_ACCOUNTS, ids=lambda account: account.sub[:6])
def test_a_social_security_number_says_the_same_as_the_civil_status(account: Account) -> None:
    number, claims = account.identifier, account.claims
    year, month, _ = claims["birthdate"].split("-")
    place = claims["birthplace"] if claims["birthcountry"] == "99100" else claims["birthcountry"]
    assert number[0] == {"male": "1", "female": "2"}[claims["gender"]]
    assert number[1:3] == year[2:]
    assert number[3:5] == (month if month != "00" else "20")
    assert number[5:10] == place
    assert account.displayed_identifier.endswith(identifiers.nir_key(number))


def test_everybody_is_fictional() -> None:
    for account in ACCOUNTS:
        assert account.claims.get("email", "@example.org").endswith("@example.org")
    assert {a.identifier[:4] for a in ACCOUNTS if a.site == "impots"} == {"0001"}


def test_paul_and_louise_share_an_address_and_nothing_else() -> None:
    paul, louise = catalogue.find("paul-foyer"), catalogue.find("louise-foyer")
    assert paul
    assert louise
    assert paul.accounts["ameli"].claims["email"] == louise.accounts["ameli"].claims["email"]
    assert paul.accounts["ameli"].sub != louise.accounts["ameli"].sub


def test_loading_twice_changes_nothing(db: None) -> None:
    count = accounts.load()
    before = list(IdentityAccount.objects.order_by("pk").values())
    assert accounts.load() == count == len(before)
    assert list(IdentityAccount.objects.order_by("pk").values()) == before


def test_passwords_are_kept_hashed(db: None) -> None:
    accounts.load()
    kept = IdentityAccount.objects.values_list("password", flat=True)
    assert all(password.startswith("pbkdf2_sha256_demonstration$") for password in kept)
