"""The history of one partner as agents read it: who, when, why, and each field before and after.

Made of the past states that PostgreSQL keeps (apps.identity_providers.history), which have no secret.
The address of the agent is not here: it is in the journal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Paginator
from django.db.models import Field, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from apps.audit.events import Category
from apps.identity_providers import history

PER_PAGE: Final = 20
DELETED_SHOWN: Final = 20
TEMPLATE: Final = "admin/partner_history.html"
NOTHING: Final = "–"
KEYS: Final = frozenset({"id", "created_at", "updated_at", "created", "updated"})
LABELS: Final = {  # of the library's fields, which are in English
    "client_id": "client_id",
    "redirect_uris": "adresses de retour (redirect_uris)",
    "post_logout_redirect_uris": "retours après déconnexion (post_logout_redirect_uris)",
}
WHAT: Final = {
    history.CREATED: "Fiche créée",
    history.CHANGED: "Fiche modifiée",
    history.SECRET_REPLACED: "Secret remplacé",
    history.DELETED: "Fiche supprimée",
    history.FOUND: "État à la mise en place de l’historique",
}
NOT_TOLD: Final = "hors du back-office et de ses commandes"


@dataclass(frozen=True)
class FieldChange:
    """One field, in words; `before` is a dash when the partner was not there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """What happened to a partner at once. is_whole: each field is told, not only those that changed."""

    at: datetime
    what: str
    actor: str
    reason: str
    changes: Sequence[FieldChange]
    is_whole: bool


def show(
    request: HttpRequest,
    site: AdminSite,
    model: type[Model],
    key: str,
    *,
    identifier: str,
    fact: str,
) -> HttpResponse:
    """Show the history of a partner, the newest first; it outlives the partner.

    identifier   the field that names a partner
    fact         the fact that names it in the journal
    Raises Http404 when nothing was ever recorded under this key.
    """
    states: Any = history.states_of(model)
    past = states.objects.filter(pgh_obj_id=_number(key)).order_by("-pgh_id")
    page = Paginator(past, PER_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        raise Http404
    start, end = page.start_index() - 1, page.end_index()
    read = list(past[start : end + 1])
    latest = read[0]
    query = {fact: getattr(latest, identifier), "category": Category.AGENT.value}
    context = {
        **site.each_context(request),
        "title": f"Historique – {model.__str__(latest)}",
        "opts": model._meta,
        "partner": model._base_manager.defer(history.SECRET).filter(pk=latest.pgh_obj_id).first(),
        "page": page,
        "events": list(_events(read, end - start)),
        "journal_url": f"{reverse(f'{site.name}:audit_entry_changelist')}?{urlencode(query)}",
    }
    return TemplateResponse(request, TEMPLATE, context)


def deleted(model: type[Model], label: str) -> list[tuple[int, str]]:
    """Return the key and the name of the last DELETED_SHOWN that left, the newest first.

    label   the field that agents know a partner by
    """
    states: Any = history.states_of(model)
    gone = states.objects.filter(pgh_label=history.DELETED).order_by("-pgh_id")
    return list(gone.values_list("pgh_obj_id", label)[:DELETED_SHOWN])


def _number(key: str) -> int | None:
    """Return the key of a row as a number that PostgreSQL takes, or None."""
    return int(key) if key.isdecimal() and len(key) < 19 else None


def _events(states: Sequence[Any], wanted: int) -> Iterator[Event]:
    """Yield what made each of the first states; the one after each is what was there before."""
    for state, before in zip_longest(states[:wanted], states[1 : wanted + 1]):
        told = state.pgh_context or {}
        was_there = before is not None and before.pgh_label != history.DELETED
        yield Event(
            at=state.pgh_created_at,
            what=WHAT.get(state.pgh_label, state.pgh_label),
            actor=told.get("actor") or NOT_TOLD,
            reason=told.get("reason") or NOT_TOLD,
            changes=list(_changes(state, before if was_there else None)),
            is_whole=not was_there,
        )


def _changes(state: Any, before: Any | None) -> Iterator[FieldChange]:
    if state.pgh_label == history.DELETED:
        return
    for field in state._meta.fields:
        if field.name.startswith("pgh_") or field.name in KEYS:
            continue
        value = getattr(state, field.name)
        former = getattr(before, field.name) if before else None
        if before is None or value != former:
            shown = in_words(former, field) if before else NOTHING
            yield FieldChange(_label(field), shown, in_words(value, field))
    if state.pgh_label == history.SECRET_REPLACED:
        yield FieldChange(history.SECRET, NOTHING, "remplacé")


def _label(field: "Field[Any, Any]") -> str:
    label = LABELS.get(field.name) or str(field.verbose_name)
    return label if "_" in label.split()[0] else str(capfirst(label))


def in_words(value: object, field: "Field[Any, Any]") -> str:
    """Return a value as an agent reads it: never True, a list between brackets or a bare code."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or value in ("", []):
        return "vide"
    if isinstance(value, list):
        item = field.base_field if isinstance(field, ArrayField) else field
        return ", ".join(in_words(word, item) for word in value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(dict(field.flatchoices).get(value, value))
