"""How a fault is asked for with the identifier: `00 01 123 456 789 C !mauvais-nonce`.

The mark is a space and an exclamation mark. No identifier holds that: the numbers hold no
exclamation mark, and an e-mail address, which may (RFC 5322 §3.2.3), holds no space.
"""

import re
from typing import Final

MARK: Final = " !"
_MARKED: Final = re.compile(r"(?P<identifier>.*?)\s+!(?P<slug>.*)", re.DOTALL)


def split(typed: str) -> tuple[str, str]:
    """Return the identifier and the name of the fault that was typed after it, "" when none was."""
    match = _MARKED.fullmatch(typed)
    return (match["identifier"], match["slug"].strip()) if match else (typed, "")


def join(identifier: str, slug: str) -> str:
    """Return what is typed to play a fault."""
    return identifier + MARK + slug
