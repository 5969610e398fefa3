"""Pages rendered without a view: the templates alone, with sample contexts."""

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings

from tests.pages.page import Element, parse_page
from tests.pages.samples import SAMPLES


@pytest.fixture(autouse=True)
def plain_static_names(settings: Settings) -> None:
    """Give static files their own names: no collectstatic is needed to render a page."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> str:
    """Return the name of each sample in turn."""
    return str(request.param)


@pytest.fixture
def html(sample: str) -> str:
    """Return a sample page as sent."""
    template, context = SAMPLES[sample]
    return render_to_string(template, context)


@pytest.fixture
def page(html: str) -> Element:
    """Return a sample page as a tree."""
    return parse_page(html)
