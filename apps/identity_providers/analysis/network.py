"""Name, connection, TLS, HTTP: which of them failed, in the order in which a request meets them."""

import ssl
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from apps.identity_providers import destinations
from apps.identity_providers.analysis import catalogue
from apps.identity_providers.analysis.asking import Reply
from apps.identity_providers.analysis.findings import Check, Finding
from apps.identity_providers.wire import Stage

SOON: Final = 21  # days: an automatic renewal would have happened
DAY: Final = 86_400  # seconds
MODERN: Final = frozenset({"TLSv1.2", "TLSv1.3"})

# OpenSSL's X509_V_ERR_… (x509_vfy.h).
_CERTIFICATE_FAULTS: Final = {
    9: "le certificat n’est pas encore valide",
    10: "le certificat a expiré",
    18: "le certificat est auto-signé",
    19: "la chaîne de certificats finit par un certificat auto-signé, inconnu d’ici",
    20: "l’autorité du certificat est inconnue, ou un certificat intermédiaire manque",
    21: "la chaîne de certificats est incomplète",
    62: "le certificat est celui d’un autre nom",
    64: "le certificat est celui d’une autre adresse",
}
_STEPS: Final[tuple[tuple[Stage, Check], ...]] = (
    (Stage.DNS, catalogue.DNS),
    (Stage.TCP, catalogue.TCP),
    (Stage.TLS, catalogue.TLS),
    (Stage.HTTP, catalogue.HTTP),
)
_MENDS: Final = {
    Stage.DNS: "Vérifiez l’orthographe du nom, et qu’il est publié dans le DNS que FranceConnect lit.",
    Stage.TCP: "Vérifiez le port, et que le pare-feu du fournisseur laisse passer FranceConnect.",
    Stage.TLS: "Faites installer un certificat valide pour ce nom, avec sa chaîne, en TLS 1.2 ou 1.3.",
    Stage.HTTP: "Vérifiez que le serveur répond à cette adresse, depuis le réseau de FranceConnect.",
    Stage.TIME: "Vérifiez que le serveur répond à cette adresse, depuis le réseau de FranceConnect.",
    Stage.SIZE: "Vérifiez que cette adresse sert bien un document de découverte.",
}
_IN_CLEAR: Final = (
    "Vérifiez le port : celui-ci répond en clair. Sinon, demandez au fournisseur d’y servir TLS 1.2 ou "
    "1.3, avec un certificat valide pour ce nom."
)


def explain(reply: Reply) -> str:
    """Return why there is no answer, in French, or nothing when there is one."""
    failure = reply.failure
    if failure is None:
        return ""
    if failure.stage is Stage.ADDRESS:
        return f"adresse refusée : {refusal(reply.url)}"
    if failure.is_in_clear:
        return "échec TLS : le serveur ne parle pas TLS sur ce port"
    if failure.stage is Stage.TLS:
        reason = _CERTIFICATE_FAULTS.get(failure.verify_code, "la négociation TLS a échoué")
        return f"échec TLS : {reason}"
    return {
        Stage.DNS: "échec DNS : le nom ne correspond à aucune adresse",
        Stage.TCP: "échec TCP : la connexion est refusée ou ne s’établit pas",
        Stage.TIME: f"échec HTTP : pas de réponse complète en {settings.IDP_TIMEOUT:g} s",
        Stage.SIZE: "échec HTTP : la réponse est trop longue",
    }.get(failure.stage, "échec HTTP : la réponse est coupée ou n’est pas du HTTP")


def refusal(url: str) -> str:
    """Return the rule by which the guard of our calls refused this address."""
    return destinations.fault(url) or "ce nom désigne une adresse privée, locale ou réservée."


def judge(reply: Reply) -> list[Finding]:
    """Say how far a request went: what succeeded, what failed; what comes after is not said."""
    if reply.failure is None:
        return [*_succeeded(reply), *_of_tls(reply)]
    failure = reply.failure
    if failure.stage is Stage.ADDRESS:
        return [_refused(reply.url)]
    failed = failure.stage if failure.stage in dict(_STEPS) else Stage.HTTP
    found: list[Finding] = []
    for stage, check in _STEPS:
        if stage is failed:
            observed = f"{reply.url}\n{explain(reply)}"
            mend = _IN_CLEAR if failure.is_in_clear else _MENDS[failure.stage]
            return [*found, check.block(observed, mend)]
        if stage is not Stage.TLS or reply.url.startswith("https:"):
            found.append(check.conform(_success(stage, reply.url)))
    return found


def _refused(url: str) -> Finding:
    return catalogue.PUBLIC_ADDRESS.block(
        f"{url}\n{refusal(url)}",
        "Donnez une adresse publique, sur un port admis. Pour un bac à sable, autorisez-la dans les "
        "réglages.",
    )


def _succeeded(reply: Reply) -> list[Finding]:
    return [
        check.conform(_success(stage, reply.url))
        for stage, check in _STEPS
        if stage in (Stage.DNS, Stage.TCP)
    ]


def _success(stage: Stage, url: str) -> str:
    host = _host(url)
    if stage is Stage.DNS:
        return f"{host}, adresse IP" if destinations.literal(host) else f"{host} est résolu"
    return f"{host} répond"


def _of_tls(reply: Reply) -> list[Finding]:
    tls = reply.answer.tls if reply.answer else None
    if tls is None:
        return []
    if tls.version in MODERN:
        trusted = catalogue.TLS.conform(f"{tls.version}, certificat reconnu pour ce nom")
    else:
        trusted = catalogue.TLS.warn(tls.version or "version inconnue", _MENDS[Stage.TLS])
    return [trusted, _expiry(tls.not_after, now=reply.at)]


def _expiry(not_after: str, *, now: float) -> Finding:
    end = ssl.cert_time_to_seconds(not_after)
    days = int((end - now) // DAY)
    date = datetime.fromtimestamp(end, UTC).strftime("%d/%m/%Y")
    observed = f"expire dans {days} jour{'s' if days > 1 else ''}, le {date}"
    if days >= SOON:
        return catalogue.CERTIFICATE.conform(observed)
    return catalogue.CERTIFICATE.warn(
        observed, "Faites renouveler le certificat avant cette date, ou vérifiez qu’il l’est seul."
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
