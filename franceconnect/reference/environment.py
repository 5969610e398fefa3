"""The variables of the environment, read from the source of the settings, and what they mean.

The source says which variable is read, its type and its default; MEANINGS says what it is for. A
variable without a meaning, or a meaning without a variable, stops the generation.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from franceconnect.reference.markdown import code, table

FOLDER: Final = Path(__file__).resolve().parent.parent / "settings"
MODULES: Final = ("base.py",)
TYPES: Final = {
    "str": "texte",
    "int": "entier",
    "bool": "booléen",
    "float": "nombre",
    "list": "liste, séparée par des virgules",
    "_key": "256 bits en base64url",
}


@dataclass(frozen=True)
class Variable:
    """One variable of the environment; default is empty when there is none."""

    name: str
    kind: str
    default: str


MEANINGS: Final = {
    "VAR_DIR": "Dossier de tout ce qui est engendré : clés, données de PostgreSQL, journaux.",
    "PRODUCTION": "Installation de production : `check --deploy` est strict, le bandeau disparaît.",
    "BROKER_PORT": "Port de FranceConnect, en développement.",
    "SANDBOX_PORT": "Port de l’accueil, des services et des courriels du bac à sable.",
    "BACKOFFICE_PORT": "Port du back-office, en développement.",
    "SMTP_PORT": "Port du serveur de courriels du bac à sable.",
    "IMPOTS_PORT": "Port du compte Impôts du bac à sable.",
    "AMELI_PORT": "Port du compte Assurance Maladie du bac à sable.",
    "LAPOSTE_PORT": "Port du compte La Poste du bac à sable.",
    "SANDBOX_SITE": "Site du bac à sable que ce processus sert ; donné par `make sandbox`.",
    "BROKER_URL": "Adresse publique de FranceConnect, sans `/` final ; l’`issuer` est `BROKER_URL/api/v2`.",
    "SANDBOX_URL": "Adresse publique du bac à sable, sans `/` final.",
    "BACKOFFICE_URL": "Adresse publique du back-office, sans `/` final.",
    "ALLOWED_HOSTS": "Noms d’hôte servis.",
    "SECRET_KEY": "Clé de Django : signature des cookies et jetons anti-CSRF.",
    "IDENTITY_HASH_KEY": "Clé de l’empreinte d’identité ; la changer perd tous les comptes.",
    "SUBJECT_SECRET": "Clé des `sub` ; la changer change le `sub` de chacun dans chaque service.",
    "SEALING_KEY": "Clé serveur du scellement : identités en transit, secrets des partenaires, courriels.",
    "SIGNING_KEYS_FILE": "Fichier des clés de signature (JWK Set privé) ; la première de chaque algorithme signe.",
    "CLIENT_KEYS_FILE": "Fichier de nos clés de client des fournisseurs d’identité (JWK Set privé) ; la première de chaque algorithme sert, toutes déchiffrent.",
    "DATABASE_URL": "Base de FranceConnect et du back-office ; vide : PostgreSQL embarqué.",
    "SANDBOX_DATABASE_URL": "Base du bac à sable ; vide : PostgreSQL embarqué.",
    "CELERY_BROKER_URL": "File de Celery : `redis://` ou `amqp://` ; vide : le PostgreSQL de `DATABASE_URL`.",
    "EMAIL_HOST": "Relais SMTP.",
    "EMAIL_PORT": "Port du relais SMTP.",
    "EMAIL_HOST_USER": "Identifiant auprès du relais SMTP.",
    "EMAIL_HOST_PASSWORD": "Mot de passe auprès du relais SMTP.",
    "EMAIL_USE_TLS": "STARTTLS avec le relais SMTP.",
    "EMAIL_TIMEOUT": "Attente du relais SMTP, en secondes, par commande.",
    "DEFAULT_FROM_EMAIL": "Expéditeur des courriels.",
    "NOTIFICATION_POLICY": "`every` : un courriel à chaque connexion ; `off` : aucun.",
    "IDP_TIMEOUT": "Attente d’un fournisseur d’identité, en secondes, par appel et réponse entière.",
    "IDP_MAX_BYTES": "Taille maximale d’une réponse de fournisseur d’identité, en octets décompressés.",
    "OUTBOUND_NETWORKS": "Réseaux non publics où un fournisseur d’identité peut être joint ; vide en production.",
    "OUTBOUND_PORTS": "Ports où un fournisseur d’identité peut être joint ; vide : tous.",
    "CIVIL_REGISTER_URL": "Registre de l’état civil, sans `/` final ; vide : il n’est pas interrogé.",
    "CIVIL_REGISTER_TIMEOUT": "Attente du registre de l’état civil, en secondes, réponse entière.",
    "IDENTITY_SOURCE": "Identité donnée aux services : `register`, redressée ; `provider`, celle du compte, et `rnipp_*` à qui le demande.",
    "AGE_MINIMUM": "Âge minimum des usagers, en années ; 0 : aucun ; un service peut avoir le sien.",
    "SANDBOX_RIBBON": "Bandeau « Bac à sable » et bloc pour développeurs des pages d’erreur.",
    "SHOW_EXCLUDED_ACCOUNTS": "Page de choix : les comptes que le service n’accepte pas sont montrés, "
    "sans pouvoir être choisis ; sinon, ils sont absents.",
    "SUPPORT_URL": "Page de contact proposée par les pages d’erreur.",
    "LOG_LEVEL": "Niveau des journaux techniques.",
}


def environment_page() -> str:
    """Return the variables that the settings read, in the order of the source.

    Raises LookupError when MEANINGS and the source do not agree.
    """
    found = [variable for module in MODULES for variable in variables(FOLDER / module)]
    names = {variable.name for variable in found}
    if names != MEANINGS.keys():
        odd = ", ".join(sorted(names ^ MEANINGS.keys()))
        raise LookupError(f"variables of the environment and MEANINGS differ: {odd}")
    rows = [[code(v.name), TYPES[v.kind], code(v.default) or "—", MEANINGS[v.name]] for v in found]
    return "\n".join(
        [
            "Sur une machine de développement rien n’est à régler : "
            "les clés sont engendrées dans `VAR_DIR`. En production elles sont données par "
            "l’environnement. Les constantes du protocole (durée d’un code, taille d’un jeton…) ne sont "
            "pas des réglages.\n",
            table(["Variable", "Type", "Par défaut", "Sens"], rows),
            "« — » : pas de valeur par défaut, ou valeur vide. Dans une valeur par défaut, `{X}` est la "
            "valeur de `X`.\n",
        ]
    )


def variables(source: Path) -> Iterator[Variable]:
    """Yield each variable that a settings module reads through `env`."""
    tree = ast.parse(source.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _kind(node)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.args[0] if call.args else None
        if isinstance(name, ast.Constant):
            yield Variable(str(name.value), _kind(call), _default(call))


def _kind(call: ast.Call) -> str:
    """Return how a call reads the environment: env.int(…) gives `int`, _key(…) gives `_key`."""
    function = call.func
    if isinstance(function, ast.Name) and function.id == "_key":
        return "_key"
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        is_read = function.value.id == "env" and function.attr in TYPES
        return function.attr if is_read else ""
    return ""


def _default(call: ast.Call) -> str:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
    return _text(given) if given is not None else ""


def _text(expression: ast.expr) -> str:
    """Return a default as it would be written in the environment, as far as it can be."""
    if isinstance(expression, ast.Constant):
        value = expression.value
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(expression, ast.JoinedStr):
        return ast.unparse(expression)[2:-1]
    if isinstance(expression, ast.List):
        return ",".join(_text(item) for item in expression.elts)
    if isinstance(expression, ast.Call) and expression.args:
        return _text(expression.args[0])  # str(path)
    return ast.unparse(expression)
