"""The history of a partner: a reason for each change, and a page that tells it in words."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.audit.models import Entry
from apps.backoffice import partner_history
from apps.identity_providers import history
from apps.identity_providers.models import IdentityProvider
from apps.service_providers.models import ServiceProvider
from tests.backoffice import forms
from tests.backoffice.conftest import FI_SECRET, FS_SECRET
from tests.backoffice.pages import address

pytestmark = pytest.mark.django_db

REASON = "maintenance annoncée jusqu’à 18 h"


def change(
    client: Client, partner: IdentityProvider | ServiceProvider, **changes: object
) -> HttpResponse:
    form = f"{partner._meta.model_name}_form"
    return forms.submit(client, address(partner, "change"), form, **changes)


def told(response: HttpResponse) -> list[str]:
    """Return the texts of a page, without its markup, in order."""
    main = response.content.decode().partition('id="content-main">')[2]
    texts = re.sub(r"<[^>]+>", "\n", main).replace("\u202f", " ").split("\n")
    return [text.strip() for text in texts if text.strip()]


def says(response: HttpResponse, *wanted: str) -> bool:
    """Tell whether these texts follow one another on the page."""
    texts = told(response)
    return any(tuple(texts[i : i + len(wanted)]) == wanted for i in range(len(texts)))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Dites pourquoi vous faites ce changement"),
        ("   \r\n  ", "Dites pourquoi vous faites ce changement"),
        ("panne", "Motif trop court : 10 caractères au moins, il en a 5."),
        ("maintenance\u202eannoncée", "Caractères invisibles"),
        ("x" * 501, "au plus 500"),
    ],
)
def test_a_change_without_a_real_reason_is_refused_and_what_was_typed_is_kept(
    administrator: Client, impots: IdentityProvider, reason: str, sentence: str
) -> None:
    response = change(administrator, impots, title="Impôts, autrement", change_reason=reason)
    assert response.status_code == 200
    page = response.content.decode().replace("\u202f", " ")
    assert sentence in page
    assert "Impôts, autrement" in page
    impots.refresh_from_db()
    assert impots.title == "Impôts – bac à sable"
    assert not Entry.objects.exists()


def test_a_form_that_changes_nothing_needs_no_reason(
    administrator: Client, impots: IdentityProvider
) -> None:
    assert change(administrator, impots, change_reason="").status_code == 302
    assert history.states_of(IdentityProvider)._default_manager.count() == 1


def test_a_new_partner_needs_a_reason(administrator: Client) -> None:
    new = {"title": "Ameli", "name": "ameli", "uid": "ameli", "issuer": "https://ameli.example"}
    new |= {"client_id": "fc", "new_client_secret": "un-nouveau-secret"}
    url = "/identity_providers/identityprovider/add/"
    forms.submit(administrator, url, "identityprovider_form", **new, change_reason="")
    assert not IdentityProvider.objects.exists()
    forms.submit(administrator, url, "identityprovider_form", **new, change_reason=REASON)
    page = administrator.get(address(IdentityProvider.objects.get(), "history"))
    assert says(page, "Fiche créée")
    assert says(page, "Motif", REASON)
    assert says(page, "Titre affiché", "–", "Ameli")


@pytest.mark.parametrize("reader", ["administrator", "auditor"])
def test_each_field_is_told_before_and_after_in_words(
    reader: str,
    administrator: Client,
    impots: IdentityProvider,
    request: pytest.FixtureRequest,
) -> None:
    change(
        administrator,
        impots,
        active=None,
        message="Revenez à 18 h",
        allowed_acr=["eidas1"],
        change_reason=REASON,
    )
    page = request.getfixturevalue(reader).get(address(impots, "history"))
    assert says(page, "Agent", "denis", "Motif", REASON)
    assert says(page, "Utilisable", "oui", "non")
    assert says(page, "Message si indisponible", "vide", "Revenez à 18 h")
    assert says(page, "Niveaux habilités", "eidas1, eidas2", "eidas1")
    assert not says(page, "Titre affiché", "Impôts – bac à sable", "Impôts – bac à sable")
    assert "127.0.0.1" not in page.content.decode()


def test_the_hour_is_that_of_paris(administrator: Client, impots: IdentityProvider) -> None:
    from django.utils import timezone

    state = history.states_of(IdentityProvider)._default_manager.get()
    at = timezone.localtime(state.pgh_created_at)  # type: ignore[attr-defined]
    assert str(at.tzinfo) == "Europe/Paris"
    assert f"le {at:%d/%m/%Y} à {at:%H:%M:%S} (heure de Paris)" in told(
        administrator.get(address(impots, "history"))
    )


def test_a_secret_is_told_as_replaced_and_never_shown(
    administrator: Client, auditor: Client, impots: IdentityProvider
) -> None:
    change(administrator, impots, new_client_secret="remplacement-secret", title="Impôts")
    for client in (administrator, auditor):
        page = client.get(address(impots, "history"))
        assert says(page, "client_secret", "–", "remplacé")
        assert says(page, "Titre affiché", "Impôts – bac à sable", "Impôts")
        assert FI_SECRET not in page.content.decode()
        assert "remplacement-secret" not in page.content.decode()


def test_a_service_has_its_history_and_the_renewal_of_its_secret(
    administrator: Client, mairie: ServiceProvider
) -> None:
    change(administrator, mairie, kind="private", identity_consent="on", change_reason=REASON)
    url = address(mairie, "secret")
    form = administrator.get(url).content.decode()
    (version,) = re.findall(r'name="version" value="([^"]+)"', form)
    refused = administrator.post(url, {"version": version, "change_reason": "court"})
    assert says(refused, "Motif trop court : 10 caractères au moins, il en a 5.")
    mairie.refresh_from_db()
    assert mairie.has_secret(FS_SECRET)
    shown = administrator.post(url, {"version": version, "change_reason": "secret perdu par eux"})
    mairie.refresh_from_db()
    assert mairie.client_secret in shown.content.decode()
    page = administrator.get(address(mairie, "history"))
    assert says(page, "Motif", "secret perdu par eux")
    assert says(page, "client_secret", "–", "remplacé")
    assert says(page, "Type", "public", "privé")
    assert says(page, "Consentement explicite", "non", "oui")
    assert mairie.client_secret not in page.content.decode()


def test_an_import_gives_the_name_of_its_file_as_its_reason(
    administrator: Client, impots: IdentityProvider, tmp_path: Path
) -> None:
    file = tmp_path / "partenaires-novembre.json"
    file.write_text(json.dumps([{"uid": "impots", "active": False}]))
    call_command("import_identity_providers", str(file))
    page = administrator.get(address(impots, "history"))
    assert says(
        page,
        "Agent", "manage.py:import_identity_providers",
        "Motif", "import du fichier partenaires-novembre.json",
    )  # fmt: skip
    assert says(page, "Utilisable", "oui", "non")
    assert str(tmp_path) not in page.content.decode()


def test_a_change_made_beside_the_back_office_is_told_as_such(
    administrator: Client, impots: IdentityProvider
) -> None:
    IdentityProvider.objects.update(display=False)
    page = administrator.get(address(impots, "history"))
    assert says(page, "Agent", partner_history.NOT_TOLD, "Motif", partner_history.NOT_TOLD)
    assert says(page, "Affiché", "oui", "non")


def test_the_reason_is_in_the_history_and_not_in_the_journal(
    administrator: Client, impots: IdentityProvider
) -> None:
    change(administrator, impots, active=None, change_reason=REASON)
    line = Entry.objects.get(event="PARTNER_CHANGED")
    assert (line.actor, line.ip) == ("denis", "127.0.0.1")
    assert REASON not in json.dumps(line.facts, ensure_ascii=False)
    page = administrator.get(address(impots, "history")).content.decode()
    (url,) = re.findall(r'href="([^"]+)">voir dans le journal', page)
    journal = administrator.get(url.replace("&amp;", "&")).content.decode()
    assert "configuration d’un partenaire modifiée" in journal


def test_a_long_history_comes_by_pages_the_newest_first(
    administrator: Client,
    impots: IdentityProvider,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(45):
        IdentityProvider.objects.update(message=f"message {number:02}")
    with django_assert_max_num_queries(7):
        first = administrator.get(address(impots, "history"))
    assert says(first, "Message si indisponible", "message 43", "message 44")
    assert told(first)[0].startswith("46 changements")
    second = administrator.get(address(impots, "history"), {"page": 2})
    assert says(second, "Message si indisponible", "message 23", "message 24")
    last = administrator.get(address(impots, "history"), {"page": 3})
    assert says(last, "Message si indisponible", "vide", "message 00")
    assert says(last, "Fiche créée")
    assert says(last, "Page 3 sur 3")


def test_an_unknown_partner_has_no_history(administrator: Client, impots: IdentityProvider) -> None:
    for key in ("999999", "abc", "²", "9" * 30):
        url = f"/identity_providers/identityprovider/{key}/history/"
        assert administrator.get(url).status_code == 404


def test_markup_in_a_reason_is_shown_as_text(
    administrator: Client, impots: IdentityProvider
) -> None:
    change(administrator, impots, active=None, change_reason="<script>alert(1)</script>")
    page = administrator.get(address(impots, "history")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_list_names_the_last_partners_that_left_and_reads_nothing_else_of_them(
    administrator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(partner_history.DELETED_SHOWN + 3):
        IdentityProvider.objects.create(
            uid=f"gone-{number}", name=f"gone-{number}", title=f"Parti {number}",
            issuer=f"https://{number}.example", client_id="fc",
        ).delete()  # fmt: skip
    with django_assert_num_queries(1) as captured:
        names = [name for _, name in partner_history.deleted(IdentityProvider, "title")]
    assert names == [f"Parti {number}" for number in range(22, 2, -1)]
    assert "client_id" not in captured.captured_queries[0]["sql"]
    page = administrator.get(reverse("admin:identity_providers_identityprovider_changelist"))
    assert says(page, "Dernières fiches supprimées")
    assert "Parti 22" in page.content.decode()
    assert "Parti 2<" not in page.content.decode()
