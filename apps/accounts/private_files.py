"""Files that nobody else may read: private keys. Without Django: they are made before it starts."""

import os
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Put a file of mode 0600 in place, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
