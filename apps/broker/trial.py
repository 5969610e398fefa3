"""The trip of an agent who tries a provider: the two sides of it that are ours, and the report.

    leave      the link that the back-office made, used once       → the identity provider
    come_back  the return, the ordinary exchange, the report        → the agent's page

A trial has no service, no account, no session and no e-mail. The identity lives in memory for the
time of one request: what is kept describes its form. A provider is tried whether citizens see it or
not, within the limits that protect us from it (circuit, destinations).

A refusal of the provider is here a result, and not an answer to give: this is the one place, beside
the middleware, that catches a ProtocolError. Those of the trip itself (an unknown link, another
browser, a replay) are raised as everywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from apps.audit import events, journal
from apps.broker import age_gate
from apps.broker.journal_facts import of_request
from apps.broker.rp import backend as rp
from apps.broker.rp import departure
from apps.broker.rp.observed import ObservedBackend
from apps.identity_providers.models import IdentityProvider, Trial
from apps.identity_providers.trial import judging
from apps.identity_providers.trial.report import Report, Stage, Step, Stop
from apps.protocol import acr, authorization_response, decline, errors, jose, sealing
from apps.protocol.acr import Acr
from apps.protocol.authentication_request import Parameters
from apps.protocol.authorization_response import AuthorizationResponse
from apps.protocol.decline import Decline
from apps.protocol.errors import ProtocolError

_DECLINES = {
    Decline.CANCELLED: "Le fournisseur dit que la personne a renoncé (access_denied).",
    Decline.UNVERIFIED: "Le fournisseur dit que ce compte n’est pas vérifié, ou ne donne pas le niveau "
    "demandé (unmet_authentication_requirements).",
    Decline.FAILING: "Le fournisseur dit qu’il est en panne (server_error ou "
    "temporarily_unavailable).",
    Decline.OTHER: "Le fournisseur a renvoyé une erreur, sans code.",
}


@dataclass(frozen=True)
class Departure:
    """Where the browser goes: to the provider, or to the report when nobody can leave."""

    trial: Trial
    url: str
    secret: str


def leave(request: HttpRequest, token: str) -> Departure:
    """Use the link of a trial up, and return where the browser goes with its new secret.

    Raises ProtocolError: TRIAL_OVER.
    """
    waiting = _live().filter(start_fingerprint=sealing.fingerprint(token)).first()
    secret, trip = jose.random_token(), departure.draw()
    if waiting is None or not waiting.leave(token, browser=secret, state=trip.state):
        raise ProtocolError(errors.TRIAL_OVER)
    try:
        metadata = rp.configuration(waiting.provider)
    except ProtocolError as failure:
        _end(request, waiting, Report().stopped(Stage.DEPARTURE, failure))
        return Departure(waiting, waiting.report_url, secret)
    level = acr.to_ask(Acr(waiting.acr), waiting.provider.levels)
    url = departure.build_url(waiting.provider, metadata, trip, acr=level)
    return Departure(waiting, url, secret)


def find_return(state: str, browser: Mapping[UUID, str]) -> Trial:
    """Return the trial that this state was drawn for, in the browser that began it.

    browser   the secrets that it shows, by trial: without any, nothing is looked for
    Raises ProtocolError: CALLBACK_STATE_WRONG.
    """
    rows = _live().filter(state_fingerprint=sealing.fingerprint(state)) if browser else ()
    found = next(iter(rows), None)
    if found is None:
        raise ProtocolError(errors.CALLBACK_STATE_WRONG)
    if sealing.fingerprint(browser.get(found.pk, "")) != found.browser_fingerprint:
        # RFC 9700 §4.7: a return planted in another browser than the one that left.
        raise ProtocolError(errors.CALLBACK_STATE_WRONG, debug="other browser")
    return found


def come_back(request: HttpRequest, trial: Trial, parameters: Parameters, state: str) -> None:
    """Ask the provider as a sign-in does, and keep the report of what was found.

    Raises ProtocolError: CALLBACK_STATE_WRONG for a state that was used meanwhile.
    """
    if not trial.use_state_up(state):
        raise ProtocolError(errors.CALLBACK_STATE_WRONG, debug="already used")
    _end(request, trial, _report(request, trial, parameters, state))


def find_logout(state: str) -> Trial | None:
    """Return the trial whose agent comes back from the provider's logout, if this state names one.

    The id is no secret, and no capability: it leads to a page that only agents can read.
    """
    named = re.fullmatch(r"[0-9a-f]{32}", state)
    return Trial.objects.select_related("provider").filter(pk=state).first() if named else None


def _live() -> QuerySet[Trial]:
    return Trial.objects.select_related("provider").filter(expires_at__gt=datetime.now(UTC))


def _report(request: HttpRequest, trial: Trial, parameters: Parameters, state: str) -> Report:
    provider = trial.provider
    report = Report(
        steps=(Step(Stage.DEPARTURE),),
        id_token=_protection(provider, "id_token"),
        userinfo=_protection(provider, "userinfo"),
    )
    try:
        backend = ObservedBackend(provider)
        response = authorization_response.parse(
            parameters, issuer=provider.issuer, requires_iss=backend.metadata.requires_iss
        )
    except ProtocolError as failure:
        return report.stopped(Stage.RETURN, failure)
    if response.error:
        return replace(report, stop=_declined(response))
    report = replace(report, steps=(*report.steps, Step(Stage.RETURN)))
    return _exchanged(request, trial, backend, report, state)


def _exchanged(
    request: HttpRequest, trial: Trial, backend: ObservedBackend, report: Report, state: str
) -> Report:
    answer = failure = None
    try:
        answer = backend.exchange(request, departure.from_state(state))
    except ProtocolError as stopped:
        failure = stopped
    report = replace(report, steps=(*report.steps, *backend.steps))
    if backend.verified:
        asked = acr.to_ask(Acr(trial.acr), trial.provider.levels)
        token = backend.verified
        report = replace(
            report,
            level=judging.level(token.acr, asked=asked, provider=trial.provider),
            methods=judging.methods(token.amr, provider=trial.provider),
        )
    if answer:
        names, unnamed = judging.unknown(answer.claims)
        claims = judging.claims(answer.claims, today=age_gate.today())
        report = replace(report, claims=claims, unknown_names=names, unnamed=unnamed)
    return report.stopped(backend.stage, failure) if failure else report


def _declined(response: AuthorizationResponse) -> Stop:
    """Return why the provider sent the person back; its own words are not repeated (S-096)."""
    return Stop(Stage.RETURN, "", "", _DECLINES[decline.parse(response.error)])


def _protection(provider: IdentityProvider, answer: str) -> str:
    """Return how an answer is signed and encrypted by the row, which the exchange has enforced."""
    signed = getattr(provider, f"{answer}_signed_response_alg")
    alg = getattr(provider, f"{answer}_encrypted_response_alg")
    enc = getattr(provider, f"{answer}_encrypted_response_enc")
    signature = f"signé en {signed}" if signed else "JSON non signé"
    return f"{signature}, {f'chiffré en {alg} et {enc}' if alg else 'non chiffré'}"


def _end(request: HttpRequest, trial: Trial, report: Report) -> None:
    line = journal.line(
        events.IDENTITY_PROVIDER_TRIED,
        actor=trial.agent,
        idp=trial.provider.uid,
        idp_label=trial.provider.title,
        outcome=report.verdict.value,
        code=report.stop.code if report.stop else "",
        **of_request(request),
    )
    trial.end(report, line)
