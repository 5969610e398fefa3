"""Personas as YAML documents: what is stored, exported and added again elsewhere."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import yaml

LONGEST_SLUG: Final = 60
TAKEN_BY_PAGES: Final = frozenset({"nouvelle", "importer"})
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Unreadable(Exception):
    """A text that is not YAML; the message says where."""


class _Loader(yaml.SafeLoader):
    """YAML without arbitrary objects, and without merge keys: each level of them doubles the work."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise yaml.constructor.ConstructorError(None, None, "a merge key", node.start_mark)
        super().flatten_mapping(node)


def load(text: str) -> Any:
    """Return what a YAML text says. Raises Unreadable."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 1}" if mark else ""
        raise Unreadable(f"Ce n’est pas du YAML{where}.") from None


def load_all(text: str) -> list[Any]:
    """Return every document of a YAML text, as `dump` separates them. Raises Unreadable."""
    parts = re.split(r"^---\s*$", text, flags=re.MULTILINE)
    return [load(part) for part in parts if part.strip()]


def dump(document: Mapping[str, Any]) -> str:
    """Return the YAML of a document, in its order."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=100)


def is_slug(text: str) -> bool:
    """Tell whether a text may name a persona in an address."""
    if len(text) > LONGEST_SLUG or text in TAKEN_BY_PAGES:
        return False
    return _SLUG.fullmatch(text) is not None


def slug_of(name: str) -> str:
    """Return the slug of a name, "" when nothing of it can be written in an address."""
    opened = name.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "-")
    plain = unicodedata.normalize("NFKD", opened).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)
    return words[:LONGEST_SLUG].strip("-")
