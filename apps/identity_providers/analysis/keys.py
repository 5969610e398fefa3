"""The key set of a provider: usable for what it announces, strong, well named, and only public."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from apps.identity_providers.analysis import catalogue, network
from apps.identity_providers.analysis.asking import Reply
from apps.identity_providers.analysis.findings import Finding
from apps.identity_providers.analysis.members import listed
from apps.protocol import jose
from apps.protocol.jose import Alg

Entry = Mapping[str, object]
ASYMMETRIC: Final = (Alg.ES256, Alg.RS256)
LINES_SHOWN: Final = 20
_OF_SIGNATURE: Final = ("EC", "RSA")


def judge(reply: Reply, algs: Sequence[Alg]) -> list[Finding]:
    """Say what the key set is worth for these algorithms, those that the provider announces."""
    if reply.answer is None:
        return [_unread(reply, network.explain(reply))]
    if reply.answer.status != 200:
        return [_unread(reply, f"statut {reply.answer.status}")]
    try:
        entries = jose.entries(jose.parse_json(reply.answer.body))
    except jose.JoseError:
        return [_unread(reply, "ce n’est pas un jeu de clés JSON")]
    public = [entry for entry in entries if not jose.is_secret(entry)]
    return [
        catalogue.JWKS.conform(f"{reply.url}\n{_counted(len(entries))}"),
        _private(len(entries) - len(public)),
        _usable(public, algs),
        _strength(public),
        _names(public),
        _duplicates(public),
    ]


def _unread(reply: Reply, reason: str) -> Finding:
    if reply.failure and reply.failure.stage == "address":
        return catalogue.PUBLIC_ADDRESS.block(
            f"{reply.url} (jwks_uri)\n{reason}",
            "Demandez au fournisseur une adresse publique, sur un port admis, pour ses clés.",
        )
    return catalogue.JWKS.block(
        f"{reply.url}\n{reason}", "Vérifiez jwks_uri, et que FranceConnect peut lire cette adresse."
    )


def _private(count: int) -> Finding:
    if not count:
        return catalogue.PRIVATE_KEYS.conform("aucune")
    return catalogue.PRIVATE_KEYS.block(
        f"{_counted(count)} avec sa partie privée ou secrète",
        "Prévenez le fournisseur aussitôt : ces clés sont compromises et doivent être remplacées.",
    )


def _usable(entries: Sequence[Entry], algs: Sequence[Alg]) -> Finding:
    wanted = [alg for alg in ASYMMETRIC if alg in algs]
    if not wanted and algs:
        return catalogue.USABLE_KEYS.conform("HS256 n’utilise pas de clé publiée")
    usable = {alg: sum(_serves(entry, alg) for entry in entries) for alg in wanted or ASYMMETRIC}
    shown = listed(f"{alg} : {_counted(count)}" for alg, count in usable.items())
    lacking = [alg.value for alg, count in usable.items() if not count]
    if len(lacking) == len(usable):
        return catalogue.USABLE_KEYS.block(
            shown,
            "Demandez au fournisseur de publier une clé de signature EC P-256, ou RSA de 2048 bits.",
        )
    if lacking and wanted:
        return catalogue.USABLE_KEYS.warn(
            shown, f"N’inscrivez pas {listed(lacking)} dans la fiche tant que sa clé n’y est pas."
        )
    return catalogue.USABLE_KEYS.conform(shown)


def _serves(entry: Entry, alg: Alg) -> bool:
    try:
        return jose.load_public_keys({"keys": [entry]}).keys[0].alg is alg
    except jose.JoseError:
        return False


def _strength(entries: Sequence[Entry]) -> Finding:
    signing = _signing(entries)
    weak = [f"{_name(entry)} : {fault}" for entry in signing if (fault := _fault(entry))]
    if not weak:
        return catalogue.KEY_STRENGTH.conform(f"{_counted(len(signing))} de signature, sans défaut")
    return catalogue.KEY_STRENGTH.warn(
        "\n".join(_first(weak)),
        "FranceConnect ignore ces clés. Demandez au fournisseur de les remplacer, ou de les retirer.",
    )


def _first(lines: Sequence[str]) -> list[str]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - LINES_SHOWN
    return [*lines[:LINES_SHOWN], *([f"et {more} autres"] if more > 0 else [])]


def _fault(entry: Entry) -> str:
    """Return why a key that we should be able to use cannot be; nothing for one of another kind."""
    kty = entry.get("kty")
    if kty == "RSA" and (bits := _bits(entry.get("n"))) not in jose.RSA_BITS:
        return f"RSA de {bits} bits"
    alg = Alg.RS256 if kty == "RSA" else Alg.ES256
    if entry.get("alg", alg.value) != alg.value:
        return ""
    if kty == "EC" and entry.get("crv") != "P-256":
        return f"courbe {str(entry.get('crv'))[:20]}, P-256 attendue" if "alg" in entry else ""
    return "" if _serves(entry, alg) else "illisible ou incorrecte"


def _bits(modulus: object) -> int:
    """Return the length of a number written in base64url (RFC 7518 §2, Base64urlUInt)."""
    try:
        padded = f"{modulus}{'=' * (-len(str(modulus)) % 4)}"
        return int.from_bytes(base64.urlsafe_b64decode(padded), "big").bit_length()
    except ValueError:
        return 0


def _names(entries: Sequence[Entry]) -> Finding:
    signing = _signing(entries)
    nameless = sum(not isinstance(entry.get("kid"), str) for entry in signing)
    partial = listed(
        f"{member} absent de {_counted(count)}"
        for member in ("use", "alg")
        if (count := sum(member not in entry for entry in signing))
    )
    if nameless and len(signing) > 1:
        return catalogue.KEY_NAMES.warn(
            f"kid absent de {_counted(nameless)} sur {len(signing)}",
            "Demandez au fournisseur de nommer chaque clé (kid) et de citer ce nom dans ses jetons.",
        )
    return catalogue.KEY_NAMES.conform(partial or "chaque clé dit son nom et son usage")


def _duplicates(entries: Sequence[Entry]) -> Finding:
    counts = Counter((str(e["kid"]), str(e.get("kty"))) for e in entries if e.get("kid"))
    twice = [kid for (kid, _), count in counts.items() if count > 1]
    if not twice:
        return catalogue.DUPLICATES.conform("aucune")
    return catalogue.DUPLICATES.warn(
        listed(kid[:60] for kid in twice), "Demandez au fournisseur un kid différent par clé."
    )


def _signing(entries: Sequence[Entry]) -> list[Entry]:
    return [e for e in entries if e.get("use", "sig") == "sig" and e.get("kty") in _OF_SIGNATURE]


def _name(entry: Entry) -> str:
    return str(entry.get("kid") or f"clé {entry.get('kty')} sans nom")[:60]


def _counted(count: int) -> str:
    return f"{count} clé{'s' if count > 1 else ''}"
