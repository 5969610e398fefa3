"""The sandbox and the browser of the journeys, one of each for the whole run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.live import Sandbox, open_tab, running_chromium, running_sandbox


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
def page(chromium: Browser, javascript: bool) -> Iterator[Page]:
    """A tab of a new browser profile, on a phone."""
    with open_tab(chromium, javascript=javascript) as tab:
        yield tab
