"""Write the reference, or say which of its pages are stale."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from franceconnect import standalone

FOLDER = standalone.ROOT / "docs" / "reference"
SETTINGS = "franceconnect.settings.backoffice"


def main(arguments: Sequence[str]) -> int:
    """Return 0 when the pages were written, or are fresh."""
    standalone.ensure_secrets()
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django

    django.setup()
    from franceconnect.reference.pages import PAGES

    expected = {FOLDER / f"{page.name}.md": page.text for page in PAGES}
    return check(expected) if "--check" in arguments else write(expected)


def write(expected: dict[Path, str]) -> int:
    """Make the folder hold these pages and no other."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page in _surplus(expected):
        page.unlink()
    for page, text in expected.items():
        page.write_text(text)
    return 0


def check(expected: dict[Path, str]) -> int:
    """Name the pages that are not what the tables say."""
    stale = [
        page for page, text in expected.items() if not page.exists() or page.read_text() != text
    ]
    for page in [*stale, *_surplus(expected)]:
        name = page.relative_to(standalone.ROOT)
        print(f"{name} n’est plus à jour : lancez « make reference ».", file=sys.stderr)
    return 1 if stale or _surplus(expected) else 0


def _surplus(expected: dict[Path, str]) -> list[Path]:
    return [page for page in sorted(FOLDER.glob("*.md")) if page not in expected]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
