"""A trial as the back-office begins it, and as its report tells it."""

from apps.identity_providers.models import IdentityProvider, Trial
from apps.identity_providers.trial.report import Report
from apps.protocol.acr import Acr

REPORT_URL = "http://localhost:8002/essai/{}/"


def begin(provider: IdentityProvider, level: Acr = Acr.EIDAS1) -> tuple[Trial, str]:
    """Return a trial as the back-office makes it, and the address of its link."""
    trial, token = Trial.begun(provider, agent="denis", level=level, report_url=REPORT_URL.format)
    return trial, f"/api/v2/essai/{token}"


def report_of(trial: Trial) -> Report:
    """Return the report of a trial that is over."""
    trial.refresh_from_db()
    assert trial.is_over
    assert trial.found
    return trial.found
