"""Step 10 of the main journey: the administrator and the auditor, beside a sandbox that runs."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Sandbox
from tests.journeys.test_one_button import press_franceconnect, sign_in_at_impots

pytestmark = pytest.mark.browser


def log_in(page: Page, sandbox: Sandbox, name: str) -> None:
    page.goto(sandbox.url("backoffice", "/"))
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(sandbox.staff()[name])
    page.locator("input[type=submit], button[type=submit]").first.click()
    expect(page.locator("#user-tools, header")).not_to_have_count(0)


def test_a_closed_account_shows_at_once_and_the_journal_tells(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url("sandbox", "/mairie/"))
    press_franceconnect(page)
    sign_in_at_impots(page, sandbox)
    choice_of = page.url
    page.get_by_role("button", name="Continuer sur Mairie de Saint-Exemple").click()
    log_in(page, sandbox, "admin")
    page.goto(sandbox.url("backoffice", "/identity_providers/identityprovider/"))
    page.get_by_role("link", name=re.compile("Assurance Maladie")).first.click()
    page.locator("#id_active").uncheck()
    page.locator("#id_change_reason").fill("maintenance annoncée par le partenaire")
    page.locator("input[name=_save]").click()
    expect(page.locator(".success, .messagelist")).not_to_have_count(0)
    try:
        _expect_unavailable(page, sandbox)
    finally:
        page.goto(sandbox.url("backoffice", "/identity_providers/identityprovider/"))
        page.get_by_role("link", name=re.compile("Assurance Maladie")).first.click()
        page.locator("#id_active").check()
        page.locator("#id_change_reason").fill("fin de la maintenance du partenaire")
        page.locator("input[name=_save]").click()
    sign_in_id = choice_of.split("/interaction/")[1].split("/")[0]
    page.goto(sandbox.url("backoffice", f"/audit/entry/connexion/{sign_in_id}/"))
    for step in ("1.0.0", "2.0.0", "3.0.0", "5.0.0", "6.1.0", "7.0.0", "7.2.0", "7.3.0"):
        expect(page.get_by_text(step, exact=True).first).to_be_visible()


def _expect_unavailable(page: Page, sandbox: Sandbox) -> None:
    fresh = page.context.browser.new_context() if page.context.browser else None
    assert fresh
    tab = fresh.new_page()
    tab.goto(sandbox.url("sandbox", "/mairie/"))
    press_franceconnect(tab)
    expect(tab.get_by_text("Indisponible pour le moment")).to_be_visible()
    expect(tab.get_by_role("button", name=re.compile("Assurance Maladie"))).to_have_count(0)
    fresh.close()


def test_an_auditor_reads_the_journal_and_changes_nothing(page: Page, sandbox: Sandbox) -> None:
    log_in(page, sandbox, "auditeur")
    page.goto(sandbox.url("backoffice", "/audit/entry/"))
    expect(page.locator("h1").first).to_be_visible()
    page.goto(sandbox.url("backoffice", "/identity_providers/identityprovider/"))
    page.get_by_role("link", name=re.compile("Impôts")).first.click()
    expect(page.locator("input[name=_save]")).to_have_count(0)
    answer = page.goto(sandbox.url("backoffice", "/identity_providers/identityprovider/add/"))
    assert answer is not None
    assert answer.status == 403
