"""Loaded before Django: the tests have their own folder, keys and PostgreSQL, apart from a sandbox's."""

import os
from pathlib import Path

_DEFAULT = Path(__file__).resolve().parent.parent / "var" / "test"
os.environ["VAR_DIR"] = os.environ.get("TEST_VAR_DIR", str(_DEFAULT))

from franceconnect import standalone  # noqa: E402

standalone.ensure_secrets()
(standalone.var_dir() / "static").mkdir(
    parents=True, exist_ok=True
)  # nothing is collected for tests
