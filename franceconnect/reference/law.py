"""Pages of the law: errors, claims, scopes, journey."""

import ast
import inspect
import io
import tokenize
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from apps.protocol import claims, errors, journey, scopes
from apps.protocol.errors import Delivery, ErrorSpec
from apps.protocol.journey import Event, State
from franceconnect.reference.markdown import code, codes, section, table, yes

SOURCES = {
    claims.Source.FI: "fournisseur d’identité",
    claims.Source.REGISTER: "état civil",
    claims.Source.COMPUTED: "FranceConnect",
}


# --- Errors -----------------------------------------------------------------------------------------


def error_page() -> str:
    """Return every way a sign-in can end badly, by the way it is told."""
    return "\n".join(
        [
            "Chaque erreur a un code, stable, qui figure dans `error_description`, sur la page vue par "
            "l’usager et dans le journal. Un code repris du FranceConnect réel a la même signification "
            "que chez lui.\n",
            _error_section(
                "Pages",
                "L’usager lit une page ; rien n’est renvoyé au service. C’est le cas tant que "
                "l’adresse de retour n’est pas sûre, et quand l’usager peut agir lui-même.",
                Delivery.PAGE,
            ),
            _error_section(
                "Redirections vers le service",
                "L’usager revient à la `redirect_uri` avec `error`, `error_description`, `iss`, et "
                "`state` s’il avait été envoyé (RFC 6749 §4.1.2.1, RFC 9207).",
                Delivery.REDIRECT,
            ),
            _error_section(
                "Réponses aux machines",
                "`/token` et `/userinfo` répondent en JSON : `error` et `error_description`.",
                Delivery.JSON,
            ),
        ]
    )


def _error_section(title: str, introduction: str, delivery: Delivery) -> str:
    rows = [spec for spec in errors.CATALOGUE.values() if spec.delivery is delivery]
    headings, cells = _ERROR_COLUMNS[delivery]
    return section(title, introduction, table(headings, (cells(spec) for spec in rows)))


def _page_cells(spec: ErrorSpec) -> list[str]:
    other = yes(spec.can_choose_another)
    return [_anchor(spec), str(spec.status), spec.title, other, spec.operator, spec.source]


def _redirect_cells(spec: ErrorSpec) -> list[str]:
    return [_anchor(spec), code(spec.error), spec.description, spec.operator, spec.source]


def _json_cells(spec: ErrorSpec) -> list[str]:
    return [_anchor(spec), str(spec.status), code(spec.error), spec.description, spec.source]


def _anchor(spec: ErrorSpec) -> str:
    return f'<a id="{spec.code}"></a>`{spec.code}` {spec.slug}'


_ERROR_COLUMNS = {
    Delivery.PAGE: (
        ["Code", "HTTP", "Titre de la page", "Autre compte proposé", "Situation", "Source"],
        _page_cells,
    ),
    Delivery.REDIRECT: (
        ["Code", "`error`", "`error_description`", "Situation", "Source"],
        _redirect_cells,
    ),
    Delivery.JSON: (
        ["Code", "HTTP", "`error`", "`error_description`", "Source"],
        _json_cells,
    ),
}


# --- Claims and scopes ------------------------------------------------------------------------------


def claim_page() -> str:
    """Return every claim that a service may receive."""
    headings = ["Claim", "Type JSON", "Format", "Nom lu par l’usager", "Origine", "Description"]
    return "\n".join(
        [
            'Une donnée absente est omise, jamais `null`. `birthplace` vaut `""` pour une naissance '
            "hors de France. Les données d’identité viennent de `/userinfo`, jamais de l’ID token.\n",
            table(headings, map(_claim_row, claims.CLAIMS.values())),
        ]
    )


def _claim_row(claim: claims.Claim) -> list[str]:
    label, source = claim.label or "—", SOURCES[claim.source]
    return [code(claim.name), claim.json_type, claim.format, label, source, claim.description]


def scope_page() -> str:
    """Return what each scope gives."""
    headings = ["Scope", "Claims délivrés par `/userinfo`"]
    own = [name for name in scopes.SCOPES if name not in scopes.REGISTER_SCOPES]
    held = [
        [code(scope.name), scope.provider.label, scope.label]
        for scope in scopes.DATA_PROVIDER_SCOPES.values()
    ]
    return "\n".join(
        [
            section("Identité", table(headings, _given_by(own))),
            section(
                "Identité, et ce qu’en dit l’état civil",
                "Sur une plateforme qui donne l’identité du compte (`IDENTITY_SOURCE=provider`), ces "
                "scopes donnent à côté ce que l’état civil en dit, sous `rnipp_`. Ailleurs, "
                "ou quand l’état civil n’a pas été interrogé, les claims `rnipp_` sont omis.",
                table(headings, _given_by(scopes.REGISTER_SCOPES)),
            ),
            section(
                "Données détenues par d’autres administrations",
                "Ces scopes sont connus, avec le nom que l’usager en lirait, mais aucun fournisseur de "
                "données n’est encore relié : ils ne figurent pas dans le document de découverte, un "
                "service ne peut pas y être habilité, et une demande qui les nomme les voit ignorés.",
                table(["Scope", "Administration", "Donnée"], held),
            ),
        ]
    )


def _given_by(names: Iterable[str]) -> list[list[str]]:
    return [[code(name), _in_order(scopes.SCOPES[name])] for name in names]


def _in_order(given: Collection[str]) -> str:
    return codes(name for name in claims.CLAIMS if name in given) or "—"


# --- Journey ----------------------------------------------------------------------------------------


def journey_page() -> str:
    """Return the states of a sign-in, drawn and in a table."""
    meanings, events = _comments(State), _comments(Event)
    transitions = [
        [code(state), code(event) + _note(events, event), code(following)]
        for state, outgoing in journey.TRANSITIONS.items()
        for event, following in outgoing.items()
    ]
    return "\n".join(
        [
            "Une connexion n’avance que par cette table ; tout autre couple est refusé "
            "([`step_refused`](errors.md#Y190004) ou [`step_replayed`](errors.md#Y420001)).\n",
            f"```mermaid\nstateDiagram-v2\n{_diagram()}```\n",
            "De tout état ouvert, l’usager peut abandonner et revenir au service : ces flèches ne sont "
            "pas dessinées.\n",
            section(
                "États",
                table(["État", "Ouvert", "Sens"], [_state_row(state, meanings) for state in State]),
            ),
            section("Transitions", table(["État", "Événement", "État suivant"], transitions)),
        ]
    )


def _diagram() -> str:
    arrows = [f"[*] --> {state}" for state in journey.STARTS]
    arrows += [
        f"{state} --> {following}: {event}"
        for state, outgoing in journey.TRANSITIONS.items()
        for event, following in outgoing.items()
        if event is not Event.ABANDON
    ]
    arrows += [f"{state} --> [*]" for state in State if not journey.TRANSITIONS[state]]
    return "".join(f"    {arrow}\n" for arrow in arrows)


def _state_row(state: State, meanings: Mapping[str, str]) -> list[str]:
    return [code(state), yes(state in journey.OPEN), meanings.get(state.name, "")]


def _note(comments: Mapping[str, str], event: Event) -> str:
    return f" ({comments[event.name]})" if event.name in comments else ""


def _comments(enumeration: type[StrEnum]) -> dict[str, str]:
    """Return the comment that stands beside each member of an enumeration, in its source."""
    source = inspect.getsource(enumeration)
    beside = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    members = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assign)]
    named = {node.lineno: node.targets[0] for node in members}
    return {
        target.id: beside[line]
        for line, target in named.items()
        if line in beside and isinstance(target, ast.Name)
    }
