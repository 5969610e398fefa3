"""The authorization response: the one we send to a service, the one an identity provider sends us.

RFC 6749 §4.1.2, OIDC Core §3.1.2.5, RFC 9207 (`iss` in the response).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from apps.protocol import errors
from apps.protocol.errors import ErrorSpec, ProtocolError


@dataclass(frozen=True)
class AuthorizationResponse:
    """A return from the identity provider the citizen was sent to; made by `parse` only.

    error   the provider's error code when the citizen declined or the provider failed
    """

    code: str
    error: str


def state_of(parameters: Mapping[str, Sequence[str]]) -> str:
    """Return the state of a return, whatever the rest. Raises ProtocolError: CALLBACK_STATE_MISSING."""
    state = parameters.get("state", ())
    if len(state) != 1 or not state[0] or len(state[0]) > 256:
        raise ProtocolError(errors.CALLBACK_STATE_MISSING)
    return state[0]


def parse(
    parameters: Mapping[str, Sequence[str]], *, issuer: str, requires_iss: bool
) -> AuthorizationResponse:
    """Return the response of the provider that this issuer names.

    The state was matched to a sign-in before: issuer is that of the provider chosen there, so a
    response of another provider is refused here (mix-up, RFC 9700 §4.4).
    Raises ProtocolError: CALLBACK_ISSUER_WRONG, CALLBACK_CODE_MISSING.
    """
    issuers = parameters.get("iss", ())
    if (issuers and list(issuers) != [issuer]) or (requires_iss and not issuers):
        raise ProtocolError(errors.CALLBACK_ISSUER_WRONG)
    error = next(filter(None, parameters.get("error", ())), "")  # empty: omitted (RFC 6749 §3.1)
    if error:
        return AuthorizationResponse(code="", error=error[:64])
    code = parameters.get("code", ())
    if len(code) != 1 or not code[0] or len(code[0]) > 4096:
        raise ProtocolError(errors.CALLBACK_CODE_MISSING)
    return AuthorizationResponse(code=code[0], error="")


def build_error(spec: ErrorSpec, *, redirect_uri: str, state: str, issuer: str) -> str:
    """Return the address that carries an error to the service (RFC 6749 §4.1.2.1, RFC 9207).

    `state` is echoed byte for byte when one was received, and left out otherwise.
    """
    answer = {"error": spec.error, "error_description": f"{spec.description} ({spec.code})"}
    if state:
        answer["state"] = state
    return add_query(redirect_uri, {**answer, "iss": issuer})


def add_query(url: str, parameters: Mapping[str, str]) -> str:
    """Return the URL with parameters added to the query it may already have."""
    separator = "&" if "?" in url else "?"
    # %20 and not +: those who take a query for a mere URI read it too.
    return f"{url}{separator}{urlencode(parameters, quote_via=quote, safe='')}"
