"""The history of partners: each state of a row, with who made it and why, written by PostgreSQL.

The triggers are django-pghistory's, so that a bulk update or an SQL console is recorded as a form is.
One row of the event model is one state of the partner, without its secret; what changed is the
difference with the row before. Who and why come from `tell`, for the transaction that is open:
`pghistory.context` would put two commands in one statement, which server-side binding refuses.

Append-only by the triggers of the migration `partner_history`.
"""

import json
from typing import Any, Final, TypeVar

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models, transaction

M = TypeVar("M", bound=type[models.Model])

SECRET: Final = "client_secret"  # noqa: S105 - the name of a field
SETTING: Final = "pghistory.context_metadata"  # read by the triggers of pghistory

CREATED: Final = "created"
CHANGED: Final = "changed"
SECRET_REPLACED: Final = "secret_replaced"  # noqa: S105 - a label; other fields may have changed too
DELETED: Final = "deleted"
FOUND: Final = "found"  # the state in which a migration found a row that was there before


class _ChangeBesides(pgtrigger.Condition):
    """Something changed, dates apart, and this field did not: follows the fields of the model."""

    def __init__(self, field: str) -> None:
        self.field = field

    def resolve(self, model: type[models.Model]) -> str:
        others = pgtrigger.AnyChange(exclude=[self.field], exclude_auto=True).resolve(model)
        same = pgtrigger.AnyDontChange(self.field).resolve(model)
        return f"(({others}) AND ({same}))"


def recorded(model: M) -> M:
    """Have each insertion, update and deletion of this model recorded; a decorator.

    The event model is `<model>Event`, beside it. A field that is added to the model is added to
    the event model and to the triggers by `makemigrations`.
    """
    track = pghistory.track(
        pghistory.InsertEvent(CREATED),
        pghistory.UpdateEvent(CHANGED, condition=_ChangeBesides(SECRET)),
        pghistory.UpdateEvent(SECRET_REPLACED, condition=pgtrigger.AnyChange(SECRET)),
        pghistory.DeleteEvent(DELETED),
        exclude=[SECRET],
        model_name=_name(model),
        obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+"),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,
        meta={
            "verbose_name": f"état passé d’un {model._meta.verbose_name}",
            "verbose_name_plural": f"états passés des {model._meta.verbose_name_plural}",
        },
    )
    tracked: M = track(model)
    return tracked


def states_of(model: type[models.Model]) -> type[models.Model]:
    """Return the event model of a recorded model."""
    states: type[models.Model] = apps.get_model(model._meta.app_label, _name(model))
    return states


def tell(*, actor: str, reason: str) -> None:
    """Say who changes partners and why, for what remains of the open transaction.

    Raises TransactionManagementError when none is open: it would be said to nobody.
    """
    connection: Any = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("history.tell needs an open transaction")
    told = json.dumps({"actor": actor, "reason": reason}, ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, told])


def _name(model: type[models.Model]) -> str:
    return f"{model.__name__}Event"
