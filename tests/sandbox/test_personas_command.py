"""`manage.py personas`: what it checks, adds, exports and shares."""

import hashlib
import re
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.sandbox.models import IdentityAccount, OwnPersona
from apps.sandbox.personas import accounts, catalogue, directory, documents, own, sharing
from tests.sandbox.test_persona_rules import TODAY, a_document

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("personas", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    path = tmp_path / "ada-essai.yaml"
    path.write_text(documents.dump(a_document()))
    return path


def test_the_personas_of_the_project_have_no_fault() -> None:
    assert run("check") == ("Toutes les personas sont justes.\n", "")


def test_every_fault_is_listed_with_its_file_and_its_field(tmp_path: Path) -> None:
    wrong = tmp_path / "14-faux.yaml"
    wrong.write_text(documents.dump(a_document(identity__birthplace="99999", password="")))
    broken = tmp_path / "15-casse.yaml"
    broken.write_text("name: [")
    with pytest.raises(CommandError) as refusal:
        run("check", str(wrong), str(broken))
    lines = str(refusal.value).split("\n")
    assert lines[0].startswith("14-faux.yaml\u202f: password\u202f: ")
    assert lines[1].startswith("14-faux.yaml\u202f: identity.birthplace\u202f: 99999 n’est pas une")
    assert any(line.startswith("15-casse.yaml\u202f: document\u202f: ") for line in lines)
    assert lines[-1].endswith(" défauts.")


def test_files_are_compared_with_each_other(ada: Path, tmp_path: Path) -> None:
    twin = tmp_path / "copie.yaml"
    twin.write_text(ada.read_text())
    with pytest.raises(CommandError, match=r"copie\.yaml.*est déjà l’identifiant de Ada ESSAI"):
        run("check", str(ada), str(twin))


def test_an_added_persona_may_sign_in_and_survives_a_new_start(ada: Path) -> None:
    assert run("add", str(ada))[0] == "ada-essai\u202f: ajoutée, 3 comptes.\n"
    assert IdentityAccount.objects.filter(identifier="2850335238901").exists()
    assert run("check") == ("Toutes les personas sont justes.\n", "")
    IdentityAccount.objects.all().delete()
    accounts.load(own.everybody())
    assert IdentityAccount.objects.filter(identifier="2850335238901").exists()
    found = directory.find("ada-essai")
    assert found
    assert found.is_own


def test_the_example_of_the_documentation_can_be_added(tmp_path: Path) -> None:
    page = (settings.BASE_DIR / "docs" / "partners" / "creer-une-persona.md").read_text()
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "ada.yaml"
    path.write_text(example)
    assert run("add", str(path))[0] == "ada\u202f: ajoutée, 3 comptes.\n"


def test_adding_twice_changes_nothing_and_says_so(ada: Path) -> None:
    run("add", str(ada))
    assert run("add", str(ada))[0] == "ada-essai\u202f: déjà là, rien n’a changé.\n"
    assert OwnPersona.objects.count() == 1


def test_another_persona_of_the_same_name_is_refused(ada: Path) -> None:
    run("add", str(ada))
    ada.write_text(documents.dump(a_document(identity__birthdate="1985-03-15")))
    with pytest.raises(CommandError, match="déjà le nom d’une autre persona"):
        run("add", str(ada))


def test_what_is_refused_leaves_nothing_behind(ada: Path) -> None:
    before = IdentityAccount.objects.count()
    ada.write_text(documents.dump(a_document(accounts__impots={"identifier": "0001123456789"})))
    with pytest.raises(CommandError, match="est déjà l’identifiant de Angèle ORDINAIRE"):
        run("add", str(ada))
    assert (OwnPersona.objects.count(), IdentityAccount.objects.count()) == (0, before)


def test_what_is_exported_can_be_added_elsewhere(ada: Path, tmp_path: Path) -> None:
    run("add", str(ada))
    subs = set(IdentityAccount.objects.values_list("site", "sub"))
    exported = tmp_path / "export.yaml"
    exported.write_text(run("export")[0])
    assert len(documents.load_all(exported.read_text())) == len(catalogue.everybody()) + 1
    assert own.remove("ada-essai")
    assert not own.remove("ada-essai")
    assert set(IdentityAccount.objects.values_list("site", "sub")) < subs
    lines = run("add", str(exported))[0].splitlines()
    assert [line for line in lines if "déjà là" not in line] == [
        "ada-essai\u202f: ajoutée, 3 comptes."
    ]
    assert set(IdentityAccount.objects.values_list("site", "sub")) == subs


def test_one_persona_may_be_exported() -> None:
    (document,) = documents.load_all(run("export", "ange-corse")[0])
    assert (document["slug"], document["name"]) == ("ange-corse", "Ange CORSE")
    with pytest.raises(CommandError, match="inconnue"):
        run("export", "ange-corse", "inconnue")


def test_a_shared_persona_is_the_same_one(ada: Path) -> None:
    document = a_document(register={"answer": "deceased"}, postal_code="35000")
    ada.write_text(documents.dump({**document, "password": "le mien"}))
    run("add", str(ada))
    link, _ = run("share", "ada-essai")
    slug, shared = sharing.decode(link.strip().partition("?p=")[2])
    assert (slug, shared) == ("ada-essai", {**document, "password": catalogue.PASSWORD})
    with pytest.raises(own.AlreadyThere) as found:
        own.add(slug, shared, TODAY)
    assert found.value.is_same


@pytest.mark.parametrize("words", [("share", "inconnue"), ("add", "absent.yaml"), ("check", "x")])
def test_what_does_not_exist_is_said(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"Aucune persona|ne peut pas être lu"):
        run(*words)


@pytest.mark.parametrize("slug", ["Ada", "ada essai", "nouvelle", "-ada", "a" * 61])
def test_a_slug_is_fit_for_an_address(slug: str) -> None:
    with pytest.raises(own.Refused):
        own.add(slug, a_document(), TODAY)


def test_a_free_slug_is_nobodys() -> None:
    assert own.free_slug("Ada ESSAI") == "ada-essai"
    assert own.free_slug("Angèle ORDINAIRE") == "angele-ordinaire-2"
    assert own.free_slug("Ève D’ŒUVRE") == "eve-d-oeuvre"
    assert own.free_slug("Nouvelle") == "nouvelle-2"
    assert own.free_slug("李小龍") == ""


def test_a_later_persona_of_the_project_takes_its_identifier_back(ada: Path) -> None:
    run("add", str(ada))
    angele = IdentityAccount.objects.get(site="impots", identifier="0001123456789")
    angele.delete()
    IdentityAccount.objects.filter(site="impots", identifier="0001990000001").update(
        identifier="0001123456789"
    )
    accounts.load(own.everybody())
    assert IdentityAccount.objects.get(identifier="0001123456789").sub == catalogue.sub_of(
        "impots", "angele-ordinaire"
    )


@pytest.mark.parametrize(
    "text", ["", "1", "2abcdefgh", "1abcdefghabc", "1" + "a" * 3000, "1-------é"]
)
def test_a_damaged_link_gives_nothing(text: str) -> None:
    with pytest.raises(sharing.BadLink):
        sharing.decode(text)


def test_a_link_cut_by_one_character_is_noticed() -> None:
    text = sharing.encode("ada", a_document())
    assert sharing.decode(text)[0] == "ada"
    with pytest.raises(sharing.BadLink, match="incomplet ou abîmé"):
        sharing.decode(text[:-1])


def test_a_small_link_does_not_open_into_a_large_document() -> None:
    text = sharing.encode("ada", a_document(reason="a" * 100_000))
    assert len(text) <= sharing.LONGEST
    with pytest.raises(sharing.BadLink, match="ne décrit pas une persona"):
        sharing.decode(text)


def test_a_persona_too_long_for_a_link_says_so() -> None:
    noise = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(100))
    with pytest.raises(sharing.BadLink, match="fichier YAML"):
        sharing.encode("ada", a_document(reason=noise))


def test_a_link_holds_no_password() -> None:
    text = sharing.encode("ada", a_document(password="secret-de-quelqu-un"))
    assert sharing.decode(text)[1]["password"] == catalogue.PASSWORD
    assert yaml.safe_load(documents.dump(a_document())) == a_document()


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {x: 1}\nb: {<<: [*a, *a]}\n",
        "name: x\nidentity: {birthdate: 2001-99-99}\n",
        "[" * 3000,
    ],
    ids=["merge keys", "an impossible date", "too deep"],
)
def test_a_yaml_that_wears_the_reader_out_is_not_read(text: str) -> None:
    with pytest.raises(documents.Unreadable):
        documents.load(text)
