"""Two addresses that should be equal: where they part, and what usually makes them part."""

LABEL = 9  # characters: plain spaces, which are all of one width, keep the mark under its character


def between(asked: str, published: str) -> str:
    """Return both addresses one under the other, a mark under the first difference, and the cause."""
    position = _first_difference(asked, published)
    lines = [
        f"{'demandé':{LABEL}}{asked}",
        f"{'publié':{LABEL}}{published}",
        " " * (LABEL + position) + "^",
        f"Première différence au caractère {position + 1} : {_cause(asked, published, position)}.",
    ]
    return "\n".join(lines)


def _first_difference(asked: str, published: str) -> int:
    for position, (left, right) in enumerate(zip(asked, published, strict=False)):
        if left != right:
            return position
    return min(len(asked), len(published))


def _cause(asked: str, published: str, position: int) -> str:
    if published == asked + "/":
        return "le document ajoute une barre oblique (/) à la fin"
    if asked == published + "/":
        return "il n’y a pas de barre oblique (/) à la fin dans le document"
    if asked.lower() == published.lower():
        return "une majuscule et une minuscule diffèrent"
    if asked.partition("://")[2] == published.partition("://")[2]:
        return "l’un est en http, l’autre en https"
    return f"« {_at(asked, position)} » demandé, « {_at(published, position)} » publié"


def _at(text: str, position: int) -> str:
    return text[position] if position < len(text) else "rien"
