"""Partner files as documents: JSON or YAML text → the list of its entries."""

import json
from collections.abc import Sequence

import yaml


class DocumentError(ValueError):
    """The text is not a partner file; the message is a French sentence."""


class _RepeatedKey(ValueError):
    """Two values for one key: two readers of the file would not see the same partner."""


def entries(text: str, *, collection: str) -> Sequence[object]:
    """Return the entries of a file: of a list, of one object, or of {collection: list}.

    Raises DocumentError.
    """
    document = _parse(text)
    if isinstance(document, dict) and set(document) == {collection}:
        document = [] if document[collection] is None else document[collection]
    elif isinstance(document, dict):
        return [document]
    if not isinstance(document, list):
        raise DocumentError(f"Le fichier doit contenir une liste, un objet, ou « {collection} ».")
    return document


def _parse(text: str) -> object:
    """Return the document. JSON first: its faults are told more precisely."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except _RepeatedKey as fault:
        raise DocumentError(str(fault)) from None
    except (ValueError, RecursionError) as fault:
        if text.lstrip().startswith(("{", "[")) and isinstance(fault, json.JSONDecodeError):
            place = f"ligne {fault.lineno}, colonne {fault.colno}"
        else:
            place = ""
    try:
        return yaml.load(text, _YamlLoader)  # noqa: S506 - a SafeLoader
    except _RepeatedKey as fault:
        raise DocumentError(str(fault)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise DocumentError(f"Le fichier n’est ni du JSON ni du YAML{_at(place, fault)}.") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _RepeatedKey(f"Clé répétée dans un même objet : {repeated[:64]}.")
    return members


class _YamlLoader(yaml.SafeLoader):
    """YAML without arbitrary objects, and without repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [str(key.value) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            line = node.start_mark.line + 1
            raise _RepeatedKey(f"Clé répétée dans l’objet qui commence à la ligne {line}.")
        return dict(super().construct_mapping(node, deep=deep))


def _at(place: str, fault: Exception) -> str:
    mark = getattr(fault, "problem_mark", None)
    if not place and mark:
        place = f"ligne {mark.line + 1}, colonne {mark.column + 1}"
    return f" ({place})" if place else ""
