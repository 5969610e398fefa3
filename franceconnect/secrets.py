"""The keys of a development machine, generated once under VAR_DIR and never shown.

`secrets.env` holds four 256-bit keys, `signing-keys.json` our private JWK Set. Both have mode 0600.
Losing them loses every account (IDENTITY_HASH_KEY) and every `sub` (SUBJECT_SECRET): what is
there is never replaced, a key added by a later version is appended. Production gives the same
names by its environment and never comes here.
"""

import fcntl
import json
import os
from pathlib import Path
from secrets import token_urlsafe

from apps.protocol.jose import Alg, generate_jwk

SECRETS_FILE = "secrets.env"
SIGNING_KEYS_FILE = "signing-keys.json"
NAMES = ("SECRET_KEY", "IDENTITY_HASH_KEY", "SUBJECT_SECRET", "SEALING_KEY")
KEY_LENGTH = 32  # bytes, written in base64url without padding
SIGNING_ALGORITHMS = (Alg.ES256, Alg.RS256)  # the first of each signs; ES256 is published first


def ensure(var_dir: Path) -> None:
    """Make sure that both files exist and are complete, for any number of callers at once."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "secrets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _complete_secrets(var_dir / SECRETS_FILE)
        if not (var_dir / SIGNING_KEYS_FILE).exists():
            keys = [generate_jwk(alg) for alg in SIGNING_ALGORITHMS]
            _write(var_dir / SIGNING_KEYS_FILE, json.dumps({"keys": keys}, indent=2) + "\n")


def _complete_secrets(path: Path) -> None:
    kept = path.read_text() if path.exists() else ""
    there = {line.partition("=")[0] for line in kept.splitlines()}
    added = [f"{name}={token_urlsafe(KEY_LENGTH)}\n" for name in NAMES if name not in there]
    if added:
        _write(path, kept + "".join(added))


def _write(path: Path, text: str) -> None:
    """Put a private file in place, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
