"""The files of the sandbox that nobody else may read: keys, client secrets, partner files.

They live in VAR_DIR/sandbox with mode 0600. A value that exists is kept: a second seed changes
neither a key nor a secret.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from apps.protocol.jose import random_token

CLIENTS = "clients.json"


class NotSeeded(Exception):
    """A file that `manage.py seed_sandbox` writes is missing."""


def read(name: str) -> dict[str, object]:
    """Return a JSON object of the sandbox. Raises NotSeeded."""
    try:
        content: dict[str, object] = json.loads(_path(name).read_text())
    except FileNotFoundError:
        raise NotSeeded(
            f"{_path(name)} n’existe pas\u202f: lancez «\u202fmanage.py seed_sandbox\u202f»."
        ) from None
    return content


def write(name: str, content: dict[str, object]) -> Path:
    """Put a JSON object in place, whole or not at all, readable by its owner only."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
    draft.replace(path)
    return path


def ensure(name: str, make: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Return the content of a file, made now if it is the first time."""
    if not _path(name).exists():
        write(name, make())
    return read(name)


def ensure_client_secrets(client_ids: list[str]) -> dict[str, str]:
    """Return the secret of each client, generated for those that have none yet."""
    kept = read(CLIENTS) if _path(CLIENTS).exists() else {}
    secrets = {client_id: str(kept.get(client_id) or random_token()) for client_id in client_ids}
    if secrets != kept:
        write(CLIENTS, dict(secrets))
    return secrets


def client_secret(client_id: str) -> str:
    """Return the secret of one client. Raises NotSeeded."""
    secret = read(CLIENTS).get(client_id)
    if not isinstance(secret, str):
        raise NotSeeded(f"{CLIENTS}: aucun secret pour {client_id}.")
    return secret


def _path(name: str) -> Path:
    return Path(settings.VAR_DIR) / "sandbox" / name
