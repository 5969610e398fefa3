"""A right authentication request, to be changed by each test, and the strictest policy."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from apps.protocol import authentication_request
from apps.protocol.acr import Acr
from apps.protocol.authentication_request import AuthenticationRequest, Policy
from apps.protocol.errors import ErrorSpec, ProtocolError

CALLBACK = "https://fs.example/cb?a=1"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
STRICT = Policy(  # what FranceConnect demands of everybody
    redirect_uris=frozenset({CALLBACK, "https://fs.example/other"}),
    scopes=frozenset({"openid", "given_name", "email", "dgfip_rfr"}),
    claims=frozenset(),
    served_acr=frozenset({Acr.EIDAS1, Acr.EIDAS2}),
    default_acr=Acr.EIDAS1,
    acr_required=True,
    nonce_required=True,
    pkce_required=False,
    allowed_prompts=frozenset({"login", "consent"}),
    allowed_idp_hints=frozenset({"impots"}),
)
RIGHT = {
    "response_type": "code",
    "client_id": "mairie",
    "redirect_uri": CALLBACK,
    "scope": "openid given_name",
    "state": "s" * 32,
    "nonce": "n" * 22,
    "acr_values": "eidas1",
}
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def sent(changes: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The parameters of a right request, with some changed, repeated (a list) or absent (None)."""
    merged = {**RIGHT, **changes}
    lists = {name: value if isinstance(value, list) else [value] for name, value in merged.items()}
    return {name: values for name, values in lists.items() if values != [None]}


def parse(policy: Policy = STRICT, **changes: Any) -> AuthenticationRequest:
    return authentication_request.parse(sent(changes), policy=policy)


def refusal_of(policy: Policy = STRICT, **changes: Any) -> ErrorSpec:
    with pytest.raises(ProtocolError) as refusal:
        parse(policy, **changes)
    return refusal.value.spec


def claims(**sections: object) -> str:
    return json.dumps(sections)


def relaxed(**fields: Any) -> Policy:
    return replace(STRICT, **fields)


ESSENTIAL_EIDAS3 = claims(id_token={"acr": {"essential": True, "value": "eidas3"}})
ESSENTIAL_EIDAS1 = claims(id_token={"acr": {"essential": True, "values": ["eidas1"]}})
