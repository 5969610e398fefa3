"""Each encoding is found when it is planted, by hand and not by the code under test."""

import base64
import hashlib
import json
from urllib.parse import quote

import pytest

from apps.backoffice.privacy.canaries import Persona
from apps.backoffice.privacy.encodings import Needle, needles, needles_of
from apps.backoffice.privacy.proof import Matcher

NAME = "D’Épée-Wœstin"
FIRST_NAMES = "Zéphyrine Ève"
EMAIL = "z.depeewoestin@courriel.example"
SUB = "f3a9c1-somebody-at-the-provider"
BIRTHDATE = "1957-08-23"
BIRTHPLACE = "67482"
VALUES = [
    ("family_name", NAME),
    ("given_name", FIRST_NAMES),
    ("email", EMAIL),
    ("sub", SUB),
    ("birthdate", BIRTHDATE),
    ("birthplace", BIRTHPLACE),
]
MATCHER = Matcher(needles(VALUES))
CLAIMS = {"family_name": NAME, "given_name": FIRST_NAMES, "email": EMAIL, "sub": SUB}


def claims_in(content: bytes | str) -> set[str]:
    raw = content.encode() if isinstance(content, str) else content
    return {needle.claim for _, needle in MATCHER.matches(raw)}


TEXTS = {
    "as it is": f"bonjour {NAME} !",
    "in a longer word": f"x{NAME}y",
    "capitals": NAME.upper(),
    "lower case": NAME.lower(),
    "title": NAME.title(),
    "mixed case": "d’Épée-wŒSTIN",
    "without accents": "Depee: D’Epee-Woestin",
    "registers' capitals": "D EPEE WOESTIN",
    "one word": "M. Wœstin",
    "one word in capitals, without accents": "WOESTIN",
    "NFD": "D’E\u0301pe\u0301e-Wœstin",
    "URL": "nom=D%E2%80%99%C3%89p%C3%A9e-W%C5%93stin",
    "URL in lower case": "nom=d%e2%80%99%c3%89p%c3%a9e-w%c5%93stin",
    "URL twice": quote(quote(NAME)),
    "JSON": json.dumps({"nom": NAME}),
    "JSON in JSON": json.dumps({"corps": json.dumps({"nom": NAME})}),
    "HTML decimal": "D&#8217;&#201;p&#233;e-W&#339;stin",
    "HTML hexadecimal": "D&#x2019;&#xC9;p&#xE9;e-W&#x153;stin",
    "HTML named": "D&rsquo;&Eacute;p&eacute;e-W&oelig;stin",
    "repr of bytes": repr(NAME.encode()),
    "ascii": ascii(NAME),
    "octal escapes": r"D\342\200\231\303\211p\303\251e-W\305\223stin",
    "quoted-printable": "D=E2=80=99=C3=89p=C3=A9e-W=C5=93stin",
    "hexadecimal": NAME.encode().hex(),
    "HEXADECIMAL": NAME.encode().hex().upper(),
    "bytea": "\\x00" + NAME.encode().hex(),
    "UTF-16 LE": NAME.encode("utf-16-le"),
    "UTF-16 BE": NAME.encode("utf-16-be"),
}


@pytest.mark.parametrize("form", TEXTS)
def test_a_name_is_found(form: str) -> None:
    assert "family_name" in claims_in(TEXTS[form])


def test_a_name_is_found_in_latin_1() -> None:
    assert claims_in(FIRST_NAMES.encode("latin-1")) == {"given_name"}
    assert claims_in("Zéphyrine".encode("latin-1")) == {"given_name"}
    assert claims_in("z%E9phyrine") == {"given_name"}


def test_a_form_and_the_header_of_a_mail_write_spaces_their_own_way() -> None:
    matcher = Matcher(needles([("given_name", "Léa Ève")]))
    for content in (b"q=l%C3%A9a+%C3%88ve", b"=?utf-8?q?L=C3=A9a_=C3=88ve?="):
        assert list(matcher.matches(content))


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
@pytest.mark.parametrize("after", [b"", b"z", b"zz"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_base64_is_found_at_every_alignment(
    claim: str, before: bytes, after: bytes, encode: type[bytes]
) -> None:
    assert claim in claims_in(b"{" + encode(before + CLAIMS[claim].encode() + after) + b"}")


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_payload_of_a_token_is_found(claim: str) -> None:
    for escaped in (True, False):
        payload = json.dumps({"iss": "x", claim: CLAIMS[claim]}, ensure_ascii=escaped).encode()
        token = b"eyJh." + base64.urlsafe_b64encode(payload).rstrip(b"=") + b".c2ln"
        assert claim in claims_in(token)
        assert claim in claims_in(payload.hex())


def test_a_token_in_a_signed_cookie_is_found() -> None:
    token = b"eyJh." + base64.urlsafe_b64encode(json.dumps({"sub": SUB}).encode()) + b".c2ln"
    for shift in range(3):
        cookie = base64.urlsafe_b64encode(b"x" * shift + token)
        assert "sub" in claims_in(cookie)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize(
    "text", [EMAIL, EMAIL.upper(), NAME, "D EPEE WOESTIN", "23/08/1957", "67482"]
)
def test_an_unsalted_digest_is_found(algorithm: str, text: str) -> None:
    digest = hashlib.new(algorithm, text.encode()).digest()
    for written in (
        digest,
        digest.hex().encode(),
        digest.hex().upper().encode(),
        base64.b64encode(digest),
        base64.urlsafe_b64encode(digest).rstrip(b"="),
    ):
        assert claims_in(b"<" + written + b">")


def test_the_bare_hash_of_a_civil_status_is_found() -> None:
    values = {
        "given_name": ("Zéphyrine Ève",),
        "family_name": ("D’ÉPÉE-WŒSTIN", "D'EPEE WOESTIN"),
        "birthdate": (BIRTHDATE,),
        "gender": ("female",),
        "birthplace": (BIRTHPLACE,),
        "birthcountry": ("99100",),
    }
    joined = "Zéphyrine ÈveD’ÉPÉE-WŒSTIN1957-08-23female6748299100"
    content = hashlib.sha256(joined.encode()).hexdigest().encode()
    matcher = Matcher(needles_of([Persona(values)]))
    assert [needle.claim for _, needle in matcher.matches(content)] == ["identité pivot"]


DATES = [
    "1957-08-23", "1957/08/23", "23/08/1957", "23-08-1957", "23.08.1957", "08/23/1957", "19570823",
    "23081957", "né le 23 août 1957", "23 Aug 1957", "Aug 23, 1957", "datetime.date(1957, 8, 23)",
    "1957-08-23T00:00:00Z", "19570823T000000", "-390009600", "-390009600000",
]  # fmt: skip


@pytest.mark.parametrize("written", DATES)
def test_a_date_is_found(written: str) -> None:
    assert claims_in(written) == {"birthdate"}


@pytest.mark.parametrize("written", ["1992-11-00", "00/11/1992", "19921100"])
def test_a_presumed_date_is_found(written: str) -> None:
    matcher = Matcher(needles([("birthdate", "1992-11-00")]))
    assert list(matcher.matches(written.encode()))


def test_the_local_part_of_an_address_is_found() -> None:
    assert claims_in("To: z.depeewoestin@ailleurs.example") == {"email"}


PLACES = [
    '{"birthplace": "67482"}', '{"lieu":"67482"}', r'{"corps": "{\"lieu\": \"67482\"}"}',
    "birthplace=67482&x=1", "birthplace: 67482", "<td>67482</td>", "%2267482%22",
    "{'birthplace': '67482'}", base64.b64encode(b'{"birthplace":"67482"}').decode(),
    b'"67482"'.hex(),
]  # fmt: skip


@pytest.mark.parametrize("written", PLACES)
def test_a_short_code_is_found_where_it_means_something(written: str) -> None:
    assert claims_in(written) == {"birthplace"}


INNOCENT = [
    "", "67482", "id 67482", "2026-11-23 09:14:23.67482+00", '"674820"', "127.0.0.1:67482",
    "Une épée, une œuvre : rien de personne.", "west coast", "prewœstine", "zephyr.depeeche",
    "a19570823f", "119570823", "1957", "courriel.example", "@courriel.example", "99100", "female",
    "c2ln" * 200, hashlib.sha256(b"somebody else").hexdigest(), "courriel", "Mairie de Saint-Exemple",
]  # fmt: skip


@pytest.mark.parametrize("content", INNOCENT)
def test_what_looks_like_a_canary_is_not_one(content: str) -> None:
    assert claims_in(content) == set()


def test_no_needle_is_so_short_that_chance_writes_it() -> None:
    assert min(len(needle.pattern) for needle in needles(VALUES)) >= 4


def test_a_needle_never_prints_what_it_looks_for() -> None:
    shown = repr(needles(VALUES)) + repr(Persona({"family_name": (NAME,)}))
    assert NAME not in shown
    assert SUB not in shown


def test_a_needle_that_is_part_of_another_word_hides_none_that_overlaps_it() -> None:
    inner = Needle("family_name", "UTF-8", "", b"dupontel", not_before=frozenset(b"s"))
    outer = Needle("given_name", "UTF-8", "", b"pontels fils")
    found = [needle.claim for _, needle in Matcher([inner, outer]).matches(b"x dupontels fils")]
    assert found == ["given_name"]
