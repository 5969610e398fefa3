"""Members of a configuration document, read without trust: any of them may be of any type."""

from collections.abc import Collection, Iterable, Mapping

Document = Mapping[str, object]

SHOWN = 200  # characters of what a provider wrote: more would drown the rest


def words(document: Document, member: str) -> tuple[str, ...] | None:
    """Return a list of texts, or None when the member is absent or is something else."""
    value = document.get(member)
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        return None
    return tuple(dict.fromkeys(value))


def listed(values: Iterable[object]) -> str:
    """Return these values on one line, cut when they are too long to be read."""
    line = ", ".join(str(value) for value in values)
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def missing(wanted: Iterable[str], given: Collection[str]) -> list[str]:
    """Return what is wanted and is not there, in the order of the wish."""
    return [value for value in wanted if value not in given]
