"""What an added persona declares has its effect, as if the persona were the project's."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.protocol import pivot
from apps.protocol.civil_register import PATH, build_query
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.models import IdentityAccount, OwnPersona, PaperLetter
from apps.sandbox.personas import civil_day, directory, documents, own
from apps.sandbox.personas.catalogue import Persona
from apps.sandbox.personas.register import ANSWERS, WORDS
from tests.sandbox.enrolling import PORTAL, begin, fill, new_password, text
from tests.sandbox.test_persona_rules import TODAY, a_document, faults

pytestmark = pytest.mark.usefixtures("seeded")

REGISTERS = {"impots": {"identifier": "00 01 990 000 001"}}
# The form of Impôts and that of the Assurance Maladie know this person, who has no account there.
TO_ENROL = a_document(
    accounts={},
    postal_code="35000",
    registers={
        "impots": {"identifier": "00 01 990 000 001"},
        "ameli": {"identifier": "2 85 03 35 238 901"},
    },
)


def add(document: dict[str, object]) -> Persona:
    return own.add("ada-essai", document, TODAY)


def ask_the_register(persona: Persona) -> str:
    claims = civil_day.spoken(persona.identity)
    person = pivot.parse_pivot(claims, today=civil_day.today())
    return Client().get(f"/registre{PATH}", build_query(person)).content.decode()


def code_of(answer: str) -> str:
    found = re.search(r"TypeReponseIdentification>(\d)<", answer)
    assert found
    return found[1]


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_the_register_answers_as_the_persona_says(answer: str) -> None:
    block: dict[str, object] = {"answer": answer}
    if answer == "rectified":
        block["identity"] = {"family_name": "ESSAI-LUNE"}
    said = ask_the_register(add(a_document(register=block)))
    assert WORDS[answer] in text(Client().get("/personas/ada-essai"))
    assert code_of(said) == ANSWERS[answer]
    assert ("ESSAI-LUNE" in said) == (answer == "rectified")
    assert ("Deces" in said) == (answer == "deceased")


@pytest.mark.parametrize("block", ["deceased", {"status": "deceased"}, {"answer": ["found"]}])
def test_a_block_from_before_it_was_judged_breaks_nothing(block: object) -> None:
    persona = add(a_document())
    OwnPersona.objects.update(document=documents.dump(a_document(register=block)))
    assert code_of(ask_the_register(persona)) == ANSWERS["found"]
    assert Client().get("/personas/ada-essai").status_code == 200


def test_who_has_no_account_is_in_the_register_too() -> None:
    assert code_of(ask_the_register(add(a_document(accounts={})))) == ANSWERS["found"]


def test_whoever_the_tax_office_knows_has_a_notice() -> None:
    add(a_document())
    notice = reverse("tax_notice", kwargs={"persona": "ada-essai"})
    assert notice in text(Client().get("/personas/ada-essai"))
    assert "00 01 990 000 001" in text(Client().get(notice))
    own.remove("ada-essai")
    assert Client().get(notice).status_code == 404


@pytest.mark.parametrize("site", ["impots"], indirect=True)
def test_the_numbers_of_the_notice_open_the_account(
    browser: Client, site: IdentityProviderSite, settings: object
) -> None:
    add(TO_ENROL)
    settings.ROOT_URLCONF, kept = "apps.sandbox.urls", settings.ROOT_URLCONF  # type: ignore[attr-defined]
    notice = text(Client().get("/avis-d-impot/ada-essai/"))
    settings.ROOT_URLCONF = kept  # type: ignore[attr-defined]
    tax_number, _, online_number, income = re.findall(r"<code>([^<]+)</code>", notice)[:4]
    assert "/personas/ada-essai" in text(browser.get(PORTAL))
    first = begin(browser, "espace-particulier")
    numbers = {"tax_number": tax_number, "online_number": online_number, "income": income}
    fill(browser, fill(browser, first, **numbers)["Location"], **new_password())
    account = IdentityAccount.objects.get(site="impots", identifier="0001990000001")
    assert account.claims["family_name"] == "ESSAI"
    own.remove("ada-essai")
    assert not IdentityAccount.objects.filter(pk=account.pk).exists()


@pytest.mark.parametrize("site", ["ameli"], indirect=True)
def test_a_letter_reaches_the_postal_code(browser: Client, site: IdentityProviderSite) -> None:
    add(TO_ENROL)
    facts = {
        "nir": "2 85 03 35 238 901",
        "birthdate-day": "14",
        "birthdate-month": "3",
        "birthdate-year": "1985",
        "family_name": "Essai",
        "postal_code": "35000",
    }
    assert "/personas/ada-essai" in text(browser.get(PORTAL))
    fill(browser, fill(browser, begin(browser, "compte"), **facts)["Location"])
    assert PaperLetter.objects.get().postal_code == "35000"


def test_a_persona_that_differs_by_one_block_is_another_one() -> None:
    add(a_document())
    with pytest.raises(own.AlreadyThere) as found:
        add(a_document(register={"answer": "unknown"}))
    assert not found.value.is_same
    assert directory.find("ada-essai")


def test_every_block_that_has_an_effect_is_accepted() -> None:
    document = a_document(
        slug="ada-essai",
        postal_code="01000",
        register={"answer": "rectified", "identity": {"birthdate": "1985-03-15"}},
        registers={"impots": REGISTERS["impots"]},
    )
    del document["accounts"]["impots"]
    document["accounts"]["ameli"]["state"] = "closed"
    document["accounts"]["laposte"]["second_factor"] = "FRANCECONNECTBACASABLENIVEAU2ADA"
    assert faults(document) == {}


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"tax": {}}, "tax", "Bloc inconnu"),
        ({"household": {}}, "household", "Un foyer ne se déclare pas ici"),
        ({"postal_code": 35000}, "postal_code", "5 chiffres attendus"),
        ({"postal_code": "3500"}, "postal_code", "5 chiffres attendus"),
        ({"register": None}, "register", "Un bloc avec answer"),
        ({"register": {"status": "deceased"}}, "register", "Un bloc avec answer"),
        ({"register": {"answer": "dead"}}, "register.answer", "found, rectified, deceased"),
        ({"register": {"answer": ["found"]}}, "register.answer", "found, rectified, deceased"),
        ({"register": {"answer": "rectified"}}, "register.identity", "la réponse rectified"),
        (
            {"register": {"answer": "found", "identity": {"gender": "male"}}},
            "register.identity",
            "la réponse rectified",
        ),
        (
            {"register": {"answer": "rectified", "identity": {"email": "a@example.org"}}},
            "register.identity",
            "au moins l’un de",
        ),
        (
            {"register": {"answer": "rectified", "identity": {"birthplace": "99999"}}},
            "register.identity.birthplace",
            "n’est pas une",
        ),
        (
            {"register": {"answer": "rectified", "identity": {"birthplace": 35238}}},
            "register.identity.birthplace",
            "entre guillemets",
        ),
        ({"registers": REGISTERS}, "registers.impots", "y a déjà un compte"),
        (
            {"accounts": {}, "registers": {"laposte": {"identifier": "ada.essai@example.org"}}},
            "registers.laposte",
            "ne consulte aucun registre",
        ),
        (
            {"accounts": {}, "registers": {"ameli": {"identifier": "2 85 03 35 238 901"}}},
            "postal_code",
            "Sans code postal",
        ),
        (
            {"accounts": {}, "registers": {"impots": {**REGISTERS["impots"], "state": "closed"}}},
            "registers.impots",
            "Les éléments connus sont identifier, claims.",
        ),
        (
            {
                "accounts__impots": {
                    **REGISTERS["impots"],
                    "second_factor": "FRANCECONNECTBACASABLENIVEAU2ADA",
                }
            },
            "accounts.impots.second_factor",
            "ne demande jamais",
        ),
    ],
)
def test_what_would_have_no_effect_is_refused(
    changes: dict[str, Any], field: str, reason: str
) -> None:
    found = faults(a_document(**changes))
    assert list(found) == [field]
    assert reason in found[field]
