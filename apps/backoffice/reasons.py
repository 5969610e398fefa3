"""Pages that ask only why: the form, whether the partner changed meanwhile, and who told the reason."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from apps.backoffice.journalling import Actor
from apps.identity_providers import history
from apps.identity_providers.change_reason import REASON, ReasonForm
from apps.identity_providers.form_fields import VERSION, version_of


def asked(request: HttpRequest) -> ReasonForm:
    """Return the form of this request: empty when the page opens, judged when it is sent."""
    return ReasonForm(request.POST if request.method == "POST" else None)


def is_stale(request: HttpRequest, row: Model, timestamp: str) -> bool:
    """Tell whether a row changed since its page was opened: sending it twice must not act twice.

    timestamp   the field that dates the last change of the row
    """
    return request.POST.get(VERSION) != version_of(row, timestamp)


def tell(request: HttpRequest, form: Any) -> Actor:
    """Say who makes the change of a valid form, and why, to the history; return who, for the journal.

    Called in the transaction of the change.
    """
    actor = Actor.of_request(request)
    history.tell(actor=actor.name, reason=form.cleaned_data[REASON])
    return actor
