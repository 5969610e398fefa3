"""Contrasts of the theme, computed from the sheet itself (RGAA 3.2 and 3.3)."""

import re
from pathlib import Path

import pytest

THEME = Path(__file__).resolve().parents[2] / "static/franceconnect/theme.css"
TEXT, CONTROL = 4.5, 3.0
PAIRS = [
    ("ink", "sheet", TEXT),
    ("ink", "page", TEXT),
    ("ink", "tint", TEXT),
    ("muted", "sheet", TEXT),
    ("muted", "tint", TEXT),
    ("accent", "sheet", TEXT),
    ("accent", "tint", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-accent", "accent-active", TEXT),
    ("ribbon-ink", "ribbon", TEXT),
    ("error", "sheet", TEXT),
    ("sheet", "error", TEXT),
    ("sheet", "warning", TEXT),
    ("sheet", "info", TEXT),
    ("sheet", "success", TEXT),
    ("control", "sheet", CONTROL),
    ("control", "tint", CONTROL),
    ("focus", "sheet", CONTROL),
    ("focus", "page", CONTROL),
    ("check", "sheet", CONTROL),
]


def colours(scheme: str) -> dict[str, str]:
    """Return the named colours of a scheme; dark redefines what light defines."""
    light, dark = THEME.read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--fc-([\w-]+): (#[0-9a-f]{3,6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--fc-([\w-]+): (#[0-9a-f]{3,6});", dark))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of a #rgb or #rrggbb colour (WCAG 2.1)."""
    digits = colour[1:]
    digits = digits if len(digits) == 6 else "".join(d * 2 for d in digits)
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_is_enough(scheme: str, front: str, back: str, least: float) -> None:
    named = colours(scheme)
    assert contrast(named[front], named[back]) >= least
