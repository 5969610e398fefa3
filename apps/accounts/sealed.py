"""A text field that is readable in the process and sealed in the database.

For the secrets that must be recoverable: those shared with partners. Sealed under a server key with
the table and column as context, so that a value copied into another column does not open.
"""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models

from apps.protocol import sealing


class _Opened(str):
    """A text and the box it was read from."""

    __slots__ = ("box", "context")
    box: bytes
    context: bytes


class SealedTextField(models.Field):
    """Text kept as AES-256-GCM; empty text is kept as such, and means "no secret".

    A text that goes back where it was read goes back in its box: each sealing gives other bytes, so
    that saving a row would otherwise look like a change of its secret.
    """

    description = "texte scellé"
    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "apps.accounts.sealed.SealedTextField", args, kwargs

    @cached_property
    def _context(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}".encode()

    @cached_property
    def _key(self) -> bytes:
        return sealing.derive_server_key(settings.SEALING_KEY, purpose=self._context.decode())

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> str:
        """Return the text of a column. Raises SealBroken when the server key has changed."""
        if not value:
            return ""
        box = bytes(value)
        text = _Opened(sealing.open_sealed(box, key=self._key, context=self._context).decode())
        text.box, text.context = box, self._context
        return text

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        box = b""
        if isinstance(value, _Opened) and value.context == self._context:
            box = value.box
        elif value:
            box = sealing.seal(str(value).encode(), key=self._key, context=self._context)
        return connection.Database.Binary(box)

    def value_to_string(self, obj: models.Model) -> str:
        """Return nothing: a serialised row never carries the secret."""
        return ""
