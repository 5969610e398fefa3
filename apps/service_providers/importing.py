"""Partner files of services → rows, idempotent by client_id.

Field names are those of RFC 7591 where they exist. Pure of journal: who imported what is
journalled above, by the command.
"""

import copy
from dataclasses import dataclass
from typing import Final

from apps.identity_providers import partner_files
from apps.identity_providers.models import ALGORITHMS, LEVELS, IdentityProvider
from apps.identity_providers.partner_fields import FieldSpec, Kind
from apps.identity_providers.partner_files import Draft, PartnerChange
from apps.protocol import acr, claims, jose, scopes
from apps.protocol.authentication_request import PROMPTS
from apps.protocol.jose import MIN_SECRET_LENGTH, Alg
from apps.service_providers import strictness
from apps.service_providers.models import (
    AuthMethod,
    ConsentMode,
    IdpFilter,
    NoncePolicy,
    ServiceKind,
    ServiceProvider,
)

COLLECTION: Final = "service_providers"

_ALGORITHMS: Final = tuple(value for value, _ in ALGORITHMS)
_LEVELS: Final = tuple(value for value, _ in LEVELS)

# What a service may be entitled to ask for one by one; the others are members of every token.
_PERSONAL: Final = scopes.granted_claims(scopes.SCOPES) - {"sub"}
CLAIMS: Final = tuple(name for name in claims.CLAIMS if name == "amr" or name in _PERSONAL)

FIELDS: Final = (
    FieldSpec("client_id", Kind.IDENTIFIER, "—", "nomme le service", required=True),
    FieldSpec(
        "client_secret", Kind.TEXT, "généré et affiché une fois",
        "secret du service ; absent d’une mise à jour : conservé",
    ),
    FieldSpec(
        "client_name", Kind.TEXT, "—", "nom lu par les usagers",
        attribute="name", alias="name", required=True,
    ),
    FieldSpec("organisation", Kind.TEXT, "vide", "organisme qui répond du service"),
    FieldSpec(
        "type", Kind.TEXT, "public", "nature de l’organisme",
        attribute="kind", choices=tuple(ServiceKind.values),
    ),
    FieldSpec("client_uri", Kind.URL, "vide", "site du service"),
    FieldSpec(
        "redirect_uris", Kind.URLS, "—", "adresses de retour, comparées à l’octet près",
        required=True,
    ),
    FieldSpec("post_logout_redirect_uris", Kind.URLS, "aucune", "retours après déconnexion"),
    FieldSpec(
        "scope", Kind.WORDS, "openid", "scopes que le service peut demander",
        attribute="scopes", alias="scopes",
    ),
    FieldSpec(
        "claims", Kind.WORDS, "aucun", "données demandées une à une par le paramètre claims",
        choices=CLAIMS,
    ),
    FieldSpec(
        "token_endpoint_auth_method", Kind.TEXT, "client_secret_post",
        "comment le service s’authentifie", choices=tuple(AuthMethod.values),
    ),
    FieldSpec(
        "id_token_signed_response_alg", Kind.TEXT, "ES256", "signature de l’ID token",
        choices=_ALGORITHMS,
    ),
    FieldSpec(
        "userinfo_signed_response_alg", Kind.TEXT, "ES256",
        "signature de la réponse userinfo ; null : JSON non signé",
        choices=_ALGORITHMS, nullable=True,
    ),
    FieldSpec(
        "entity_id", Kind.TEXT, "client_id",
        "les services d’une même entité reçoivent le même sub pour une personne",
    ),
    FieldSpec(
        "idp_filter_mode", Kind.TEXT, "all", "comptes acceptés : tous, tous sauf, seulement",
        choices=tuple(IdpFilter.values),
    ),
    FieldSpec("idp_filter", Kind.WORDS, "aucun", "uid des fournisseurs d’identité du filtre"),
    FieldSpec(
        "identity_consent", Kind.BOOLEAN, "true pour un service privé, sinon false",
        "case à cocher avant la transmission",
    ),
    FieldSpec("acr_values", Kind.WORDS, "eidas1", "niveaux servis", choices=_LEVELS),
    FieldSpec(
        "default_acr", Kind.TEXT, "le plus bas des niveaux servis",
        "niveau quand le service n’en demande pas", choices=_LEVELS,
    ),
    FieldSpec("acr_required", Kind.BOOLEAN, "true", "acr_values obligatoire dans la demande"),
    FieldSpec(
        "nonce_policy", Kind.TEXT, "required_min22", "exigence sur nonce",
        choices=tuple(NoncePolicy.values),
    ),
    FieldSpec("pkce_required", Kind.BOOLEAN, "false", "PKCE (S256) obligatoire"),
    FieldSpec(
        "allowed_prompts", Kind.WORDS, "login consent", "valeurs de prompt permises",
        choices=tuple(sorted(PROMPTS)),
    ),
    FieldSpec(
        "allowed_idp_hints", Kind.WORDS, "aucun", "uid que le service peut désigner par idp_hint"
    ),
    FieldSpec(
        "consent_mode", Kind.TEXT, "always", "page d’information : toujours, ou une fois par session",
        choices=tuple(ConsentMode.values),
    ),
    FieldSpec(
        "age_minimum", Kind.INTEGER, "celui de la plateforme",
        "âge minimum de l’usager, en années ; 0 : aucun", nullable=True,
    ),
    FieldSpec("active", Kind.BOOLEAN, "true", "le service peut demander des connexions"),
    FieldSpec(
        "is_conformance", Kind.BOOLEAN, "false",
        "client de test de conformité : politique assouplie admise en production",
    ),
    FieldSpec(
        "grant_types", Kind.WORDS, "authorization_code", "seul flux offert",
        choices=("authorization_code",), stored=False,
    ),
    FieldSpec(
        "response_types", Kind.WORDS, "code", "seul type de réponse offert",
        choices=("code",), stored=False,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class ServiceChange(PartnerChange[ServiceProvider]):
    """What happened to one service.

    relaxed        fields by which this change made the policy laxer
    issued_secret  the client secret that we generated, to be shown once; empty otherwise
    """

    relaxed: frozenset[str] = frozenset()
    issued_secret: str = ""

    @property
    def replaced_secret(self) -> bool:
        """Tell whether a secret that worked until now is dead."""
        return not self.created and "client_secret" in self.fields


def import_text(text: str) -> tuple[ServiceChange, ...]:
    """Create or change the services of a file, all of them or none.

    Raises PartnerFileError.
    """
    reading = partner_files.read(text, collection=COLLECTION, identifier="client_id", fields=FIELDS)
    return partner_files.write(reading, _upsert, fields=FIELDS)


def _upsert(draft: Draft) -> ServiceChange:
    rows = ServiceProvider.objects.select_for_update(of=("self",))
    before = rows.filter(client_id=draft.key).first()
    service = copy.copy(before) if before else _blank(draft)
    fields = partner_files.assign(service, draft.values)
    if before is None:
        fields = tuple(draft.values)
    elif "kind" in fields and service.kind == ServiceKind.PRIVATE:
        fields += _keep_consent(service, draft)
    issued = _issue_secret(service, draft) if before is None else ""
    if fields:
        _check(service, draft)
        service.save()
    relaxed = strictness.new_relaxations(before, service, fields)
    return ServiceChange(draft.key, service, before is None, fields, relaxed, issued)


def _blank(draft: Draft) -> ServiceProvider:
    """Return a row with the defaults that depend on what the file says."""
    partner_files.check_complete(draft, FIELDS)
    service = ServiceProvider(client_id=draft.key)
    service.identity_consent = draft.values.get("kind") == ServiceKind.PRIVATE
    levels = draft.values.get("acr_values")
    if isinstance(levels, tuple) and levels:
        service.default_acr = acr.lowest(acr.Acr(level) for level in levels).value
    return service


def _keep_consent(service: ServiceProvider, draft: Draft) -> tuple[str, ...]:
    """Give a service that becomes private the explicit consent, unless the file says otherwise."""
    if "identity_consent" in draft.values or service.identity_consent:
        return ()
    service.identity_consent = True
    return ("identity_consent",)


def _issue_secret(service: ServiceProvider, draft: Draft) -> str:
    if draft.values.get("client_secret"):
        return ""
    issued = jose.random_token()
    service.client_secret = issued
    return issued


def _check(service: ServiceProvider, draft: Draft) -> None:
    """Refuse what could never work. Raises ValidationError."""
    faults = {}
    if not service.client_secret:
        faults["client_secret"] = "ne peut pas être vide."  # noqa: S105 - a sentence
    elif _is_too_short(service):
        faults["client_secret"] = (
            f"HS256 demande un secret d’au moins {MIN_SECRET_LENGTH} caractères."
        )
    if "openid" not in service.scopes:
        faults["scopes"] = "doit contenir openid."
    for name in ("idp_filter", "allowed_idp_hints"):
        if name in draft.values and (unknown := _unknown_providers(getattr(service, name))):
            faults[name] = f"fournisseur d’identité inconnu : {', '.join(unknown)}."
    partner_files.check(service, faults)


def _is_too_short(service: ServiceProvider) -> bool:
    algorithms = (service.id_token_signed_response_alg, service.userinfo_signed_response_alg)
    return Alg.HS256 in algorithms and len(service.client_secret) < MIN_SECRET_LENGTH


def _unknown_providers(uids: list[str]) -> list[str]:
    known = set(IdentityProvider.objects.filter(uid__in=uids).values_list("uid", flat=True))
    return [uid for uid in uids if uid not in known]
