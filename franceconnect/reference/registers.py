"""Pages of the registers: the journal's events and facts, the partner files."""

from collections.abc import Sequence
from uuid import UUID

from apps.audit import events, facts
from apps.identity_providers import importing as identity_providers
from apps.identity_providers.partner_fields import FieldSpec
from apps.service_providers import importing as service_providers
from franceconnect.reference.markdown import code, codes, section, table

CATEGORIES = {
    events.Category.FRONT: "navigateur",
    events.Category.BACK: "serveur d’un partenaire",
    events.Category.AGENT: "agent",
}


def event_page() -> str:
    """Return the events of the journal, and the facts that a line may carry."""
    headings = ["Étape", "Événement", "Sens", "Origine", "Faits obligatoires", "Autres faits admis"]
    return "\n".join(
        [
            "Le journal dit ce qui s’est passé, dans quel ordre, et ne nomme personne. Une ligne ne "
            "porte que les faits que son événement déclare. Les étapes 1 à 8 ont les noms et les "
            "numéros du FranceConnect réel ; les étapes 9 sont les nôtres.\n",
            section("Événements", table(headings, map(_event_row, events.CATALOGUE.values()))),
            section(
                "Faits",
                "Un fait d’un autre format que le sien est refusé : une adresse électronique ou un nom "
                "n’entrent pas à la place d’un identifiant.",
                table(["Fait", "Sens", "Format"], map(_fact_row, facts.VOCABULARY.values())),
            ),
        ]
    )


def _event_row(event: events.Event) -> list[str]:
    required = codes(sorted(event.required)) or "—"
    others = codes(sorted(event.facts - event.required)) or "—"
    origin = CATEGORIES[event.category]
    return [event.step, code(event.name), event.description, origin, required, others]


def _fact_row(fact: facts.FactSpec) -> list[str]:
    types = " ou ".join(_TYPES[kind] for kind in fact.types)
    return [code(fact.name), fact.label, code(fact.pattern.pattern) if fact.pattern else types]


_TYPES = {str: "texte", int: "entier", bool: "oui ou non", UUID: "UUID"}


def partner_page() -> str:
    """Return the fields of the partner files."""
    return "\n".join(
        [
            "Un fichier est en JSON ou en YAML : une liste, un seul objet, ou un objet dont l’unique clé "
            "est celle de la collection. Un champ absent prend sa valeur par défaut à la création et "
            "garde sa valeur ensuite. Avec une seule erreur, rien n’est importé ; toutes sont listées. "
            "Un champ inconnu est une erreur. Un identifiant compte 1 à 100 caractères parmi les lettres "
            "sans accent, les chiffres et `. _ : / -`.\n",
            _file_section(
                "Fournisseurs de service",
                "import_service_providers",
                service_providers.COLLECTION,
                service_providers.FIELDS,
            ),
            _file_section(
                "Fournisseurs d’identité",
                "import_identity_providers",
                identity_providers.COLLECTION,
                identity_providers.FIELDS,
            ),
        ]
    )


def _file_section(title: str, command: str, key: str, fields: Sequence[FieldSpec]) -> str:
    headings = [
        "Champ",
        "Type",
        "Obligatoire à la création",
        "Par défaut",
        "Valeurs admises",
        "Sens",
    ]
    return section(
        title,
        f"Commande : `manage.py {command} FICHIER`. Clé de la collection : `{key}`.",
        table(headings, map(_field_row, fields)),
    )


def _field_row(spec: FieldSpec) -> list[str]:
    name = code(spec.name) + (f" (ou {code(spec.alias)})" if spec.alias else "")
    values = codes([*spec.choices, *(["null"] if spec.nullable else [])])
    required = "oui" if spec.required else ""
    return [name, spec.kind, required, spec.default, values, spec.meaning]
