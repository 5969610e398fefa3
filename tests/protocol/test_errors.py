"""The catalogue of errors: what each reader is told, and where an error may travel."""

import re

import pytest

from apps.protocol import errors
from apps.protocol.errors import CATALOGUE, Delivery, ErrorSpec, ProtocolError

NARROW = "\u202f"
SPECS = tuple(CATALOGUE.values())

# The codes that the real FranceConnect shows in the same situations.
FRANCECONNECT = {
    "Y000000", "Y000404", "Y010004", "Y010006", "Y010007", "Y010008", "Y010009", "Y010011",
    "Y010012", "Y010013", "Y010015", "Y020017", "Y020019", "Y020021", "Y020022", "Y020023", "Y020025",
    "Y020026", "Y020027", "Y020029", "Y020030", "Y030007", "Y030030", "Y030032", "Y040001",
    "Y0411646", "Y04146A2", "Y0434A7B", "Y044D706", "Y044FEB3", "Y0451265", "Y04514E0",
    "Y045AFAE", "Y048017B", "Y0485169", "Y0496E4A", "Y049E20B", "Y04C013C", "Y04C2044",
    "Y04DADA6", "Y04EA6EF", "Y04EE963", "Y100001", "Y100002", "Y100009", "Y100018", "Y180001",
    "Y190001", "Y190004", "Y420001", "Y470001", "Y470002", "Y600006",
}  # fmt: skip
OURS = re.compile(r"Y[0-9]{2}9[0-9]{3}")

REDIRECTED = {
    "RFC 6749 §4.1.2.1": {
        "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type",
        "invalid_scope", "server_error", "temporarily_unavailable",
    },
    "OIDC Core §3.1.2.6": {
        "interaction_required", "login_required", "account_selection_required", "consent_required",
        "invalid_request_uri", "invalid_request_object", "request_not_supported",
        "request_uri_not_supported", "registration_not_supported",
    },
    "FranceConnect": {"invalid_acr", "invalid_idp_hint"},
}  # fmt: skip
FOR_MACHINES = {
    "RFC 6749 §5.2": {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unsupported_grant_type",
    },
    "RFC 6750 §3.1": {"invalid_request", "invalid_token", "insufficient_scope"},
}


def breaking(rule: str) -> list[ErrorSpec]:
    """The specs whose citizen text, title or operator text matches a rule of bad typography."""
    return [
        spec
        for spec in SPECS
        if any(re.search(rule, text) for text in (spec.title, spec.text, spec.operator))
    ]


def test_every_error_is_a_constant_of_the_name_of_its_slug() -> None:
    for slug, spec in CATALOGUE.items():
        assert spec.slug == slug
        assert getattr(errors, slug.upper()) is spec


def test_no_two_errors_have_the_same_code() -> None:
    assert len({spec.code for spec in SPECS}) == len(SPECS)


@pytest.mark.parametrize(("slug", "code"), [("internal", "Y009999"), ("another", "Y000000")])
def test_a_slug_or_a_code_cannot_be_declared_twice(slug: str, code: str) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        errors._redirect(slug, code, "invalid_request", "", "", "")
    assert len(CATALOGUE) == len(SPECS)


def test_a_code_is_franceconnects_or_has_a_number_from_9001() -> None:
    for spec in SPECS:
        assert spec.code in FRANCECONNECT or OURS.fullmatch(spec.code), spec.slug
    assert not [code for code in FRANCECONNECT if OURS.fullmatch(code)]


def test_a_redirected_error_is_a_400_of_a_registered_list() -> None:
    registered = set().union(*REDIRECTED.values())
    for spec in SPECS:
        if spec.delivery is Delivery.REDIRECT:
            assert spec.error in registered, spec.slug
            assert spec.status == 400, spec.slug


def test_an_error_for_a_machine_is_of_its_list_with_the_status_of_the_rfc() -> None:
    registered = set().union(*FOR_MACHINES.values())
    for spec in SPECS:
        if spec.delivery is Delivery.JSON:
            assert spec.error in registered, spec.slug
            expected = 401 if spec.error in ("invalid_client", "invalid_token") else 400
            assert spec.status == expected, spec.slug


def test_a_page_has_an_error_status() -> None:
    assert all(400 <= spec.status < 600 for spec in SPECS)


def test_nothing_wrong_before_the_address_is_trusted_travels() -> None:
    for spec in (
        errors.UNKNOWN_CLIENT,
        errors.REDIRECT_URI_UNREGISTERED,
        errors.REQUEST_UNREADABLE,
    ):
        assert spec.delivery is Delivery.PAGE


def test_only_an_error_of_an_account_lets_choose_another_and_it_stays_a_page() -> None:
    for spec in SPECS:
        if spec.can_choose_another:
            assert spec.delivery is Delivery.PAGE, spec.slug


def test_RFC6749_s4_1_2_1_a_description_has_neither_quote_nor_backslash_nor_line_break() -> None:
    for spec in SPECS:
        assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+", spec.description), spec.slug


def test_a_citizen_text_is_sentences_and_a_title_is_not() -> None:
    for spec in SPECS:
        assert spec.text.endswith("."), spec.slug
        assert spec.operator.endswith("."), spec.slug
        assert not spec.title.endswith("."), spec.slug


def test_every_reader_is_told_something() -> None:
    for spec in SPECS:
        assert spec.title.strip(), spec.slug
        assert spec.source.strip(), spec.slug
        assert spec.operator != spec.description, spec.slug


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("['\"]", id="apostrophe is ’, quotes are « »"),
        pytest.param(rf"[^{NARROW}][;:!?](?=\s|$)", id="narrow space before ; : ! ?"),
        pytest.param(rf"«[^{NARROW}]|[^{NARROW}]»", id="narrow space inside « »"),
        pytest.param(r"\.\.\.|  |^\s|\s$", id="no three dots, no stray space"),
    ],
)
def test_french_typography(rule: str) -> None:
    assert not breaking(rule)


def test_a_protocol_error_says_its_code_its_slug_and_its_debug_text() -> None:
    assert str(ProtocolError(errors.INTERNAL)) == "Y000000 internal"
    failure = ProtocolError(errors.PARAMETER_REPEATED, debug="scope")
    assert str(failure) == "Y0496E4A parameter_repeated: scope"
    assert failure.spec is errors.PARAMETER_REPEATED
    assert failure.debug == "scope"
