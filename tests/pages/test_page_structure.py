"""Rules that hold on every page in every state (RGAA 4.1, and our content security policy)."""

import re
from collections import Counter
from itertools import pairwise

from django.contrib.staticfiles import finders

from tests.pages.page import Element
from tests.pages.samples import SAMPLES, SHELL

PAGE_BUDGET = 100_000  # bytes, before compression, icons included


def ids(page: Element) -> list[str]:
    return [e.attributes["id"] for e in page.walk() if "id" in e.attributes]


def test_a_page_is_in_french_and_has_one_main_heading(page: Element) -> None:
    assert page.all("html")[0].attributes["lang"] == "fr"
    assert len(page.all("h1")) == 1
    assert page.all("h1")[0].inside("main")


def test_headings_never_skip_a_level(page: Element) -> None:
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_title_names_the_step_the_service_and_the_site(page: Element, sample: str) -> None:
    context = SAMPLES[sample][1]
    end = " – FranceConnect" + (" (bac à sable)" if context.get("sandbox_ribbon") else "")
    service = f" – {context['service_name']}" if context.get("service_name") else ""
    title = page.all("title")[0].text()
    assert title.endswith(service + end)
    assert title.removesuffix(service + end)


def test_the_ribbon_is_there_in_the_sandbox_and_only_there(page: Element, sample: str) -> None:
    shown = "données fictives" in page.all("header")[0].text()
    assert shown == bool(SAMPLES[sample][1].get("sandbox_ribbon"))


def test_skip_links_come_first_and_lead_somewhere_that_takes_the_focus(page: Element) -> None:
    nav = page.all("nav")[0]
    assert nav.attributes["aria-label"] == "Accès rapide"
    assert page.all("a")[:2] == nav.all("a")
    for link in nav.all("a"):
        target = link.attributes["href"].removeprefix("#")
        [landing] = [e for e in page.walk() if e.attributes.get("id") == target]
        assert landing.attributes["tabindex"] == "-1"


def test_each_landmark_is_there_once(page: Element) -> None:
    roles = Counter(e.attributes.get("role") for e in page.walk())
    assert roles["banner"] == roles["main"] == roles["contentinfo"] == roles["navigation"] == 1


def test_ids_are_unique_and_references_lead_to_one(page: Element) -> None:
    known = ids(page)
    assert len(known) == len(set(known))
    for element in page.walk():
        for name in ("for", "aria-describedby", "aria-labelledby", "data-copy"):
            assert set(element.attributes.get(name, "").split()) <= set(known)
        if element.attributes.get("href", "").startswith("#"):
            assert element.attributes["href"][1:] in known


def test_every_field_has_a_visible_label_that_nothing_overrides(page: Element) -> None:
    labelled = {e.attributes["for"]: e for e in page.all("label")}
    for element in page.all("input", "select", "textarea"):
        if element.attributes.get("type") == "hidden":
            continue
        assert labelled[element.attributes["id"]].text()
        assert "aria-label" not in element.attributes


def test_every_button_is_a_real_one_with_a_text(page: Element) -> None:
    for button in page.all("button"):
        assert button.attributes["type"] in {"submit", "button"}
        assert button.text()
        assert not {"role", "disabled", "aria-label"} & set(button.attributes)


def test_every_form_posts_and_carries_the_csrf_token(page: Element) -> None:
    for form in page.all("form"):
        assert form.attributes["method"] == "post"
        names = [e.attributes.get("name") for e in form.all("input")]
        assert "csrfmiddlewaretoken" in names


def test_every_image_is_decorative_or_described(page: Element) -> None:
    for image in page.all("img"):
        assert "alt" in image.attributes
        assert {"width", "height"} <= set(image.attributes)


def test_nothing_inline_is_left_for_the_security_policy_to_refuse(page: Element) -> None:
    assert not page.all("style", "iframe", "base")
    for element in page.walk():
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        assert not element.attributes.get("href", "").startswith("javascript:")
    assert all(script.attributes.get("src") for script in page.all("script"))


def assets(page: Element) -> list[str]:
    """Return the addresses the browser fetches by itself to show the page."""
    return [
        e.attributes.get("src") or e.attributes["href"] for e in page.all("link", "script", "img")
    ]


def test_a_page_asks_nothing_of_another_site(page: Element) -> None:
    assert all(re.match(r"/static/[\w./-]+$", address) for address in assets(page))


def test_a_page_with_all_its_files_weighs_less_than_100_kilobytes(html: str, page: Element) -> None:
    weight = len(html.encode())
    for address in set(assets(page)):
        if "/pictograms/nouveau" in address:
            continue
        path = finders.find(address.removeprefix("/static/"))
        assert path, f"{address} is not served"
        with open(path, "rb") as file:
            weight += len(file.read())
    assert weight < PAGE_BUDGET


def test_the_shell_needs_no_context() -> None:
    assert SAMPLES["500"][1] == {}
    assert set(SHELL) == {"sandbox_ribbon", "csrf_token"}
