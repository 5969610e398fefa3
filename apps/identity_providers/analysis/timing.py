"""The clock of a provider, by its Date header, and the time it takes to answer."""

from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import Final

from django.conf import settings

from apps.identity_providers.analysis import catalogue
from apps.identity_providers.analysis.asking import Reply
from apps.identity_providers.analysis.findings import UNREACHED, Finding
from apps.identity_providers.wire import Stage
from apps.protocol.id_token import LEEWAY

FAR: Final = 60  # seconds: beyond, no token of a minute can be accepted
SLOW: Final = 1.0  # seconds


def clock(reply: Reply) -> Finding:
    """Say how far the provider's clock is from ours, to the second (RFC 9110 §6.6.1)."""
    date = reply.answer.headers.get("Date", "") if reply.answer else ""
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):  # a year or an offset that no calendar has
        return catalogue.CLOCK.warn(
            "en-tête Date absent ou illisible",
            "Faites confirmer que l’horloge suit un serveur NTP.",
        )
    skew = round(theirs - (reply.at - reply.seconds / 2))
    if abs(skew) <= 1:
        return catalogue.CLOCK.conform("à l’heure")
    observed = f"{'avance' if skew > 0 else 'retard'} de {abs(skew)} s"
    if abs(skew) <= LEEWAY:
        return catalogue.CLOCK.conform(f"{observed}, toléré jusqu’à {LEEWAY} s")
    mend = (
        "Demandez au fournisseur de régler ses horloges sur un serveur NTP. L’heure lue est celle du "
        "serveur web : si les jetons viennent d’une autre machine, vérifiez la sienne."
    )
    judged = catalogue.CLOCK.warn if abs(skew) <= FAR else catalogue.CLOCK.block
    return judged(f"{observed} (écart toléré : {LEEWAY} s)", mend)


def speed(replies: Sequence[Reply]) -> Finding:
    """Say how long the slowest answer took; a request without an answer took no time of its own."""
    late = [r for r in replies if r.failure and r.failure.stage is Stage.TIME]
    if late:
        return catalogue.RESPONSE_TIME.block(
            f"plus de {seconds(settings.IDP_TIMEOUT)} pour {late[0].url.partition('?')[0]}",
            "À ce rythme, chaque connexion échoue. Voyez avec le fournisseur ce qui le ralentit.",
        )
    answered = [reply for reply in replies if reply.answer]
    if not answered:
        return catalogue.RESPONSE_TIME.skip(UNREACHED)
    slowest = max(answered, key=lambda reply: reply.seconds)
    observed = f"{seconds(slowest.seconds)} au plus, pour {slowest.url.partition('?')[0]}"
    if slowest.seconds > SLOW:
        return catalogue.RESPONSE_TIME.warn(
            observed, f"Au-delà de {seconds(SLOW)}, l’usager attend. Voyez avec le fournisseur."
        )
    return catalogue.RESPONSE_TIME.conform(observed)


def seconds(value: float) -> str:
    """Return a duration as it is written in French: « 0,3 s »."""
    return f"{value:.1f}".replace(".", ",") + " s"
