"""Partner files of identity providers → rows, idempotent by uid.

Pure of journal: who imported what is journalled above, by the command.
"""

from collections.abc import Sequence
from typing import Final

from apps.identity_providers import guidance, partner_files
from apps.identity_providers.models import (
    ALGORITHMS,
    ASSERTION_ALGORITHMS,
    AUTH_METHODS,
    CONTENT_ENCRYPTION,
    KEY_MANAGEMENT,
    LEVELS,
    IdentityProvider,
)
from apps.identity_providers.partner_fields import FieldSpec, Kind
from apps.identity_providers.partner_files import Draft, PartnerChange

COLLECTION: Final = "identity_providers"


def _algorithm(
    name: str, choices: Sequence[tuple[str, str]], meaning: str, default: str = "null"
) -> FieldSpec:
    values = tuple(value for value, _ in choices)
    nullable = default == "null"
    return FieldSpec(name, Kind.TEXT, default, meaning, choices=values, nullable=nullable)


def _endpoint(name: str, meaning: str) -> FieldSpec:
    return FieldSpec(name, Kind.URL, "lue dans le document de découverte de issuer", meaning)


FIELDS: Final = (
    FieldSpec("uid", Kind.IDENTIFIER, "—", "nomme le fournisseur dans le registre", required=True),
    FieldSpec("name", Kind.TEXT, "uid", "nom technique"),
    FieldSpec("title", Kind.TEXT, "name", "nom lu par les usagers sur la page de choix"),
    FieldSpec("issuer", Kind.URL, "—", "émetteur, comparé à l’octet près", required=True),
    _endpoint("authorization_endpoint", "où les usagers sont envoyés"),
    _endpoint("token_endpoint", "où le code est échangé"),
    _endpoint("userinfo_endpoint", "où l’identité est lue"),
    _endpoint("jwks_uri", "où sont publiées les clés de signature"),
    _endpoint("end_session_endpoint", "où les usagers sont déconnectés"),
    FieldSpec("client_id", Kind.TEXT, "—", "notre identifiant chez le fournisseur", required=True),
    FieldSpec(
        "client_secret", Kind.TEXT, "—",
        "notre secret chez le fournisseur ; absent d’une mise à jour : conservé ; inutile avec "
        "private_key_jwt, sauf si HS256 est enregistré",
    ),
    FieldSpec(
        "token_endpoint_auth_method", Kind.TEXT, "client_secret_post",
        "comment nous nous authentifions auprès du fournisseur",
        choices=tuple(value for value, _ in AUTH_METHODS),
    ),
    _algorithm(
        "token_endpoint_auth_signing_alg", ASSERTION_ALGORITHMS,
        "ce qui signe nos assertions ; obligatoire avec private_key_jwt",
    ),
    _algorithm(
        "id_token_signed_response_alg", ALGORITHMS, "signature de l’ID token attendue", "ES256"
    ),
    _algorithm(
        "id_token_encrypted_response_alg", KEY_MANAGEMENT,
        "chiffrement de l’ID token attendu ; null : aucun",
    ),
    _algorithm(
        "id_token_encrypted_response_enc", CONTENT_ENCRYPTION,
        "chiffrement de son contenu ; obligatoire avec le précédent",
    ),
    _algorithm(
        "userinfo_signed_response_alg", ALGORITHMS,
        "signature de la réponse userinfo attendue ; null : JSON non signé",
    ),
    _algorithm(
        "userinfo_encrypted_response_alg", KEY_MANAGEMENT,
        "chiffrement attendu de la réponse userinfo signée ; null : aucun",
    ),
    _algorithm(
        "userinfo_encrypted_response_enc", CONTENT_ENCRYPTION,
        "chiffrement de son contenu ; obligatoire avec le précédent",
    ),
    FieldSpec("scope", Kind.TEXT, "openid profile email birth", "scopes que nous demandons"),
    FieldSpec(
        "allowed_acr", Kind.WORDS, "eidas1", "niveaux que le fournisseur est habilité à délivrer",
        choices=tuple(value for value, _ in LEVELS),
    ),
    FieldSpec("amr", Kind.WORDS, "pwd", "moyens d’authentification annoncés aux services"),
    FieldSpec(
        "trusted_identity", Kind.BOOLEAN, "false",
        "identités qui viennent de l’état civil : le registre n’est pas interrogé",
    ),
    FieldSpec("order", Kind.INTEGER, "100", "rang sur la page de choix"),
    FieldSpec("active", Kind.BOOLEAN, "true", "utilisable ; sinon montré comme indisponible"),
    FieldSpec("display", Kind.BOOLEAN, "true", "montré sur la page de choix"),
    FieldSpec("is_beta", Kind.BOOLEAN, "false", "signalé comme en test"),
    FieldSpec("message", Kind.TEXT, "vide", "ce que lisent les usagers quand il est indisponible"),
    FieldSpec("hint", Kind.TEXT, "vide", "identifiant que le fournisseur demande, en clair"),
    FieldSpec("pictogram", Kind.TEXT, "vide", "pictogramme, chemin d’un fichier statique"),
    *guidance.FIELDS,
)  # fmt: skip


def import_text(text: str) -> tuple[PartnerChange[IdentityProvider], ...]:
    """Create or change the identity providers of a file, all of them or none.

    Raises PartnerFileError.
    """
    reading = partner_files.read(text, collection=COLLECTION, identifier="uid", fields=FIELDS)
    return partner_files.write(reading, _upsert, fields=FIELDS)


def _upsert(draft: Draft) -> PartnerChange[IdentityProvider]:
    found = IdentityProvider.objects.select_for_update(of=("self",)).filter(uid=draft.key).first()
    provider = found or _blank(draft)
    fields = partner_files.assign(provider, draft.values)
    if found is None:
        fields = tuple(draft.values)
    if fields:
        _check(provider)
        provider.save()
    return PartnerChange(draft.key, provider, found is None, fields)


def _blank(draft: Draft) -> IdentityProvider:
    """Return a row with the defaults that depend on what the file says."""
    partner_files.check_complete(draft, FIELDS)
    name = str(draft.values.get("name", draft.key))
    return IdentityProvider(uid=draft.key, name=name, title=str(draft.values.get("title", name)))


def _check(provider: IdentityProvider) -> None:
    """Refuse what could never work. Raises ValidationError."""
    faults = {}
    if "openid" not in provider.scope.split():
        faults["scope"] = "doit contenir openid."
    partner_files.check(provider, faults)
