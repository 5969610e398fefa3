"""The personas that people add to this sandbox: kept in its database, from one start to the next."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from apps.sandbox.models import IdentityAccount, OwnPersona
from apps.sandbox.personas import accounts, catalogue, checking, documents
from apps.sandbox.personas.catalogue import Persona
from apps.sandbox.personas.faults import PersonaFault, Refused


class AlreadyThere(Exception):
    """A persona of that slug is here; `is_same` when it is the very same one."""

    def __init__(self, persona: Persona, *, is_same: bool) -> None:
        super().__init__(persona.slug)
        self.persona = persona
        self.is_same = is_same


def everybody() -> list[Persona]:
    """Return the added personas, the oldest first."""
    return [_persona(row) for row in OwnPersona.objects.order_by("pk")]


def find(slug: str) -> Persona | None:
    """Return the added persona of that slug, or None."""
    row = OwnPersona.objects.filter(slug=slug).first()
    return _persona(row) if row else None


def document(slug: str) -> str | None:
    """Return the YAML document of an added persona, or None."""
    return OwnPersona.objects.filter(slug=slug).values_list("document", flat=True).first()


def check(slug: str, document: Mapping[str, Any], today: date) -> None:
    """Accept a persona that may be added under this slug.

    Raises AlreadyThere; Refused with every rule that is broken.
    """
    faults = checking.check(document, today)
    if not documents.is_slug(slug):
        faults.append(
            PersonaFault("slug", "Des minuscules sans accent, des chiffres et des traits d’union.")
        )
    if faults:
        raise Refused(faults)
    persona = catalogue.read(slug, document, is_own=True)
    here = catalogue.find(slug) or find(slug)
    if here:
        raise AlreadyThere(here, is_same=_essence(here) == _essence(persona))
    others = [*catalogue.everybody(), *everybody()]
    faults = [*checking.conflicts(persona, others, today), *_enrolled(persona)]
    if faults:
        raise Refused(faults)


def _enrolled(persona: Persona) -> list[PersonaFault]:
    """Return the identifiers that an account which is no persona's has already."""
    return [
        PersonaFault(
            f"accounts.{account.site}.identifier",
            f"{account.displayed_identifier} est déjà l’identifiant d’un compte créé ici.",
        )
        for account in persona.accounts.values()
        if IdentityAccount.objects.filter(site=account.site, identifier=account.identifier)
        .exclude(sub=account.sub)
        .exists()
    ]


def add(slug: str, document: Mapping[str, Any], today: date) -> Persona:
    """Keep a new persona and open its accounts. Raises AlreadyThere, Refused."""
    check(slug, document, today)
    persona = catalogue.read(slug, document, is_own=True)
    try:
        with transaction.atomic():
            OwnPersona.objects.create(slug=slug, document=documents.dump(document))
            accounts.open_accounts(persona)
    except IntegrityError:
        # Somebody pressed a button at the same time: the rows that are there now say which.
        check(slug, document, today)
        raise
    return persona


@transaction.atomic
def remove(slug: str) -> bool:
    """Forget an added persona, its accounts and their sign-ins; tell whether there was one."""
    persona = find(slug)
    if persona is None:
        return False
    subs = [known.sub for known in (*persona.accounts.values(), *persona.registers.values())]
    IdentityAccount.objects.filter(sub__in=subs).delete()
    count, _ = OwnPersona.objects.filter(slug=slug).delete()
    return count > 0


def free_slug(name: str) -> str:
    """Return a slug for a name that no persona has yet; "" when the name makes none."""
    base = documents.slug_of(name)[: documents.LONGEST_SLUG - 4].strip("-")
    taken = {
        *documents.TAKEN_BY_PAGES,
        *catalogue.files(),
        *OwnPersona.objects.values_list("slug", flat=True),
    }
    candidates = (base if rank == 1 else f"{base}-{rank}" for rank in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken) if base else ""


def _persona(row: OwnPersona) -> Persona:
    return catalogue.read(row.slug, documents.load(row.document), is_own=True)


def _essence(persona: Persona) -> tuple[object, ...]:
    return (
        persona.name,
        persona.reason,
        persona.identity,
        persona.accounts,
        persona.registers,
        persona.postal_code,
        persona.register,
    )
