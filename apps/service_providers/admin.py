"""The back-office form and list of services.

Not registered here: the back-office registers it with the trace of each change and the page that
shows a new secret once.
"""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.identity_providers.form_fields import (
    URL_OVERRIDES,
    VERSION,
    CheckedListField,
    PartnerForm,
    UrisField,
    check_identifier,
    check_text,
    check_url,
    wire_label,
)
from apps.identity_providers.models import IdentityProvider
from apps.protocol import scopes
from apps.protocol.acr import Acr
from apps.protocol.authentication_request import PROMPTS
from apps.protocol.jose import MIN_SECRET_LENGTH, Alg
from apps.service_providers.importing import CLAIMS
from apps.service_providers.models import ServiceProvider

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[ServiceProvider]
else:
    _Admin = admin.ModelAdmin

POLICY: Final = (
    "acr_values",
    "default_acr",
    "acr_required",
    "nonce_policy",
    "pkce_required",
    "allowed_prompts",
    "allowed_idp_hints",
    "consent_mode",
    "identity_consent",
    "age_minimum",
    "is_conformance",
)


def _scope_choices() -> list[tuple[str, str]]:
    offered = scopes.supported(register_apart=True)
    return [(name, f"{name} – {', '.join(sorted(scopes.SCOPES[name]))}") for name in offered]


class ServiceProviderForm(PartnerForm):
    """Lists as check boxes, addresses one a line; the secret is not here."""

    timestamp = "updated"

    redirect_uris = UrisField(
        label="Adresses de retour (redirect_uris)", help_text="Une par ligne."
    )
    post_logout_redirect_uris = UrisField(
        label="Retours après déconnexion (post_logout_redirect_uris)",
        required=False,
        help_text="Une par ligne.",
    )
    scopes = CheckedListField(label="Scopes habilités")
    claims = CheckedListField(
        label="Claims habilités",
        required=False,
        help_text="Demandés un par un par le paramètre claims.",
    )
    idp_filter = CheckedListField(label="Liste des comptes", required=False)
    acr_values = CheckedListField(label="Niveaux servis")
    allowed_prompts = CheckedListField(label="Prompts permis", required=False)
    allowed_idp_hints = CheckedListField(label="idp_hint permis", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = [(row.uid, row.title) for row in IdentityProvider.objects.only("uid", "title")]
        self._offer("scopes", _scope_choices())
        self._offer("claims", [(name, name) for name in CLAIMS])
        self._offer("acr_values", [(level.value, f"{level} – {level.label}") for level in Acr])
        self._offer("allowed_prompts", [(name, name) for name in sorted(PROMPTS)])
        self._offer("idp_filter", providers)
        self._offer("allowed_idp_hints", providers)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields.get(name)
        if isinstance(field, CheckedListField):
            field.offer(choices, kept=getattr(self.instance, name))

    def clean_scopes(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["scopes"]
        if "openid" not in chosen:
            raise forms.ValidationError("openid est obligatoire.")
        return chosen

    def clean(self) -> dict[str, Any]:
        """Refuse an algorithm that the secret of the service is too short for."""
        cleaned = super().clean()
        names = ("id_token_signed_response_alg", "userinfo_signed_response_alg")
        signs_with_secret = Alg.HS256 in [cleaned.get(name) for name in names]
        is_there = self.instance.pk is not None  # a new service gets a secret that is long enough
        if is_there and signs_with_secret and len(self.instance.client_secret) < MIN_SECRET_LENGTH:
            raise forms.ValidationError("HS256 demande de renouveler d’abord le secret du service.")
        return cleaned


class ServiceProviderAdmin(_Admin):
    form = ServiceProviderForm
    formfield_overrides = URL_OVERRIDES
    list_display = ("name", "organisation", "kind", "state", "policy_shown")
    list_filter = ("active", "kind")
    search_fields = ("name", "organisation", "client_id")
    ordering = ("name",)

    def get_fieldsets(self, request: HttpRequest, obj: ServiceProvider | None = None) -> Any:
        may_write = self.has_change_permission(request, obj) if obj else False
        version = (VERSION,) if may_write else ()
        identity = ("name", "organisation", "kind", "client_uri", "active", "entity_id", *version)
        client = (
            "client_id",
            "redirect_uris",
            "post_logout_redirect_uris",
            "token_endpoint_auth_method",
            "id_token_signed_response_alg",
            "userinfo_signed_response_alg",
        )
        accounts = "Un service ne se supprime pas, il se désactive."
        return [
            ("Identité", {"fields": identity, "description": accounts}),
            ("Client OpenID Connect", {"fields": client}),
            ("Données", {"fields": ("scopes", "claims")}),
            ("Comptes acceptés", {"fields": ("idp_filter_mode", "idp_filter")}),
            ("Politique", {"fields": POLICY, "description": _policy_description(obj)}),
        ]

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        wire_label(field, "client_id" if db_field.name == "client_id" else db_field.verbose_name)
        if db_field.name == "client_uri":
            field.validators.append(check_url)
        elif db_field.name == "client_id":
            field.validators.append(check_identifier)
        elif isinstance(field, forms.CharField):
            field.validators.append(check_text)
        if db_field.name == "userinfo_signed_response_alg" and isinstance(field, forms.ChoiceField):
            field.choices = [("", "aucune – JSON non signé"), *(db_field.choices or ())]
        if db_field.name == "age_minimum":
            field.help_text = "En années. Vide : celui de la plateforme. 0 : aucun."
        return field

    @admin.display(description="adresses de retour (redirect_uris)")
    def redirect_uris_shown(self, service: ServiceProvider) -> str:
        return "\n".join(service.redirect_uris.split())

    @admin.display(description="retours après déconnexion (post_logout_redirect_uris)")
    def post_logout_redirect_uris_shown(self, service: ServiceProvider) -> str:
        return "\n".join(service.post_logout_redirect_uris.split())

    @admin.display(description="état", ordering="active")
    def state(self, service: ServiceProvider) -> str:
        return "actif" if service.active else "désactivé"

    @admin.display(description="politique")
    def policy_shown(self, service: ServiceProvider) -> str | SafeString:
        if not service.relaxations:
            return "de FranceConnect"
        words = ", ".join(service.relaxations)
        return format_html('<strong class="bo-relaxed">Assouplie</strong> : {}', words)


def _policy_description(service: ServiceProvider | None) -> str | SafeString:
    """Return what stands above the policy: a warning when it is relaxed."""
    usual = (
        "Les valeurs proposées sont celles de FranceConnect ; toute autre assouplit la politique."
    )
    if service is None or not service.relaxations:
        return usual
    items = format_html_join("", "<li>{}</li>", ((words,) for words in service.relaxations))
    return format_html(
        '<div class="bo-warning"><p><strong>Politique assouplie :</strong></p><ul>{}</ul></div>',
        items,
    )
