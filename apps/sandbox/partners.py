"""How the partners of the sandbox register with the broker: by the same files as anybody.

Members have the names of OpenID Connect registration (RFC 7591, Discovery) where they exist.
`manage.py import_identity_providers FILE` and `import_service_providers FILE` read these documents.
"""

from apps.sandbox import private_files
from apps.sandbox.identity_provider import catalogue as identity_providers
from apps.sandbox.identity_provider import messages, registration
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite
from apps.sandbox.service_provider import catalogue as service_providers
from apps.sandbox.service_provider.catalogue import Service

IDENTITY_PROVIDERS_FILE = "partners/identity_providers.json"
SERVICE_PROVIDERS_FILE = "partners/service_providers.json"
READY_MADE_CLIENT_ID = "client-pret-a-l-emploi"
READY_MADE_PORTS = (3000, 5000, 8080)
READY_MADE_SCOPE = "openid profile birth identite_pivot email"


def client_ids() -> list[str]:
    """Return under which name each secret of the sandbox is kept."""
    return [
        *(
            registration.secret_name(site)
            for site in identity_providers.SITES.values()
            if site.shares_a_secret
        ),
        *(service.client_id for service in service_providers.SERVICES.values()),
        READY_MADE_CLIENT_ID,
    ]


def identity_providers_document() -> dict[str, object]:
    """Return the partner file of the three identity providers. Raises NotSeeded."""
    sites = identity_providers.SITES.values()
    return {
        "identity_providers": [
            _identity_provider(site, order) for order, site in enumerate(sites, start=1)
        ]
    }


def service_providers_document() -> dict[str, object]:
    """Return the partner file of the three services and the ready-made client. Raises NotSeeded."""
    services = [_service(service) for service in service_providers.SERVICES.values()]
    policy = {
        "organisation": "Bac à sable",
        "type": "public",
        "entity_id": READY_MADE_CLIENT_ID,
        "nonce_policy": "optional",
        "acr_required": False,
        "acr_values": ["eidas1", "eidas2"],
        "default_acr": "eidas1",
        "active": True,
    }
    return {"service_providers": [*services, {**ready_made_client(), **policy}]}


def ready_made_client() -> dict[str, object]:
    """Return a client that works at once with any OpenID Connect library (RFC 7591 §3.2.1).

    Its userinfo is plain JSON, the only form that every library reads.
    """
    hosts = [f"http://localhost:{port}" for port in READY_MADE_PORTS]
    paths = ("/callback", "/auth/callback", "/login/callback", "/oidc/callback/")
    return {
        "client_id": READY_MADE_CLIENT_ID,
        "client_secret": private_files.client_secret(READY_MADE_CLIENT_ID),
        "client_name": "Mon service",
        "client_uri": f"{hosts[0]}/",
        "redirect_uris": [f"{host}{path}" for host in hosts for path in paths],
        "post_logout_redirect_uris": [
            f"{host}{path}" for host in hosts for path in ("/", "/logout")
        ],
        "scope": READY_MADE_SCOPE,
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": None,
    }


def _identity_provider(site: IdentityProviderSite, order: int) -> dict[str, object]:
    return {
        "uid": site.slug,
        "name": site.slug,
        "title": site.title,
        "issuer": site.issuer,
        **({} if site.by_discovery else messages.endpoints(site)),
        "client_id": registration.CLIENT_ID,
        **_proof(site),
        "id_token_signed_response_alg": site.id_token_alg.value,
        "userinfo_signed_response_alg": site.userinfo_alg,
        "userinfo_encrypted_response_alg": site.userinfo_encryption,
        "userinfo_encrypted_response_enc": (
            messages.USERINFO_ENC if site.userinfo_encryption else None
        ),
        "scope": " ".join(messages.SCOPES),
        "allowed_acr": site.acr_values,
        "amr": site.amr_of(had_second_factor=bool(site.second_factor_acr)),
        "order": order,
        "active": True,
        "display": True,
        "message": "",
        "hint": site.hint,
        "enrolment": site.enrolment,
        "enrolment_url": f"{site.issuer}/",
        "pictogram": site.pictogram,
        "is_beta": False,
    }


def _proof(site: IdentityProviderSite) -> dict[str, object]:
    """Return how the broker proves itself at a site; "" and None clear what was there before."""
    secret = (
        private_files.client_secret(registration.secret_name(site)) if site.shares_a_secret else ""
    )
    return {
        "client_secret": secret,
        "token_endpoint_auth_method": site.token_endpoint_auth_method,
        "token_endpoint_auth_signing_alg": None if site.shares_a_secret else site.assertion_alg,
    }


def _service(service: Service) -> dict[str, object]:
    return {
        "client_id": service.client_id,
        "client_secret": private_files.client_secret(service.client_id),
        "client_name": service.name,
        "organisation": service.organisation,
        "type": service.type,
        "client_uri": service.client_uri,
        "redirect_uris": [service.redirect_uri],
        "post_logout_redirect_uris": [service.post_logout_redirect_uri],
        "scope": service.scope,
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": service.userinfo_alg,
        "entity_id": service.client_id,
        "identity_consent": service.is_private,
        "pkce_required": True,
        "acr_values": service.acr_values,
        "active": True,
    }
