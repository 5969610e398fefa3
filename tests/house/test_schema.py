"""Models and migrations of each site: nothing unmigrated, names as French writes them."""

import os
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

SITES = ["backoffice", "sandbox"]  # the back-office has every model of the broker


@pytest.mark.parametrize("site", SITES)
def test_models_have_their_migrations_and_names_in_small_letters(site: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.schema"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": f"franceconnect.settings.{site}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout.strip()
