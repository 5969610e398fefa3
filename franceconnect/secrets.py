"""The keys of a development machine, generated once under VAR_DIR and never shown.

`secrets.env` holds four 256-bit keys, `signing-keys.json` the private JWK Set that signs for services,
`client-keys.json` the one that identity providers know us by and encrypt to. All have mode 0600.
Losing them loses every account (IDENTITY_HASH_KEY) and every `sub` (SUBJECT_SECRET): what is
there is never replaced, a key added by a later version is appended. Production gives the same
names by its environment and never comes here.
"""

import fcntl
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from secrets import token_urlsafe

from apps.accounts import private_files
from apps.protocol import client_keys
from apps.protocol.jose import Alg, generate_jwk

SECRETS_FILE = "secrets.env"
SIGNING_KEYS_FILE = "signing-keys.json"
CLIENT_KEYS_FILE = "client-keys.json"
NAMES = ("SECRET_KEY", "IDENTITY_HASH_KEY", "SUBJECT_SECRET", "SEALING_KEY")
KEY_LENGTH = 32  # bytes, written in base64url without padding
SIGNING_ALGORITHMS = (Alg.ES256, Alg.RS256)  # the first of each signs; ES256 is published first


def ensure(var_dir: Path) -> None:
    """Make sure that the files exist and are complete, for any number of callers at once."""
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "secrets.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _complete_secrets(var_dir / SECRETS_FILE)
        _make_keys(var_dir / SIGNING_KEYS_FILE, lambda: map(generate_jwk, SIGNING_ALGORITHMS))
        _make_keys(
            var_dir / CLIENT_KEYS_FILE,
            lambda: map(client_keys.generate_jwk, client_keys.ALGORITHMS),
        )


def _make_keys(path: Path, generate: Callable[[], Iterable[dict[str, str]]]) -> None:
    if not path.exists():
        private_files.replace(path, json.dumps({"keys": list(generate())}, indent=2) + "\n")


def _complete_secrets(path: Path) -> None:
    kept = path.read_text() if path.exists() else ""
    there = {line.partition("=")[0] for line in kept.splitlines()}
    added = [f"{name}={token_urlsafe(KEY_LENGTH)}\n" for name in NAMES if name not in there]
    if added:
        private_files.replace(path, kept + "".join(added))
