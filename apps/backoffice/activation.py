"""A provider with blocking findings can be saved, but is not usable, unless knowingly.

The form that makes a provider usable, or moves one that is, is analysed first, before the transaction
that saves it: no call to another machine happens inside one.
"""

import time
from enum import StrEnum
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from apps.backoffice import journalling
from apps.backoffice.journalling import Actor
from apps.identity_providers.admin import IdentityProviderForm
from apps.identity_providers.analysis import running
from apps.identity_providers.analysis.findings import Report
from apps.identity_providers.models import ADDRESSES, IdentityProvider

ANYWAY: Final = "activate_anyway"
REASON: Final = "override_reason"
FIELDSET: Final = (
    "Activer malgré tout",
    {
        "fields": (ANYWAY, REASON),
        "description": "Le journal gardera votre nom, le motif et les points bloquants.",
    },
)
ANALYSED: Final = frozenset(  # what an analysis judges, and whose change may stop every sign-in
    {
        *ADDRESSES,
        "token_endpoint_auth_method",
        "token_endpoint_auth_signing_alg",
        "id_token_signed_response_alg",
        "userinfo_signed_response_alg",
        "id_token_encrypted_response_alg",
        "id_token_encrypted_response_enc",
        "userinfo_encrypted_response_alg",
        "userinfo_encrypted_response_enc",
    }
)


class Reason(StrEnum):
    """Why an agent activates a provider all the same: a closed list, for the journal is not a diary."""

    TRIAL = "trial"
    PROMISED = "correction_promised"
    UNREACHABLE = "unreachable_from_here"
    EMERGENCY = "service_continuity"


REASONS: Final = {
    Reason.TRIAL: "essai, avant l’ouverture aux usagers",
    Reason.PROMISED: "défaut connu, correction promise par le fournisseur",
    Reason.UNREACHABLE: "le back-office ne peut pas joindre le fournisseur, FranceConnect le peut",
    Reason.EMERGENCY: "continuité du service",
}


class ActivationForm(IdentityProviderForm):
    """Refuses to make usable a provider whose report has blocking findings. report: set by the admin."""

    report: Report | None = None

    activate_anyway = forms.BooleanField(label="Activer malgré tout", required=False)
    override_reason = forms.ChoiceField(
        label="Motif",
        required=False,
        choices=[("", "Choisir un motif"), *((r.value, words) for r, words in REASONS.items())],
    )

    def clean(self) -> dict[str, Any]:
        """Refuse the activation, or ask why it is wanted all the same."""
        cleaned = super().clean()
        if self.report is None or not self.report.blocking:
            return cleaned
        if not cleaned.get(ANYWAY):
            self.add_error("active", _refusal(len(self.report.blocking)))
        elif not cleaned.get(REASON):
            self.add_error(REASON, "Choisissez un motif.")
        return cleaned

    @property
    def changed_fields(self) -> tuple[str, ...]:
        return tuple(name for name in super().changed_fields if name not in (ANYWAY, REASON))

    @property
    def activates(self) -> bool:
        """Tell whether this valid form makes usable a provider that was not."""
        is_new = self.instance.pk is None
        return bool(self.cleaned_data["active"]) and (is_new or "active" in self.changed_data)

    @property
    def must_be_analysed(self) -> bool:
        """Tell whether this valid form makes a provider usable, or moves one that is."""
        is_moved = not ANALYSED.isdisjoint(self.changed_fields)
        return self.activates or (bool(self.cleaned_data["active"]) and is_moved)


def examine(request: HttpRequest, form: forms.BaseForm) -> Report | None:
    """Return the report on the provider that this form would activate or move; None otherwise."""
    if not isinstance(form, ActivationForm) or not form.is_valid() or not form.must_be_analysed:
        return None
    provider: IdentityProvider = form.instance
    report = running.analyse(provider.issuer, now=time.time(), provider=provider)
    journalling.identity_provider_analysed(report, Actor.of_request(request), provider=provider)
    return report


def conclude(request: HttpRequest, form: ActivationForm) -> None:
    """Journal that an agent went on despite the findings, and tell what is to be looked at.

    Called in the transaction that saves the provider.
    """
    report = form.report
    if report is None:
        return
    if report.blocking:
        journalling.findings_overridden(
            form.instance, report.blocking, form.cleaned_data[REASON], Actor.of_request(request)
        )
    if report.to_mend:
        titles = ", ".join(finding.title for finding in report.to_mend)
        done = "activé" if form.activates else "modifié"
        messages.warning(request, f"Fournisseur {done}. À corriger ou à vérifier : {titles}.")


def _refusal(count: int) -> str:
    found = "1 point bloquant" if count == 1 else f"{count} points bloquants"
    return (
        f"L’analyse a trouvé {found} : rien n’a été enregistré. Corrigez, enregistrez sans activer, ou "
        "cochez « Activer malgré tout »."
    )
