"""One picture of a whole page."""

from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.live import ROOT

SCREENS = ROOT / "docs" / "screens"


LONG = ("faults", "backoffice-journal")  # lists whose first screen says it all


def shoot(page: Page, name: str) -> None:
    """Write one picture, named after the page and the width."""
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"] if page.viewport_size else 0
    path: Path = SCREENS / f"{name}-{width}.png"
    page.screenshot(path=str(path), full_page=name not in LONG)
