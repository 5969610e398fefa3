"""A folder as a person has it: reachable by other accounts, short enough for a socket."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from franceconnect import embedded_postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="fc-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def data_dir(folder: Path) -> Iterator[Path]:
    """A data folder that does not exist yet and leaves nothing behind."""
    yield folder / "postgres"
    embedded_postgres.remove(folder / "postgres")
