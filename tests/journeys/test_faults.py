"""Every named fault of the sandbox's accounts, played over HTTP against a broker that is impatient.

One test for each fault of the catalogue: one that is added there is tested here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
import requests

from apps.protocol import errors
from apps.sandbox.identity_provider.faults.catalogue import FAULTS
from apps.sandbox.identity_provider.faults.fault import Fault, Outcome
from apps.sandbox.identity_provider.faults.signatures import SIGNATURES
from franceconnect import embedded_postgres
from tests.journeys.live import Sandbox, running_sandbox
from tests.journeys.test_stock_clients import CALLBACK, register
from tests.journeys.walker import Walker

IDP_TIMEOUT = 1.5  # seconds
PATIENCE = 5.0  # seconds: one call that hangs, and the rest of the return
PAGE_STATUS = (400, 403, 502)
BEFORE_THE_RETURN = {"FC_AUTHORIZE_INITIATED", "FC_SHOWED_IDP_CHOICE", "IDP_CHOSEN"}
OF_THE_RETURN = {"IDP_CALLEDBACK", "FC_REQUESTED_IDP_TOKEN", "FC_REQUESTED_IDP_USERINFO"}
BREAKDOWNS = {"Y020026", "Y020027", "Y029002"}  # what counts against the account's circuit
IN_A_ROW = 3  # fewer than apps.wire.circuit.THRESHOLD, which would close the account to everybody


@dataclass(frozen=True)
class Stage:
    """What the faults are played on: a sandbox, its service, and the broker's journal."""

    sandbox: Sandbox
    authorize: str
    journal: psycopg.Connection
    breakdowns: list[str]  # since the last sign-in in earnest

    def spare(self, fault: Fault, account: str) -> None:
        """Sign in once in earnest before the circuit of an account could open."""
        if fault.code in BREAKDOWNS:
            self.breakdowns.append(account)
        if self.breakdowns.count(account) > IN_A_ROW:
            Walker(self.sandbox).come_back(self.authorize, account=account)
            self.breakdowns[:] = [other for other in self.breakdowns if other != account]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_sandbox(IDP_TIMEOUT=str(IDP_TIMEOUT)) as sandbox:
        register(sandbox, tmp_path_factory.mktemp("service"), client_id="faults")
        asked = {
            "response_type": "code", "client_id": "faults", "redirect_uri": CALLBACK,
            "scope": "openid email", "state": "s" * 32, "nonce": "n" * 32, "acr_values": "eidas1",
        }  # fmt: skip
        authorize = sandbox.url("broker", "/api/v2/authorize?") + urlencode(asked)
        host = str(embedded_postgres.socket_dir_for(sandbox.var_dir / "postgres"))
        with psycopg.connect(
            host=host, port=5432, user="franceconnect", dbname="franceconnect", autocommit=True
        ) as connection:
            yield Stage(sandbox, authorize, connection, [])


def played() -> Iterator[tuple[Fault, str]]:
    """Yield each fault with an account that plays it; those of signatures under RS256 as well."""
    for fault in FAULTS.values():
        accounts = sorted(fault.sites)
        yield fault, "impots" if "impots" in fault.sites else accounts[0]
        if fault in SIGNATURES and "laposte" in fault.sites:
            yield fault, "laposte"


def last_line(journal: psycopg.Connection) -> int:
    found = journal.execute("SELECT coalesce(max(id), 0) FROM audit_entry").fetchone()
    assert found
    return int(found[0])


@pytest.mark.parametrize(
    ("fault", "account"), [pytest.param(f, a, id=f"{f.slug} {a}") for f, a in played()]
)
def test_a_fault_ends_as_the_catalogue_says(fault: Fault, account: str, stage: Stage) -> None:
    stage.spare(fault, account)
    before = last_line(stage.journal)
    walker = Walker(stage.sandbox)
    answer = walker.come_back(stage.authorize, account=account, fault=fault.slug)
    lines = stage.journal.execute(
        "SELECT event, code, idp FROM audit_entry WHERE id > %s ORDER BY id", [before]
    ).fetchall()
    refusals = [(code, idp) for event, code, idp in lines if event == "SIGN_IN_REFUSED"]
    assert not [event for event, _, _ in lines if event == "FC_REDIRECTED_TO_SP"]
    assert not any(CALLBACK in step.headers.get("Location", "") for step in answer.history)
    assert answer.elapsed.total_seconds() < PATIENCE
    if fault.outcome is Outcome.ACCEPTED:
        assert answer.url.endswith("/consent")
        assert not refusals
    elif fault.outcome is Outcome.BACK_TO_CHOICE:
        assert re.search(r"/interaction/[^/]+$", answer.url), answer.url
        assert "Vous n’avez pas terminé la connexion" in answer.text
        assert "pirate" not in answer.text
        assert not refusals
    else:
        check_refusal(fault, answer)
        assert refusals == [(fault.code, account if is_tied(fault) else "")]
        told = {event for event, _, _ in lines} - OF_THE_RETURN
        assert told == BEFORE_THE_RETURN | {"SIGN_IN_REFUSED"}


def is_tied(fault: Fault) -> bool:
    """Tell whether the broker knows whose return this is: it names an account only then."""
    return fault.code not in (errors.CALLBACK_STATE_MISSING.code, errors.CALLBACK_STATE_WRONG.code)


def check_refusal(fault: Fault, answer: requests.Response) -> None:
    assert answer.status_code in PAGE_STATUS
    assert "/oidc-callback" in answer.url
    assert f"<strong>{fault.code}</strong>" in answer.text
    assert ("Choisir un autre compte" in answer.text) == is_tied(fault)


def test_after_a_fault_the_citizen_can_try_again(stage: Stage) -> None:
    walker = Walker(stage.sandbox)
    refused = walker.come_back(stage.authorize, fault="mauvaise-signature")
    choice = re.search(r'href="([^"]+/interaction/[^"/]+)"', refused.text)
    assert choice
    page = walker.session.get(stage.sandbox.url("broker", choice[1]), timeout=20)
    back = walker.choose_and_sign_in(page)
    assert "code=" in walker.go_on(back, callback=CALLBACK)


def test_F_039_no_answer_of_a_faulty_account_is_in_a_log(stage: Stage) -> None:
    Walker(stage.sandbox).come_back(stage.authorize, fault="html-jeton")
    Walker(stage.sandbox).come_back(stage.authorize, fault="tronque-identite")
    written = "".join(path.read_text() for path in Path(stage.sandbox.var_dir / "log").iterdir())
    assert "Y020026" in written
    for secret in ("Maintenance", "ORDINAIRE", "angele.ordinaire"):
        assert secret not in written
