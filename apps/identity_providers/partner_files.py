"""Partner files: from their entries to rows, the same way for the two registries.

A field that is absent takes its default when the partner is created, and keeps its value when the
partner exists: a file may thus hold only what must change. Every fault of a file is reported, one
line each that names the entry and the field; with one fault, nothing is written.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from apps.identity_providers import partner_documents, partner_fields
from apps.identity_providers.partner_fields import FieldFault, FieldSpec, Value

P = TypeVar("P", bound=models.Model)
C = TypeVar("C", bound="PartnerChange[Any]")


class PartnerFileError(Exception):
    """The file is refused and nothing was written; `faults` are sentences, one a line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Draft:
    """One entry whose fields are known and well typed; values are keyed by the model's fields."""

    label: str
    key: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Reading:
    """What a file says, and what is wrong with it."""

    drafts: tuple[Draft, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class PartnerChange(Generic[P]):
    """What happened to one partner; `fields` are names of the model's fields, none if unchanged."""

    key: str
    partner: P
    created: bool
    fields: tuple[str, ...]


def read(text: str, *, collection: str, identifier: str, fields: Sequence[FieldSpec]) -> Reading:
    """Return the entries of a file and the faults of those that are not fit.

    Raises PartnerFileError when the text is not a partner file at all.
    """
    reader = _Reader(identifier, {name: spec for spec in fields for name in _names(spec)})
    try:
        entries = partner_documents.entries(text, collection=collection)
    except partner_documents.DocumentError as fault:
        raise PartnerFileError([str(fault)]) from None
    for index, entry in enumerate(entries, start=1):
        reader.add(index, entry)
    return Reading(tuple(reader.drafts), tuple(reader.faults))


def write(
    reading: Reading, upsert: Callable[[Draft], C], *, fields: Sequence[FieldSpec]
) -> tuple[C, ...]:
    """Return what `upsert` did of each entry, all of them or none.

    Raises PartnerFileError with every fault of the file.
    """
    faults: list[str] = list(reading.faults)
    changes: list[C] = []
    with transaction.atomic():
        for draft in reading.drafts:
            try:
                changes.append(upsert(draft))
            except ValidationError as failure:
                faults += _explain(draft, failure, {spec.target: spec.name for spec in fields})
        if faults:
            raise PartnerFileError(faults)
    return tuple(changes)


def assign(partner: models.Model, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Give the values to the fields of a row, and return the names of those that changed."""
    changed = []
    for name, value in values.items():
        stored = list(value) if isinstance(value, tuple) else value
        if getattr(partner, name) != stored:
            setattr(partner, name, stored)
            changed.append(name)
    return tuple(changed)


def check_complete(draft: Draft, fields: Iterable[FieldSpec]) -> None:
    """Refuse to create a partner that lacks what has no default. Raises ValidationError."""
    missing = [
        spec.target for spec in fields if spec.required and not draft.values.get(spec.target)
    ]
    if missing:
        raise ValidationError(dict.fromkeys(missing, "champ obligatoire à la création."))


def check(partner: models.Model, faults: Mapping[str, str]) -> None:
    """Refuse a row that its model refuses, or that has faults of its own, keyed by field.

    Raises ValidationError with all that is wrong.
    """
    found = {name: [ValidationError(sentence)] for name, sentence in faults.items()}
    try:
        partner.full_clean()
    except ValidationError as failure:
        found = failure.update_error_dict(found)
    if found:
        raise ValidationError(found)


def summary(changes: Sequence[PartnerChange[P]]) -> str:
    """Return what happened in one line: « 2 créés, 1 modifié, 3 inchangés »."""
    created = sum(change.created for change in changes)
    modified = sum(bool(change.fields) and not change.created for change in changes)
    counts = {"créé": created, "modifié": modified, "inchangé": len(changes) - created - modified}
    return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for word, n in counts.items())


@dataclass
class _Reader:
    """Reads the entries of one file, in order."""

    identifier: str
    specs: Mapping[str, FieldSpec]
    drafts: list[Draft] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def add(self, index: int, entry: object) -> None:
        """Read one entry: a draft when it is fit, its faults otherwise."""
        if not isinstance(entry, dict):
            self.faults.append(f"Entrée {index} : un objet est attendu.")
            return
        values, faults = self._values(entry)
        key = str(values.get(self.identifier, ""))
        label = f"Entrée {index} ({key})" if key else f"Entrée {index}"
        if self.identifier not in entry:
            faults.insert(0, f"{self.identifier} : champ obligatoire.")
        elif key in self.seen:
            faults.insert(0, f"{self.identifier} : déjà pris par l’entrée {self.seen[key]}.")
        elif key:
            self.seen[key] = index
        self.faults += [f"{label} : {fault}" for fault in faults]
        if not faults:
            self.drafts.append(Draft(label, key, values))

    def _values(self, entry: Mapping[object, object]) -> tuple[dict[str, Value], list[str]]:
        values: dict[str, Value] = {}
        faults: list[str] = []
        given: dict[str, str] = {}
        for name, value in entry.items():
            spec = self.specs.get(name) if isinstance(name, str) else None
            if spec is None:
                faults.append(self._unknown(str(name)))
            elif spec.target in given:
                faults.append(f"{name} : fait double emploi avec {given[spec.target]}.")
            else:
                given[spec.target] = str(name)
                faults += _keep(values, spec, str(name), value)
        return values, faults

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.specs, n=1)
        advice = f" (vouliez-vous dire {near[0]} ?)" if near else ""
        shown = name if name.isprintable() and len(name) <= 64 else "…"
        return f"champ inconnu « {shown} »{advice}."


def _keep(values: dict[str, Value], spec: FieldSpec, name: str, value: object) -> list[str]:
    """Put one value in its place, or return what is wrong with it."""
    try:
        parsed = partner_fields.parse(value, spec)
    except FieldFault as fault:
        return [f"{name} : {fault}"]
    if spec.stored:
        values[spec.target] = parsed
    return []


def _names(spec: FieldSpec) -> tuple[str, ...]:
    return (spec.name, spec.alias) if spec.alias else (spec.name,)


def _explain(draft: Draft, failure: ValidationError, names: Mapping[str, str]) -> list[str]:
    if not hasattr(failure, "error_dict"):
        return [f"{draft.label} : {message}" for message in failure.messages]
    lines = []
    for target, messages in failure.message_dict.items():
        prefix = "" if target == NON_FIELD_ERRORS else f"{names.get(target, target)} : "
        lines += [f"{draft.label} : {prefix}{message}" for message in messages]
    return lines
