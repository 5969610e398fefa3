"""« Connexion d’essai »: the page that begins one, and the page of its report.

The trip is made by the broker, which this room does not know: it is given a row, and a link to it.
"""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.backoffice import journalling
from apps.backoffice.journalling import Actor
from apps.identity_providers import metadata, our_addresses
from apps.identity_providers.analysis.findings import Severity
from apps.identity_providers.models import IdentityProvider, Trial
from apps.identity_providers.trial.report import Report
from apps.protocol import acr, logout
from apps.protocol.acr import Acr
from apps.protocol.discovery import origin

TEMPLATE: Final = "admin/identity_providers/identityprovider/trial.html"
REPORT_TEMPLATE: Final = "admin/identity_providers/identityprovider/trial_report.html"
TRIAL: Final = "identity_providers_identityprovider_trial"
REPORT: Final = "identity_providers_identityprovider_report"
LOG_OUT: Final = "identity_providers_identityprovider_logout"
SHOWN: Final = 10
LINK: Final = "/essai/"


class LevelForm(forms.Form):
    """The level to ask, among those that the provider may give."""

    level = forms.ChoiceField(
        label="Niveau de garantie à demander",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un niveau de garantie."},
    )

    def __init__(self, *args: Any, levels: frozenset[Acr], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["level"]
        if isinstance(field, forms.ChoiceField):
            offered = sorted(levels, key=lambda level: level.rank)
            field.choices = [(level.value, f"{level.value} – {level.label}") for level in offered]
            field.initial = acr.lowest(levels).value


def show(
    request: HttpRequest, site: AdminSite, provider: IdentityProvider | None, *, may_start: bool
) -> HttpResponse:
    """Explain a trial and list the last ones (GET); begin one and leave for it (POST).

    Raises PermissionDenied, Http404.
    """
    if provider is None:
        raise Http404
    if request.method == "POST" and not may_start:
        raise PermissionDenied
    form = LevelForm(request.POST if request.method == "POST" else None, levels=provider.levels)
    if form.is_valid():
        return _begin(request, site, provider, Acr(form.cleaned_data["level"]))
    context = {
        **site.each_context(request),
        "title": f"Connexion d’essai – {provider}",
        "opts": provider._meta,
        "provider": provider,
        "form": form,
        "may_start": may_start,
        "good": Trial.last_good(provider),
        "trials": Trial.objects.filter(provider=provider).order_by("-created_at")[:SHOWN],
    }
    response = TemplateResponse(request, TEMPLATE, context)
    if may_start:
        # Chromium applies form-action to the redirects that follow: the broker, then the provider.
        response._csp_update = {"form-action": _targets(provider)}  # type: ignore[attr-defined]
    return response


def _begin(
    request: HttpRequest, site: AdminSite, provider: IdentityProvider, level: Acr
) -> HttpResponse:
    actor = Actor.of_request(request)

    def report_url(trial: UUID) -> str:
        page = reverse(f"{site.name}:{REPORT}", args=[provider.pk, trial])
        return f"{settings.BACKOFFICE_URL}{page}"

    with transaction.atomic():
        _, token = Trial.begun(provider, agent=actor.name, level=level, report_url=report_url)
        journalling.identity_provider_trial_begun(provider, actor)
    return HttpResponseRedirect(f"{settings.ISSUER}{LINK}{token}", status=303)


def _targets(provider: IdentityProvider) -> list[str]:
    return _origins(metadata.authorization_endpoint(provider) or provider.issuer)


def _origins(address: str) -> list[str]:
    return [origin(settings.BROKER_URL), origin(address)]


@require_safe
def report(
    request: HttpRequest, site: AdminSite, provider: IdentityProvider | None, trial_id: UUID
) -> HttpResponse:
    """Show what came of a trial. Raises Http404."""
    trial = _get(provider, trial_id)
    found, is_mine = trial.found, _is_mine(request, trial)
    endpoint = _end_session_endpoint(trial) if found and is_mine else ""
    context = {
        **site.each_context(request),
        "title": f"Rapport d’essai – {trial.provider}",
        "opts": trial.provider._meta,
        "provider": trial.provider,
        "trial": trial,
        "report": found,
        "summary": summary(found) if found else "",
        "is_as_configured": trial.is_as_configured,
        "is_mine": is_mine,
        "may_log_out": bool(endpoint),
    }
    response = TemplateResponse(request, REPORT_TEMPLATE, context)
    if endpoint:
        # The provider may send back at once: the redirects that follow the form end at the broker.
        response._csp_update = {"form-action": _origins(endpoint)}  # type: ignore[attr-defined]
    return response


@require_POST
def log_out(
    request: HttpRequest, provider: IdentityProvider | None, trial_id: UUID
) -> HttpResponse:
    """Leave for the provider's logout, and come back to the report by the broker.

    Without an ID token, which is not kept: the provider asks the person first (RP-Initiated
    Logout 1.0 §2), and may keep them. Back to the report at once when it cannot be left. Raises Http404.
    """
    trial = _get(provider, trial_id)
    endpoint = _end_session_endpoint(trial) if trial.found and _is_mine(request, trial) else ""
    if not endpoint:
        return HttpResponseRedirect(trial.report_url, status=303)
    url = logout.build_request(
        endpoint,
        client_id=trial.client_id,
        post_logout_redirect_uri=our_addresses.post_logout_redirect_uri(),
        state=trial.pk.hex,
    )
    return HttpResponseRedirect(url, status=303)


def _get(provider: IdentityProvider | None, trial_id: UUID) -> Trial:
    """Return a trial of this provider. Raises Http404."""
    trial = provider.trials.filter(pk=trial_id).first() if provider else None
    if trial is None:
        raise Http404
    return trial


def _is_mine(request: HttpRequest, trial: Trial) -> bool:
    return trial.agent == Actor.of_request(request).name


def _end_session_endpoint(trial: Trial) -> str:
    """Return where an agent logs out of the provider that was tried, "" when it has moved since."""
    return metadata.end_session_endpoint(trial.provider) if trial.is_as_configured else ""


def summary(found: Report) -> str:
    """Return the verdict in one sentence."""
    if found.stop:
        return "Essai interrompu\u202f: l’identité n’a pas été reçue"
    counts = [
        _counted(sum(line.severity is severity for line in found.lines), severity)
        for severity in (Severity.BLOCKING, Severity.WARNING)
    ]
    told = ", ".join(filter(None, counts))
    if found.verdict is Severity.BLOCKING:
        return f"FranceConnect refuserait cette identité\u202f: {told}"
    if told:
        return f"FranceConnect accepterait cette identité\u202f: {told}"
    return "FranceConnect accepterait cette identité\u202f: tout est conforme"


def _counted(count: int, severity: Severity) -> str:
    if not count:
        return ""
    plural = "s" if count > 1 else ""
    if severity is Severity.BLOCKING:
        return f"{count} point{plural} bloquant{plural}"
    return f"{count} point{plural} à vérifier"
