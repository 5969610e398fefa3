"""A page read as a person's tools read it: elements, their attributes and their text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr", "path", "rect"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "dt", "dd", "td", "th", "caption", "summary", "legend"}
BLOCKS |= {"label", "button", "title", "div"}


@dataclass
class Element:
    """One element of the tree; `children` holds elements and texts in reading order."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Yield this element and all that it contains, in reading order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list["Element"]:
        """Return the contained elements that bear one of these tags."""
        return [element for element in self.walk() if element.tag in tags]

    def text(self) -> str:
        """Return the text as shown: ASCII white space collapsed, narrow spaces kept."""
        parts = [c if isinstance(c, str) else c.text() for c in self.children]
        return " ".join("".join(parts).replace("\n", " ").split(" ")).strip()

    def prose(self) -> str:
        """Return the text of this block alone, without its inner blocks and without code."""
        parts = [self._prose_of(child) for child in self.children]
        return " ".join(word for word in "".join(parts).replace("\n", " ").split(" ") if word)

    def _prose_of(self, child: "Element | str") -> str:
        if isinstance(child, str):
            return child
        return "" if child.tag in BLOCKS | {"code", "time"} else child.prose()

    def inside(self, tag: str) -> bool:
        """Tell whether an ancestor bears this tag."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.here = Element("document", {})
        self.root = self.here

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def parse_page(html: str) -> Element:
    """Return the tree of a page; raise AssertionError when an element is left open."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is left open"
    return reader.root
