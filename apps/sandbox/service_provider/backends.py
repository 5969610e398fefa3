"""Who a signed-in person is at one service.

People are found by `sub` and never by e-mail, which changes hands and which two persons may share.
The library verifies signature and nonce; it leaves `iss`, `aud` and the `sub` of userinfo to its
users (OIDC Core §3.1.3.7 and §5.3.2): these three comparisons are added after its own.
"""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils import timezone
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from apps.sandbox.models import LocalAccount
from apps.sandbox.service_provider import catalogue
from apps.sandbox.service_provider.configuration import ForService, issuer


class ServiceBackend(ForService, OIDCAuthenticationBackend):
    """Find or create the space of a person at one service."""

    def authenticate(self, request: HttpRequest | None, **kwargs: object) -> LocalAccount | None:
        """Answer only for the service that was called back."""
        match = request.resolver_match if request is not None else None
        if match is None or match.namespace != self.service.slug:
            return None
        account: LocalAccount | None = super().authenticate(request, **kwargs)
        return account

    def verify_token(self, token: str, **kwargs: object) -> dict[str, object]:
        """Add the comparison of issuer and audience to the library's verification."""
        claims: dict[str, object] = super().verify_token(token, **kwargs)
        audience = claims.get("aud")
        if claims.get("iss") != issuer():
            raise SuspiciousOperation("the token has another issuer")
        if self.service.client_id not in (audience if isinstance(audience, list) else [audience]):
            raise SuspiciousOperation("the token is for another client")
        return claims

    def get_userinfo(
        self, access_token: str, id_token: str, payload: Mapping[str, object]
    ) -> dict[str, object]:
        """Add the comparison of `sub` with the one of the ID token."""
        claims: dict[str, object] = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("userinfo is about somebody else")
        return claims

    def verify_claims(self, claims: Mapping[str, object]) -> bool:
        """Need nothing but `sub`: an e-mail address is information, not an identity."""
        return bool(claims.get("sub"))

    def filter_users_by_claims(self, claims: Mapping[str, object]) -> list[LocalAccount]:
        """Return the one space of this `sub` at this service, if there is one."""
        return list(LocalAccount.objects.filter(service=self.service.slug, sub=claims["sub"]))

    def create_user(self, claims: Mapping[str, object]) -> LocalAccount:
        """Open a space without asking anything, and say so once."""
        account = LocalAccount(service=self.service.slug, sub=str(claims["sub"]))
        account.username = f"{account.service}/{account.sub}"
        account.claims = dict(claims)
        account.set_unusable_password()
        account.save()
        messages.success(self.request, "Votre espace a été créé.")
        return account

    def update_user(self, user: LocalAccount, claims: Mapping[str, object]) -> LocalAccount:
        """Take the claims of this sign-in."""
        user.claims = dict(claims)
        return user

    def get_or_create_user(
        self, access_token: str, id_token: str, payload: Mapping[str, object]
    ) -> LocalAccount | None:
        """Keep with the space when and at which level it was last verified."""
        account: LocalAccount | None = super().get_or_create_user(access_token, id_token, payload)
        if account is not None:
            account.acr = str(payload.get("acr", ""))
            account.verified_at = timezone.now()
            account.save()
        return account


class MairieBackend(ServiceBackend):
    service = catalogue.MAIRIE


class RegionBackend(ServiceBackend):
    service = catalogue.REGION


class EauBackend(ServiceBackend):
    service = catalogue.EAU
