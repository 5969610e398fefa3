"""oauthlib's questions, answered from the registry and the memory: one look-up a request.

django-oauth-toolkit's validator reads the same grant eight times, saves the tokens before it
deletes the code, keeps codes in clear and does not revoke on replay; the methods overridden here
are those. Everything that a service presents is compared before the code is used up, and a code
presented wrongly is burnt (RFC 9700 §4.5): whoever holds it is not who it was made for.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import transaction
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors as oauth

from apps.accounts.models import Account
from apps.audit import events, journal
from apps.broker import boxes, lookups
from apps.broker.boxes import Purpose
from apps.broker.models import AccessToken, Grant, SignIn
from apps.broker.op import keys
from apps.protocol import id_token, pkce, sealing, subject, userinfo
from apps.service_providers.models import ServiceProvider
from apps.statements import writing

CODE_LIFETIME = timedelta(seconds=30)
TOKEN_LIFETIME = 60  # seconds


class Validator(OAuth2Validator):
    """The rules of the code flow, on our rows."""

    # --- the authorization request was judged by the law; these only hand the service over --------

    def validate_client_id(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return request.client is not None and request.client.client_id == client_id

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return bool(request.client.redirect_uri_allowed(redirect_uri))

    def validate_response_type(
        self, client_id: str, response_type: str, *args: Any, **kwargs: Any
    ) -> bool:
        return response_type == "code"

    def validate_scopes(self, client_id: str, scopes: list[str], *args: Any, **kwargs: Any) -> bool:
        return "openid" in scopes

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return False  # judged by apps.protocol.authentication_request, service by service

    def save_authorization_code(
        self, client_id: str, code: Mapping[str, str], request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Have the SHA-256 of the code kept, and the identity sealed under the code.

        `issue_code` hands the insertion to the statement that moves the sign-in.
        """
        sign_in: SignIn = request.user
        asked = sign_in.asked
        grant = Grant(
            user=sign_in,
            application=request.client,
            code=sealing.fingerprint(code["code"]),
            expires=datetime.now(UTC) + CODE_LIFETIME,
            redirect_uri=asked.redirect_uri,
            scope=" ".join(asked.scope),
            code_challenge=asked.code_challenge,
            code_challenge_method=pkce.METHOD if asked.code_challenge else "",
            nonce="",  # kept on the sign-in, with the rest of the request
            sealed=boxes.seal(request.identity_claims, code["code"], Purpose.CODE),
        )
        request.insertions.append(writing.row_of(grant))

    # --- /token: who is asking --------------------------------------------------------------------

    def client_authentication_required(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Authenticate by client_secret_basic or client_secret_post, either for every service.

        The grant is read at the same time, with the service it was made for: one look-up.
        """
        authorization = request.headers.get("Authorization", "")
        credentials = credentials_of(authorization, request.client_id, request.client_secret)
        if credentials is None:
            return False
        client_id, secrets = credentials
        request.grant = _find_grant(request.code)
        service = request.grant.application if request.grant else None
        if service is None or service.client_id != client_id:
            service = lookups.SERVICE.first(client_id)
        if service is None or not service.active:
            return False
        request.client = service
        request.client_id = client_id
        return any(service.has_secret(secret) for secret in secrets)

    def authenticate_client_id(
        self, client_id: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return False  # every service is confidential

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type == "authorization_code"

    # --- /token: is the code good -----------------------------------------------------------------

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Tell whether this service may redeem this code; a code presented wrongly is burnt."""
        grant: Grant | None = request.grant
        if grant is None:
            return False
        if grant.consumed_at is not None:
            _revoke(grant)
            return False
        if not _is_presented_well(grant, request):
            grant.consume()
            return False
        request.scopes = grant.scope.split()
        request.user = grant.user
        return True

    def get_code_challenge(self, code: str, request: Any) -> str | None:
        return None  # answered in validate_code, where a wrong verifier burns the code

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Any,
        request: Any,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        return bool(redirect_uri == request.grant.redirect_uri)

    def get_default_redirect_uri(
        self, client_id: str, request: Any, *args: Any, **kwargs: Any
    ) -> str:
        return ""  # redirect_uri was given at /authorize, so it is required here (RFC 6749 §4.1.3)

    # --- /token: the tokens -----------------------------------------------------------------------

    def get_authorization_code_nonce(self, *args: Any, **kwargs: Any) -> None:
        return None  # read in get_id_token

    def get_id_token(self, token: Any, token_handler: Any, request: Any) -> str:
        """Return our ID token, signed with the algorithm registered for this service."""
        sign_in: SignIn = request.grant.user
        asked = sign_in.asked
        claims = id_token.build(
            issuer=settings.ISSUER,
            sub=subject_for(_account_of(sign_in), request.client),
            audience=request.client.client_id,
            nonce=asked.nonce,
            acr=sign_in.acr,
            amr=sign_in.amr if "amr" in asked.claims else (),
            auth_time=sign_in.auth_time or 0,
            now=int(time.time()),
            lifetime=TOKEN_LIFETIME,
        )
        return keys.sign(claims, request.client, request.client.id_token_signed_response_alg)

    def save_bearer_token(
        self, token: Mapping[str, Any], request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Use the code up, keep the token and journal both in one statement.

        Raises InvalidGrantError in all but one of the parallel redemptions of a code.
        """
        grant: Grant = request.grant
        access_token = token["access_token"]
        claims = boxes.unseal(grant.sealed or b"", request.code, Purpose.CODE)
        issued = AccessToken(
            user=grant.user,
            application=request.client,
            grant=grant,
            token="",
            token_checksum=sealing.fingerprint(access_token),
            expires=datetime.now(UTC) + timedelta(seconds=TOKEN_LIFETIME),
            scope=grant.scope,
            sealed=boxes.seal(claims, access_token, Purpose.TOKEN),
        )
        line = journal.line(
            events.SP_REQUESTED_FC_TOKEN,
            scope=grant.scope,
            account=grant.user.account_id,
            **facts_of(grant.user, request.client),
        )
        if not grant.consume(writing.row_of(issued), line):
            raise oauth.InvalidGrantError(request=request)

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Any, *args: Any, **kw: Any
    ) -> None:
        """Nothing is left to do: `save_bearer_token` used the code up with the token it gave."""

    # --- /userinfo --------------------------------------------------------------------------------

    def validate_bearer_token(self, token: str | None, scopes: list[str], request: Any) -> bool:
        """Tell whether the token is alive, and its citizen and its service still welcome."""
        found = _find_token(token) if token else None
        if found is None or found.expires <= datetime.now(UTC) or found.sealed is None:
            return False
        if not found.application.active or not _is_welcome(found.user):
            return False
        request.access_token, request.bearer = found, token
        request.client, request.user = found.application, found.user
        request.scopes = found.scope.split()
        return True

    def get_userinfo_claims(self, request: Any) -> dict[str, object] | str:
        """Return the answer: JSON, or a JWS when one is registered; decided by the registration."""
        service: ServiceProvider = request.client
        claims = boxes.unseal(request.access_token.sealed, request.bearer, Purpose.TOKEN)
        alg = service.userinfo_signed_response_alg
        answer = userinfo.build(
            claims,
            sub=subject_for(request.user.account, service),
            issuer=settings.ISSUER,
            audience=service.client_id,
            now=int(time.time()),
            expires=int(request.access_token.expires.timestamp()),
            signed=alg is not None,
        )
        journal.append(
            events.SP_REQUESTED_FC_USERINFO,
            claims=" ".join(claims),
            account=request.user.account_id,
            **facts_of(request.user, service),
        )
        return keys.sign(answer, service, alg) if alg else answer

    def is_origin_allowed(self, *args: Any, **kwargs: Any) -> bool:
        return False  # S-042: no cross-origin reading of tokens


def subject_for(account: Account, service: ServiceProvider) -> str:
    """Return the pairwise `sub` of this citizen for this service (OIDC Core §8.1)."""
    return subject.pairwise_sub(
        entity_id=service.sector,
        identity_hash=account.identity_hash,
        secret=settings.SUBJECT_SECRET,
    )


def _account_of(sign_in: SignIn) -> Account:
    if sign_in.account is None:
        raise ValueError("a code was given to a sign-in without an account")
    return sign_in.account


def _is_welcome(sign_in: SignIn | None) -> bool:
    return bool(sign_in and sign_in.account and sign_in.account.active)


def facts_of(sign_in: SignIn, service: ServiceProvider) -> dict[str, Any]:
    """Return the facts that every line about a sign-in's tokens carries."""
    return {
        "sign_in": sign_in.pk,
        "sp": service.client_id,
        "sp_name": service.name,
        "browsing_session": sign_in.browsing_session,
        "acr": sign_in.acr,
        "is_sso": sign_in.is_sso,
    }


def credentials_of(
    authorization: str, client_id: str | None, client_secret: str | None
) -> tuple[str, tuple[str, ...]] | None:
    """Return the client_id shown and the readings of its secret, or None when there is none.

    authorization   the header, "" when there is none; the others come from the form

    RFC 6749 §2.3.1 asks for form-encoding inside Basic; many clients do not encode, so a secret is
    read both ways.
    """
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        if not client_id or not client_secret or "\x00" in client_id:
            return None
        return client_id, (client_secret,)
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    client_id, colon, secret = decoded.partition(":")
    client_id = unquote_plus(client_id)
    if not colon or not secret or "\x00" in client_id:
        return None
    return client_id, (secret, unquote_plus(secret))


def _find_grant(code: str | None) -> Grant | None:
    return lookups.GRANT.first(sealing.fingerprint(code)) if code else None


def _find_token(token: str) -> AccessToken | None:
    return lookups.TOKEN.first(sealing.fingerprint(token))


def _is_presented_well(grant: Grant, request: Any) -> bool:
    """Tell whether the code comes back in time, from its service, to its address, with its proof."""
    verifier = request.code_verifier
    if grant.code_challenge:
        proven = bool(verifier) and pkce.matches(verifier, grant.code_challenge)
    else:
        proven = not verifier  # RFC 9700 §4.8: a verifier without a challenge is a downgrade
    return (
        grant.application_id == request.client.pk
        and grant.expires > datetime.now(UTC)
        and request.redirect_uri == grant.redirect_uri
        and proven
        and _is_welcome(grant.user)
    )


def _revoke(grant: Grant) -> None:
    """Kill the token that a replayed code gave (RFC 6749 §4.1.2), and say so in the journal."""
    with transaction.atomic():
        AccessToken.objects.filter(grant=grant).update(expires=datetime.now(UTC), sealed=None)
        journal.append(events.CODE_REPLAYED, **facts_of(grant.user, grant.application))
