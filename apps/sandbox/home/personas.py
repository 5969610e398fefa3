"""The pages of personas: to create one, to look at it, to share it, to receive it, to delete it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.sandbox.answers import SeeOther
from apps.sandbox.home import persona_form, persona_sheet
from apps.sandbox.home.persona_form import PersonaForm
from apps.sandbox.households import catalogue as households
from apps.sandbox.personas import catalogue, directory, documents, own, proposing, sharing, traits
from apps.sandbox.personas.catalogue import Persona
from apps.sandbox.personas.faults import Refused
from apps.sandbox.personas.own import AlreadyThere
from apps.sandbox.personas.sharing import BadLink


@require_http_methods(["GET", "POST"])
def new_persona(request: HttpRequest) -> HttpResponse:
    """Ask for a persona, and keep the one that breaks no rule."""
    if request.method == "GET":
        return _form_page(request, persona_form.blank())
    today = timezone.localdate()
    form = persona_form.parse(request.POST, today)
    try:
        document = proposing.document(form.wish(), today)
        if form.errors:
            return _form_page(request, form, status=422)
        slug = own.free_slug(document["name"]) or "persona"
        persona = own.add(slug, document, today)
    except Refused as refusal:
        return _form_page(request, form.refused(refusal.faults), status=422)
    messages.success(request, f"{persona.name} existe\u202f: ses comptes sont ouverts.")
    return SeeOther(_address(persona))


@require_safe
def persona(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one persona: who it is, what to type, how to share it."""
    found = directory.find(slug)
    if found is None:
        raise Http404
    addresses = traits.addresses_of(directory.everybody())
    context = {
        **_sheet(found),
        "traits": traits.of(found, addresses),
        "link": _link(slug) if found.is_own else "",
        "code": persona_sheet.current_code(found),
        "has_tax_notice": households.find_of(slug) is not None,
    }
    return render(request, "sandbox/home/persona.html", context)


@require_safe
def persona_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the YAML of a persona, to be added elsewhere by `manage.py personas add`."""
    text = _text(slug)
    if text is None:
        raise Http404
    response = HttpResponse(f"slug: {slug}\n{text}", content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return response


@require_http_methods(["GET", "POST"])
def receive_persona(request: HttpRequest) -> HttpResponse:
    """Show the persona of a link, and keep it when the person says so: reading keeps nothing."""
    today = timezone.localdate()
    parameter = (request.POST if request.method == "POST" else request.GET).get("p", "")
    try:
        slug, document = sharing.decode(parameter)
        if request.method == "POST":
            own.add(slug, document, today)
        else:
            own.check(slug, document, today)
    except BadLink as refusal:
        return _receive_page(request, {"reason": str(refusal)}, status=400)
    except Refused as refusal:
        return _receive_page(request, {"faults": refusal.faults}, status=422)
    except AlreadyThere as found:
        return _receive_page(request, {"here": found.persona, "is_same": found.is_same}, status=409)
    received = catalogue.read(slug, document, is_own=True)
    if request.method == "GET":
        return _receive_page(request, {**_sheet(received), "parameter": parameter})
    messages.success(request, f"{received.name} est dans votre bac à sable.")
    return SeeOther(_address(received))


@require_POST
def delete_persona(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete a persona that was added here; those of the project stay."""
    found = own.find(slug)
    if found is None or not own.remove(slug):
        raise Http404
    messages.success(request, f"{found.name} est supprimée, avec ses comptes.")
    return redirect("sandbox_home")


def _form_page(request: HttpRequest, form: PersonaForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "traits": [trait for trait in traits.TRAITS if trait.slug != "ajoutee"],
        "password": catalogue.PASSWORD,
    }
    return render(request, "sandbox/home/new_persona.html", context, status=status)


def _receive_page(
    request: HttpRequest, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    return render(request, "sandbox/home/receive_persona.html", dict(context), status=status)


def _sheet(found: Persona) -> dict[str, Any]:
    return {
        "persona": found,
        "facts": persona_sheet.facts(found, timezone.localdate()),
        "accounts": persona_sheet.accounts(found),
    }


def _text(slug: str) -> str | None:
    """Return the YAML of a persona of the project, or of an added one."""
    path = catalogue.files().get(slug)
    return path.read_text() if path else own.document(slug)


def _link(slug: str) -> str:
    """Return the link that shares a persona, "" for one that is too long for it."""
    try:
        return sharing.link(slug, documents.load(own.document(slug) or ""))
    except BadLink:
        return ""


def _address(found: Persona) -> str:
    return reverse("persona", kwargs={"slug": found.slug})
