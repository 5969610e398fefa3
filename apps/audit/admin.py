"""The journal as agents read it: filters, one sign-in from end to end, and no way to write.

Search is by exact values of indexed columns. There is none by name: the journal holds no identity.
Not registered here: the back-office does, with the names of the partners to choose from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.audit.events import CATALOGUE, Category, event_choices
from apps.audit.facts import VOCABULARY
from apps.audit.models import Entry

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Entry]
    _Paginator = Paginator[Entry]
else:
    _Admin = admin.ModelAdmin
    _Paginator = Paginator

Choices = Sequence[tuple[str, str]]

LIMIT: Final = 10_000  # lines that a search counts and shows
MAX_STEPS: Final = 500  # lines of one sign-in
CATEGORIES: Final = {
    Category.FRONT: "parcours de l’usager",
    Category.BACK: "appels des services",
    Category.AGENT: "actions des agents",
}
COLUMNS: Final = (
    "sp",
    "idp",
    "account",
    "browsing_session",
    "is_sso",
    "code",
    "actor",
    "ip",
    "port",
)


class JournalSearch(forms.Form):
    """What a search may ask for."""

    sign_in = forms.UUIDField(label="Connexion", required=False)
    reference = forms.UUIDField(label="Code du courriel, référence d’erreur", required=False)
    sp = forms.CharField(label="Service", required=False, max_length=100, widget=forms.Select)
    idp = forms.CharField(label="Compte (FI)", required=False, max_length=100, widget=forms.Select)
    event = forms.ChoiceField(label="Événement", required=False)
    category = forms.ChoiceField(label="Nature", required=False)
    since = forms.DateField(label="Du", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="Au", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any, *, services: Choices, providers: Choices) -> None:
        super().__init__(data)
        self._offer("sp", services)
        self._offer("idp", providers)
        self._choose("event", event_choices())
        self._choose("category", [(category.value, CATEGORIES[category]) for category in Category])

    def _offer(self, name: str, choices: Choices) -> None:
        """Offer the partners of the registry, and the one asked for if it has left it."""
        asked = self.data.get(name, "")
        known = {value for value, _ in choices}
        others = [(asked, asked)] if asked and asked not in known else []
        widget = self.fields[name].widget
        if isinstance(widget, forms.Select):
            widget.choices = [("", "Tous"), *choices, *others]

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Tous"), *choices]

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Return the lines asked for; none when the question has no sense."""
        if not self.is_valid():
            return entries.none()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if since := asked.pop("since", None):
            entries = entries.filter(at__gte=_midnight(since))
        if until := asked.pop("until", None):
            entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
        if reference := asked.pop("reference", None):
            told = str(reference)
            entries = entries.filter(Q(browsing_session=told) | Q(facts__error_id=told))
        if category := asked.pop("category", None):
            names = [event.name for event in CATALOGUE.values() if event.category == category]
            entries = entries.filter(event__in=names)
        return entries.filter(**asked)


class JournalPaginator(_Paginator):
    """Counts as far as `LIMIT`: the journal has millions of lines, and nobody reads them all."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, LIMIT)

    @property
    def is_truncated(self) -> bool:
        return self._counted > LIMIT

    @cached_property
    def _counted(self) -> int:
        entries = self.object_list
        return entries[: LIMIT + 1].count() if isinstance(entries, QuerySet) else len(entries)


class JournalChangeList(ChangeList):
    """The list of lines, narrowed by `JournalSearch` and by nothing else."""

    journal_search: JournalSearch

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        kept = super().get_filters_params(params)
        return {
            name: value for name, value in kept.items() if name not in JournalSearch.base_fields
        }

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Entry]:
        entries: QuerySet[Entry] = super().get_queryset(request, exclude_parameters)
        journal: Any = self.model_admin  # an EntryAdmin, which is what gives this list
        self.journal_search = journal.search_form(request)
        return self.journal_search.narrow(entries)

    @property
    def newer_url(self) -> str:
        """Return the address of the page before, or nothing."""
        return self._page_url(self.page_num - 1) if self.page_num > 1 else ""

    @property
    def older_url(self) -> str:
        """Return the address of the page after, or nothing."""
        return self._page_url(self.page_num + 1) if self.page_num < self.paginator.num_pages else ""

    def _page_url(self, number: int) -> str:
        return str(self.get_query_string({PAGE_VAR: number}))


@dataclass(frozen=True)
class Step:
    """One line of a sign-in; delays in milliseconds, since the line before and since the first."""

    entry: Entry
    what: str
    facts: list[tuple[str, object]]
    elapsed: int
    total: int


class EntryAdmin(_Admin):
    """Read-only, for everybody."""

    list_display = ("when", "step", "what", "service", "provider", "connection", "level", "code")
    list_display_links = ("when",)
    list_per_page = list_max_show_all = 100
    ordering = ("-id",)
    sortable_by = ()
    actions = None
    paginator = JournalPaginator
    show_full_result_count = False
    change_list_template = "admin/audit/entry/change_list.html"
    fields = ("when", "step", "what", "service", "provider", "connection", "level", "others")

    def services(self) -> Choices:
        """Return (client_id, name) of the services to choose from."""
        return ()

    def providers(self) -> Choices:
        """Return (uid, title) of the identity providers to choose from."""
        return ()

    def search_form(self, request: HttpRequest) -> JournalSearch:
        """Return the search that the address of this page asks for."""
        return JournalSearch(request.GET, services=self.services(), providers=self.providers())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow no other filter than those of the search."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List the lines of the journal, narrowed by a search."""
        return super().changelist_view(request, {"title": "Journal", **(extra_context or {})})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return JournalChangeList

    def get_urls(self) -> list[URLPattern]:
        """Return the admin's addresses, without those of a history, and that of one sign-in."""
        urls = [url for url in super().get_urls() if url.name != "audit_entry_history"]
        view = self.admin_site.admin_view(self.sign_in_view)
        return [path("connexion/<uuid:sign_in>/", view, name="audit_entry_sign_in"), *urls]

    def sign_in_view(self, request: HttpRequest, sign_in: UUID) -> HttpResponse:
        """Show one sign-in from end to end, in the order of time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entries = list(Entry.objects.filter(sign_in=sign_in).order_by("at", "id")[:MAX_STEPS])
        if not entries:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": "Une connexion de bout en bout",
            "opts": Entry._meta,
            "sign_in": sign_in,
            "steps": list(_steps(entries)),
            "duration": _milliseconds(entries[-1].at - entries[0].at),
        }
        return TemplateResponse(request, "admin/audit/entry/sign_in.html", context)

    @admin.display(description="date (Paris)")
    def when(self, entry: Entry) -> str:
        at = timezone.localtime(entry.at)
        return f"{at:%d/%m/%Y %H:%M:%S}.{at.microsecond // 1000:03}"

    @admin.display(description="événement")
    def what(self, entry: Entry) -> str:
        return describe(entry)

    @admin.display(description="service")
    def service(self, entry: Entry) -> str:
        return str(entry.facts.get("sp_name") or entry.sp or "–")

    @admin.display(description="compte (FI)")
    def provider(self, entry: Entry) -> str:
        return str(entry.facts.get("idp_label") or entry.idp or "–")

    @admin.display(description="connexion")
    def connection(self, entry: Entry) -> str | SafeString:
        if entry.sign_in is None:
            return "–"
        url = reverse(f"{self.admin_site.name}:audit_entry_sign_in", args=[entry.sign_in])
        shown = str(entry.sign_in)
        return format_html('<a href="{}" title="{}">{}…</a>', url, shown, shown[:8])

    @admin.display(description="niveau")
    def level(self, entry: Entry) -> str:
        return str(entry.facts.get("acr") or entry.facts.get("idp_acr") or "–")

    @admin.display(description="autres faits")
    def others(self, entry: Entry) -> str | SafeString:
        lines = format_html_join("", "<li>{} : {}</li>", labelled_facts(entry))
        return format_html('<ul class="bo-facts">{}</ul>', lines)


def describe(entry: Entry) -> str:
    """Return what happened, in French; the raw name of an event that the catalogue lost."""
    event = CATALOGUE.get(entry.event)
    return event.description if event else entry.event


def labelled_facts(entry: Entry) -> list[tuple[str, object]]:
    """Return the facts of a line with what they mean, in the order of the vocabulary."""
    columns = {name: getattr(entry, name) for name in COLUMNS}
    known = {**columns, **entry.facts}
    return [
        (spec.label, _shown(known[name]))
        for name, spec in VOCABULARY.items()
        if name in known and known[name] not in (None, "")
    ]


def _shown(value: object) -> object:
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else value


def _steps(entries: Iterable[Entry]) -> Iterable[Step]:
    first = previous = None
    for entry in entries:
        first = first or entry
        elapsed = _milliseconds(entry.at - (previous or entry).at)
        total = _milliseconds(entry.at - first.at)
        yield Step(entry, describe(entry), labelled_facts(entry), elapsed, total)
        previous = entry


def _milliseconds(delay: timedelta) -> int:
    return round(delay.total_seconds() * 1000)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
