"""The back-office form and list of identity providers.

Not registered here: the back-office registers it with the trace of each change, which this room
may not write.
"""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.identity_providers import guidance, our_addresses
from apps.identity_providers.form_fields import (
    URL_OVERRIDES,
    VERSION,
    CheckedListField,
    PartnerForm,
    WordsField,
    check_identifier,
    check_text,
    check_url,
    wire_label,
)
from apps.identity_providers.models import ADDRESSES, ENDPOINTS, IdentityProvider
from apps.protocol.acr import Acr

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[IdentityProvider]
else:
    _Admin = admin.ModelAdmin

NEW_SECRET = "new_client_secret"  # noqa: S105 - the name of a form field
SECURITY = (
    "id_token_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
)
EMPTY_CHOICES = {
    "token_endpoint_auth_signing_alg": "aucun – authentification par secret",
    "id_token_encrypted_response_alg": "aucun – ID token non chiffré",
    "id_token_encrypted_response_enc": "aucun",
    "userinfo_signed_response_alg": "aucune – JSON non signé",
    "userinfo_encrypted_response_alg": "aucun – userinfo non chiffré",
    "userinfo_encrypted_response_enc": "aucun",
}

HELP: Final = {
    "name": "Nom court et unique, à l’usage des agents : les usagers ne le lisent pas.",
    "uid": "Nomme le fournisseur dans les adresses, les fichiers et le journal. Ne change plus ensuite.",
    "hint": "Ce que son site demandera, lu sous le titre : « Numéro fiscal et mot de passe ».",
    "pictogram": "Chemin d’un fichier statique, comme franceconnect/pictograms/impots.svg. Vide : la "
    "première lettre du titre.",
    "client_id": "Le nom que le fournisseur a donné à FranceConnect.",
}


class IdentityProviderForm(PartnerForm):
    """The secret can be replaced, never read."""

    timestamp = "updated_at"
    renamed = {NEW_SECRET: "client_secret"}

    new_client_secret = forms.CharField(
        label="Remplacer le secret",
        required=False,
        max_length=255,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "size": 60}),
        help_text="Vide : le secret actuel est conservé. Il n’est jamais affiché.",
    )
    allowed_acr = CheckedListField(label="Niveaux habilités")
    amr = WordsField(
        label="Méthodes d’authentification (amr)",
        required=False,
        help_text="Séparées par des espaces : pwd otp…",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = self.fields.get("allowed_acr")
        if isinstance(levels, CheckedListField):
            levels.offer((level.value, f"{level.value} – {level.label}") for level in Acr)
        if self.instance.pk is None and NEW_SECRET in self.fields:
            self.fields[NEW_SECRET].label = "client_secret"
            self.fields[
                NEW_SECRET
            ].help_text = "Il ne sera jamais affiché. Inutile avec private_key_jwt."

    def clean(self) -> dict[str, Any]:
        """Give the new secret to the row before the model judges it."""
        cleaned = super().clean()
        if secret := cleaned.get(NEW_SECRET):
            self.instance.client_secret = secret
        return cleaned

    def clean_scope(self) -> str:
        scope = " ".join(self.cleaned_data["scope"].split())
        if "openid" not in scope.split():
            raise forms.ValidationError("Doit contenir openid.")
        return scope


class IdentityProviderAdmin(_Admin):
    form = IdentityProviderForm
    formfield_overrides = URL_OVERRIDES
    list_display = ("title", "uid", "issuer", "levels_shown", "state", "shown", "order")
    list_filter = ("active", "display")
    search_fields = ("title", "uid", "issuer")
    ordering = ("order", "title")

    def get_fieldsets(self, request: HttpRequest, obj: IdentityProvider | None = None) -> Any:
        may_write = self.has_change_permission(request, obj) if obj else True
        version = (VERSION,) if obj and may_write else ()
        return [
            ("À donner au fournisseur", {"fields": (), "description": _what_to_give()}),
            ("Identité", {"fields": ("title", "name", "uid", "hint", "pictogram", *version)}),
            (
                "Protocole",
                {
                    "fields": (
                        "issuer",
                        *ENDPOINTS,
                        "end_session_endpoint",
                        "client_id",
                        *((NEW_SECRET,) if may_write else ()),
                        "token_endpoint_auth_method",
                        "token_endpoint_auth_signing_alg",
                        "scope",
                    ),
                    "description": "Adresses vides : elles sont lues dans le document de découverte "
                    "de l’émetteur. Sinon, les quatre premières sont obligatoires.",
                },
            ),
            (
                "Signature et chiffrement",
                {
                    "fields": SECURITY,
                    "description": "Un chiffrement se dit par deux algorithmes, alg et enc ; userinfo "
                    "chiffré doit aussi être signé. Les algorithmes sont ceux que le fournisseur a "
                    "inscrits pour FranceConnect : s’il en annonce plusieurs, demandez-lui lesquels.",
                },
            ),
            ("Niveaux", {"fields": ("allowed_acr", "amr", "trusted_identity")}),
            (
                "Affichage",
                {
                    "fields": ("active", "display", "message", "order", "is_beta"),
                    "description": "Un fournisseur désactivé est montré comme indisponible, avec son "
                    "message, dès la requête suivante.",
                },
            ),
            (
                "Ce que lisent les usagers",
                {
                    "fields": tuple(spec.name for spec in guidance.FIELDS),
                    "description": "Une phrase courte par idée. La confirmation est montrée avant "
                    "le départ, si son titre et son texte sont remplis.",
                },
            ),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Open a new provider neither usable nor shown: that is decided once it has been tried."""
        return {"active": False, "display": False, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        wire_label(field, db_field.verbose_name)
        if db_field.name in (*ADDRESSES, *guidance.LINKS):
            field.validators.append(check_url)
        elif db_field.name == "uid":
            field.validators.append(check_identifier)
        elif isinstance(field, forms.CharField):
            field.validators.append(check_text)
        if db_field.name in HELP:
            field.help_text = HELP[db_field.name]
        if db_field.name in guidance.PARAGRAPHS:
            field.widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        if db_field.name in EMPTY_CHOICES and isinstance(field, forms.ChoiceField):
            field.choices = [("", EMPTY_CHOICES[db_field.name]), *(db_field.choices or ())]
        return field

    @admin.display(description="niveaux")
    def levels_shown(self, provider: IdentityProvider) -> str:
        return ", ".join(provider.allowed_acr)

    @admin.display(description="état", ordering="active")
    def state(self, provider: IdentityProvider) -> str:
        return "actif" if provider.active else "désactivé"

    @admin.display(description="affiché", ordering="display")
    def shown(self, provider: IdentityProvider) -> str:
        return "oui" if provider.display else "non"


def _what_to_give() -> SafeString:
    """Return what a provider registers of us, as its team reads it."""
    return format_html(
        "Adresse de retour : <code>{}</code><br>Retour après déconnexion : <code>{}</code><br>"
        "Nos clés, s’il chiffre pour nous ou nous reconnaît sans secret : <code>{}</code>",
        our_addresses.redirect_uri(),
        our_addresses.post_logout_redirect_uri(),
        our_addresses.jwks_uri(),
    )
