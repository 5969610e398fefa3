"""The sandbox and the browser of the journeys, one of each for the whole run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.live import Sandbox, running_chromium, running_sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as live:
        yield live


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def context(chromium: Browser, javascript: bool) -> Iterator[BrowserContext]:
    """A new browser profile on a phone, which reports what the CSP refused."""
    made = chromium.new_context(
        java_script_enabled=javascript, viewport={"width": 360, "height": 740}, locale="fr-FR"
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; a refusal of the Content-Security-Policy anywhere fails the journey."""
    refused: list[str] = []
    tab = context.new_page()
    tab.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield tab
    assert not refused, refused
