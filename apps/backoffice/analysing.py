"""« Analyser »: a page that judges an issuer, and proposes the form of a new provider.

The page saves nothing. What it proposes travels in a signed parameter to the form, which is opened
with it and saves nothing either until the agent says so.
"""

import time
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.backoffice import journalling
from apps.backoffice.journalling import Actor
from apps.identity_providers.analysis import address, asking, printing, proposal, running
from apps.identity_providers.analysis.findings import Report
from apps.identity_providers.models import IdentityProvider

TEMPLATE: Final = "admin/identity_providers/identityprovider/analyse.html"
MODEL: Final = "identity_providers_identityprovider"
PROPOSAL: Final = "proposal"
SALT: Final = "identity-provider-proposal"
PROPOSAL_AGE: Final = 3600  # seconds: what a provider publishes changes


class IssuerForm(forms.Form):
    """The issuer of a provider that may not be registered."""

    issuer = forms.CharField(
        label="Émetteur (issuer)",
        max_length=512,
        help_text="L’adresse exacte que le fournisseur donne, par exemple https://compte.exemple.fr",
        widget=forms.URLInput(attrs={"class": "vURLField", "size": 80, "autocomplete": "off"}),
    )

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        if fault := address.fault(issuer):
            raise forms.ValidationError(fault[:1].upper() + fault[1:])
        return issuer


def page(
    request: HttpRequest, site: AdminSite, provider: IdentityProvider | None, *, may_write: bool
) -> HttpResponse:
    """Ask for an issuer (GET), then analyse it and show the findings (POST).

    provider  the row whose issuer is analysed; None for an issuer that the agent types
    Raises PermissionDenied.
    """
    if not may_write:
        raise PermissionDenied
    report, row = None, provider
    given = {"issuer": provider.issuer} if provider else request.POST
    form = IssuerForm(given) if request.method == "POST" else IssuerForm(initial=given)
    if request.method == "POST" and form.is_valid():
        row = provider or IdentityProvider.find_by_issuer(form.cleaned_data["issuer"])
        report = running.analyse(form.cleaned_data["issuer"], now=time.time(), provider=row)
        journalling.identity_provider_analysed(report, Actor.of_request(request), provider=row)
    context = _context(request, site, row, report)
    return TemplateResponse(request, TEMPLATE, {**context, "form": form, "is_of_row": provider})


def proposed(request: HttpRequest) -> proposal.Fields:
    """Return the fields that an analysis proposes to the form that this request opens."""
    signed = request.GET.get(PROPOSAL)
    if not signed:
        return {}
    try:
        fields: proposal.Fields = signing.loads(signed, salt=SALT, max_age=PROPOSAL_AGE)
    except signing.BadSignature:
        messages.warning(request, "Cette proposition a expiré : refaites l’analyse.")
        return {}
    messages.info(
        request,
        "Champs remplis d’après le document de découverte : vérifiez-les et complétez le reste. Rien "
        "n’est encore enregistré.",
    )
    return fields


def _context(
    request: HttpRequest, site: AdminSite, row: IdentityProvider | None, report: Report | None
) -> dict[str, Any]:
    return {
        **site.each_context(request),
        "title": f"Analyser {row}" if row else "Analyser un émetteur",
        "opts": IdentityProvider._meta,
        "report": report,
        "summary": printing.summary(report) if report else "",
        "row": row,
        "row_url": reverse(f"{site.name}:{MODEL}_change", args=[row.pk]) if row else "",
        "issuer_to_analyse": proposal.issuer_to_analyse(report) if report else "",
        "creation_url": _creation_url(site, report) if report and row is None else "",
        "longest": round(asking.DEADLINE + settings.IDP_TIMEOUT),
    }


def _creation_url(site: AdminSite, report: Report) -> str:
    """Return where a provider is created from what was found.

    Nothing when nothing was read, or when it would never work with this issuer.
    """
    if report.document is None or proposal.speaks_for_another(report):
        return ""
    signed = signing.dumps(proposal.of_report(report), salt=SALT, compress=True)
    return reverse(f"{site.name}:{MODEL}_add", query={PROPOSAL: signed})
