"""Whether a persona may be: its document, its civil status, its accounts, and its neighbours."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from apps.protocol import pivot
from apps.protocol.errors import EMAIL_MISSING, ProtocolError
from apps.sandbox.identity_provider.catalogue import AMELI, SITES
from apps.sandbox.identity_provider.identifiers import IdentifierError
from apps.sandbox.personas import (
    blocks,
    civil_status,
    register,
    relative_dates,
    shape,
    social_security,
)
from apps.sandbox.personas.catalogue import Persona, read, sub_of
from apps.sandbox.personas.faults import PersonaFault

LONGEST_TEXT: Final = 300
LONGEST_PASSWORD: Final = 128

Claims = Mapping[str, object]


def check(document: object, today: date) -> list[PersonaFault]:
    """Return what is wrong with the document of one persona, the same fault once."""
    if not isinstance(document, Mapping):
        return [
            PersonaFault("document", "Un document YAML avec name, reason, identity et accounts.")
        ]
    if misshapen := shape.check(document):
        return misshapen
    identity, accounts = document.get("identity"), document.get("accounts")
    registers = document.get("registers", {})
    faults = [*_texts(document), *blocks.check(document)]
    if not isinstance(identity, Mapping):
        faults.append(PersonaFault("identity", "Le bloc identity, qui dit l’état civil, manque."))
    if not isinstance(accounts, Mapping):
        faults.append(
            PersonaFault("accounts", "Le bloc accounts manque (accounts\u202f: {} pour aucun).")
        )
    if not isinstance(registers, Mapping):
        faults.append(PersonaFault("registers", "Le bloc registers nomme des comptes à créer."))
        registers = {}
    if not isinstance(identity, Mapping) or not isinstance(accounts, Mapping):
        return faults
    faults += [fault.below("identity") for fault in civil_status.check(identity, today)]
    if "register" in document:
        faults += register.check(document["register"], identity, today)
    for part, known in (("accounts", accounts), ("registers", registers)):
        for site, account in known.items():
            faults += _account(part, str(site), account, identity, today)
    return list(dict.fromkeys(faults)) or _together(document, today)


def conflicts(persona: Persona, others: list[Persona], today: date) -> list[PersonaFault]:
    """Return what a valid persona has that only one of them all may have."""
    holders = {
        (account.site, account.identifier): other.name
        for other in others
        for account in (*other.accounts.values(), *other.registers.values())
    }
    known = (("accounts", persona.accounts), ("registers", persona.registers))
    taken = [
        PersonaFault(
            f"{part}.{account.site}.identifier",
            f"{account.displayed_identifier} est déjà l’identifiant de {holder}.",
        )
        for part, accounts in known
        for account in accounts.values()
        if (holder := holders.get((account.site, account.identifier)))
    ]
    return [*taken, *_same_person(persona, others, today)]


def _same_person(persona: Persona, others: list[Persona], today: date) -> Iterator[PersonaFault]:
    person = _person(persona, today)
    for other in others:
        if person and _person(other, today) == person:
            yield PersonaFault(
                "identity",
                f"{other.name} a le même état civil\u202f: pour FranceConnect, "
                "ce serait une seule personne.",
            )


def _person(persona: Persona, today: date) -> pivot.PivotIdentity | None:
    """Return who FranceConnect takes a persona for; None for one that it would refuse."""
    claims = {**persona.identity, "email": "absente@example.org"}
    try:
        return pivot.normalise(_received(claims, "sub", today).pivot)
    except ProtocolError:
        return None


def _texts(document: Mapping[str, object]) -> Iterator[PersonaFault]:
    longest = {"name": LONGEST_TEXT, "reason": LONGEST_TEXT, "password": LONGEST_PASSWORD}
    meanings = {
        "name": "Le nom sous lequel la persona est affichée manque.",
        "reason": "La raison d’être de la persona manque.",
        "password": "Le mot de passe manque, ou n’est pas entre guillemets.",
    }
    for name, meaning in meanings.items():
        written = document.get(name)
        if not isinstance(written, str) or not written.strip():
            yield PersonaFault(name, meaning)
        elif len(written) > longest[name]:
            yield PersonaFault(name, f"{longest[name]} caractères au plus, {len(written)} écrits.")


def _account(
    part: str, site: str, account: object, identity: Claims, today: date
) -> Iterator[PersonaFault]:
    where = f"{part}.{site}"
    if site not in SITES:
        yield PersonaFault(where, f"Aucun compte de ce nom\u202f: {', '.join(SITES)}.")
        return
    written = account.get("claims", {}) if isinstance(account, Mapping) else None
    if not isinstance(account, Mapping) or not isinstance(written, Mapping):
        yield PersonaFault(
            where, "Un bloc avec identifier, et claims s’il écrit l’identité autrement."
        )
        return
    claims = {**identity, **written}
    for fault in civil_status.check(claims, today):
        is_own = fault.field in written
        yield fault.below(f"{where}.claims" if is_own else "identity")
    for message in _faults_of_identifier(site, account.get("identifier"), claims, today):
        yield PersonaFault(f"{where}.identifier", message)


def _faults_of_identifier(site: str, written: object, claims: Claims, today: date) -> Iterator[str]:
    if not isinstance(written, str):
        yield "L’identifiant manque, ou n’est pas entre guillemets."
        return
    try:
        identifier = SITES[site].identifier.parse(written)
    except IdentifierError as refusal:
        key = social_security.expected_key(written) if site == AMELI.slug else ""
        yield f"{refusal} La clé attendue est {key}." if key else str(refusal)
        if not key:
            return
        identifier = SITES[site].identifier.parse(written.strip()[:-2])
    if site == AMELI.slug:
        yield from social_security.disagreements(identifier, claims, today)
    elif "@" in identifier and not civil_status.is_reserved(identifier.rpartition("@")[2]):
        yield "Ce domaine peut être à quelqu’un\u202f: prenez une adresse en example.org."


def _together(document: Mapping[str, object], today: date) -> list[PersonaFault]:
    """Ask FranceConnect's own rules, once ours are kept: every account, and one person for all."""
    persona = read("essai", document)
    faults, people = [], set()
    for account in persona.accounts.values():
        where = f"accounts.{account.site}"
        try:
            received = _received(account.claims, sub_of(account.site, "essai"), today)
        except ProtocolError as refusal:
            if refusal.spec is not EMAIL_MISSING or account.claims.get("email"):
                faults.append(
                    PersonaFault(
                        where, f"FranceConnect refuserait cette identité ({refusal.debug})."
                    )
                )
            continue
        people.add(pivot.normalise(received.pivot))
    if len(people) > 1:
        faults.append(
            PersonaFault(
                "accounts", "Les comptes ne décrivent pas la même personne pour FranceConnect."
            )
        )
    return faults


def _received(claims: Claims, sub: str, today: date) -> pivot.ReceivedIdentity:
    birthdate = relative_dates.resolve(civil_status.text_of(claims, "birthdate"), today)
    return pivot.parse({"sub": sub, **claims, "birthdate": birthdate}, today=today)
