"""The code exchange with one identity provider: mozilla-django-oidc, with what it does not check.

The stock library reads one provider from the settings, accepts a wrong `aud` and a wrong `iss`,
downloads the keys at every verification, has no timeout and never compares the `sub` of userinfo
with the ID token's. Here its configuration is the provider's row, and each of its three calls
(token, verification, userinfo) is ours, on the law.
"""

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote_plus

from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from apps.broker.rp import client_keys, departure
from apps.identity_providers import circuit, metadata, our_addresses, wire
from apps.identity_providers.models import IdentityProvider
from apps.protocol import (
    client_assertion,
    errors,
    id_token,
    jose,
    jwe,
    token_response,
    userinfo,
)
from apps.protocol.discovery import ProviderMetadata
from apps.protocol.errors import ErrorSpec, ProtocolError
from apps.protocol.id_token import VerifiedIdToken, check_access_token

T = TypeVar("T")


@dataclass(frozen=True)
class VerifiedAnswer:
    """What a provider says of the citizen, verified: its ID token and the claims of userinfo.

    id_token_hint   the signed ID token, out of its encryption: what the provider can read at logout
    milliseconds   from the call to its /token to the judgement of its userinfo, keys included
    has_rotated    one of its keys was new to us, and found when its keys were read again
    """

    id_token: VerifiedIdToken
    id_token_hint: str
    claims: Mapping[str, object]
    milliseconds: int
    has_rotated: bool


class ProviderBackend(OIDCAuthenticationBackend):
    """mozilla-django-oidc for one provider and one sign-in; citizens never become Django users."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider
        self.metadata = configuration(provider)
        self._begun = 0.0
        self._has_rotated = False
        super().__init__()

    def get_settings(self, attr: str, *args: Any) -> Any:
        """Return the library's settings from the provider's row; Django's are never read."""
        row = {
            "OIDC_OP_TOKEN_ENDPOINT": self.metadata.token_endpoint,
            "OIDC_OP_USER_ENDPOINT": self.metadata.userinfo_endpoint,
            "OIDC_OP_JWKS_ENDPOINT": self.metadata.jwks_uri,
            "OIDC_RP_CLIENT_ID": self.provider.client_id,
            "OIDC_RP_CLIENT_SECRET": self.provider.client_secret,
            "OIDC_RP_SIGN_ALGO": self.provider.id_token_signed_response_alg,
            "OIDC_AUTHENTICATION_CALLBACK_URL": "oidc_callback",
        }
        return row.get(attr, args[0] if args else None)

    def exchange(self, request: HttpRequest, trip: departure.Departure) -> VerifiedAnswer:
        """Return the provider's verified answer to this trip.

        Raises ProtocolError: IDP_TOKEN_FAILED, IDP_TOKEN_CONTENT, ID_TOKEN_*, IDP_USERINFO_*,
        IDP_KEY_UNKNOWN, IDP_UNAVAILABLE.
        """
        self._begun = time.perf_counter()
        with _passage(self.provider) as self.passage:
            answer: VerifiedAnswer = self.authenticate(
                request, nonce=trip.nonce, code_verifier=trip.code_verifier
            )
            self.passage.succeed()
        return answer

    def get_token(self, payload: dict[str, str]) -> dict[str, str]:
        """Redeem the code once; the ID token is returned signed, out of its encryption."""
        form = {**payload, "redirect_uri": our_addresses.redirect_uri()}
        headers = self._prove_us(form)
        answer = self._call(
            lambda: wire.post(self.metadata.token_endpoint, form, headers=headers),
            errors.IDP_TOKEN_FAILED,
        )
        tokens = token_response.parse(_json(answer, errors.IDP_TOKEN_FAILED))
        try:
            signed = self._open("id_token", tokens.id_token)
        except jose.JoseError as failure:
            raise ProtocolError(errors.ID_TOKEN_ENCRYPTION, debug=str(failure)) from failure
        return {"access_token": tokens.access_token, "id_token": signed}

    def verify_token(self, token: str, **kwargs: Any) -> VerifiedIdToken:
        """Return what may be believed of the ID token (OIDC Core §3.1.3.7)."""
        alg = jose.Alg(self.provider.id_token_signed_response_alg)
        return self._with_keys(
            alg,
            lambda keys: id_token.verify(
                token,
                issuer=self.provider.issuer,
                audience=self.provider.client_id,
                nonce=kwargs["nonce"],
                keys=keys,
                alg=alg,
                now=int(time.time()),
            ),
        )

    def get_userinfo(
        self, access_token: str, id_token: str, payload: VerifiedIdToken
    ) -> dict[str, object]:
        """Return the claims of userinfo, of the person that the ID token named."""
        answer = self._call(
            lambda: wire.get(
                self.metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"}
            ),
            errors.IDP_USERINFO_FAILED,
        )
        if answer.status != 200:
            raise ProtocolError(errors.IDP_USERINFO_FAILED, debug=f"HTTP status {answer.status}")
        registered = self.provider.userinfo_signed_response_alg
        alg = jose.Alg(registered) if registered else None
        return self._with_keys(
            alg,
            lambda keys: userinfo.parse(
                answer.body,
                content_type=answer.content_type,
                alg=alg,
                keys=keys,
                issuer=self.provider.issuer,
                audience=self.provider.client_id,
                sub=payload.sub,
                unwrap=lambda token: self._open("userinfo", token),
            ),
        )

    def get_or_create_user(
        self, access_token: str, id_token: str, payload: VerifiedIdToken
    ) -> VerifiedAnswer:
        """Return the answer: no user is made."""
        check_access_token(payload, access_token)
        claims = self.get_userinfo(access_token, id_token, payload)
        return VerifiedAnswer(
            id_token=payload,
            id_token_hint=id_token,
            claims=claims,
            milliseconds=round((time.perf_counter() - self._begun) * 1000),
            has_rotated=self._has_rotated,
        )

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Keep nothing: the access token is spent, the ID token goes sealed into the sign-in."""

    def _prove_us(self, form: dict[str, str]) -> dict[str, str]:
        """Authenticate by the registered method: change the form, return the headers.

        RFC 6749 §2.3.1 for the two secrets, RFC 7523 §2.2 for the assertion. One method, never two.
        """
        method = self.provider.token_endpoint_auth_method
        if method == client_assertion.METHOD:
            del form["client_secret"]
            form["client_assertion_type"] = client_assertion.TYPE
            form["client_assertion"] = client_keys.assertion(self.provider)
        elif method == "client_secret_basic":
            pair = f"{quote_plus(form.pop('client_id'))}:{quote_plus(form.pop('client_secret'))}"
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        return {}

    def _open(self, answer: str, token: str) -> str:
        """Return the signed token of an answer, which is encrypted if so registered, else not.

        answer  `id_token` or `userinfo`, as the names of the columns say
        Raises jose.JoseError.
        """
        alg = getattr(self.provider, f"{answer}_encrypted_response_alg")
        if not alg:
            return token
        enc = getattr(self.provider, f"{answer}_encrypted_response_enc")
        return jwe.decrypt(
            token,
            keys=client_keys.ours().decryption,
            alg=jwe.KeyManagement(alg),
            enc=jwe.ContentEncryption(enc),
        )

    def _with_keys(self, alg: jose.Alg | None, judge: Callable[[jose.KeySet], T]) -> T:
        """Judge with the keys we have, and once more with fresh ones when a `kid` is unknown."""
        if alg is None:
            return judge(jose.KeySet(()))
        try:
            known = metadata.keys(self.provider, alg)
            try:
                return judge(known)
            except jose.UnknownKey:
                judged = judge(metadata.keys_after(self.provider, alg, known))
                self._has_rotated = True
                return judged
        except jose.UnknownKey as failure:
            raise ProtocolError(errors.IDP_KEY_UNKNOWN, debug=str(failure)) from failure
        except metadata.MetadataError as failure:
            if failure.is_news:
                self.passage.fail()
            raise ProtocolError(errors.IDP_UNAVAILABLE, debug=str(failure)) from failure

    def _call(self, call: Callable[[], wire.Answer], spec: ErrorSpec) -> wire.Answer:
        try:
            answer = call()
        except wire.WireError as failure:
            self.passage.fail()
            raise ProtocolError(spec, debug=str(failure)) from failure
        if answer.status >= 500:
            self.passage.fail()
        return answer


def configuration(provider: IdentityProvider) -> ProviderMetadata:
    """Return a provider's addresses. Raises ProtocolError: IDP_UNAVAILABLE."""
    with _passage(provider) as passage:
        try:
            return metadata.configuration(provider)
        except metadata.MetadataError as failure:
            if failure.is_news:
                passage.fail()
            raise ProtocolError(errors.IDP_UNAVAILABLE, debug=str(failure)) from failure


@contextmanager
def _passage(provider: IdentityProvider) -> Iterator[circuit.Passage]:
    """Use a provider if its circuit lets us. Raises ProtocolError: IDP_UNAVAILABLE."""
    try:
        with circuit.of(provider).passage() as passage:
            yield passage
    except circuit.Unavailable as refusal:
        raise ProtocolError(errors.IDP_UNAVAILABLE, debug=str(refusal)) from refusal


def _json(answer: wire.Answer, spec: ErrorSpec) -> dict[str, object]:
    # RFC 6749 §5.1 says 200; the body of anything else is not read, nor logged.
    if answer.status != 200:
        raise ProtocolError(spec, debug=f"HTTP status {answer.status}")
    try:
        return jose.parse_json(answer.body)
    except jose.JoseError as failure:
        raise ProtocolError(spec, debug=str(failure)) from failure
