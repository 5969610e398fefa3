"""The sign-in, readable in one file: what happens to a citizen, in the order it happens.

    1  begin      the service sends us a citizen              GET|POST /api/v2/authorize
       recognise  … who is already signed in (SSO)
    2  offer      we show the identity providers
    3  choose     the citizen picks one                       → the identity provider
    4  come_back  the identity provider returns the citizen   callback
    5  verify     level, civil identity, account
    6  inform     what the service is about to receive
    7  grant      code to the service, e-mail to the citizen
    8  leave      in apps.broker.leaving: logout of the service, of us, of the identity provider
       the ways back from any open step are in apps.broker.turning_back

A step never calls another step: it moves one SignIn along `protocol.journey` and returns; the view
then goes where `next_step` says. A step that succeeds has
journalled itself in the statement that moved it (`SignIn.moving`); one that fails
leaves it where it was, raises ProtocolError and is journalled by the middleware; what may be used
once (a state, a code) stays used. No call to another machine happens inside
a transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

from apps.accounts.models import Account
from apps.audit import events, journal
from apps.broker import (
    age_gate,
    answer,
    civil_status,
    eligibility,
    lookups,
    sealed_identity,
    sso,
    trail,
    transfer,
)
from apps.broker.answer import Answer
from apps.broker.boxes import Purpose
from apps.broker.journal_facts import of_request, of_sign_in
from apps.broker.models import LIFETIME, SignIn
from apps.broker.op import backend as op
from apps.broker.rp import backend as rp
from apps.broker.rp import departure
from apps.broker.sealed_identity import Held
from apps.identity_providers.models import IdentityProvider
from apps.notifications import kinds, outbox, policy
from apps.protocol import (
    acr,
    authentication_request,
    authorization_response,
    decline,
    errors,
    jose,
    pivot,
    sealing,
    subject,
)
from apps.protocol.authentication_request import AuthenticationRequest, Parameters
from apps.protocol.errors import ProtocolError
from apps.protocol.journey import CHOICE_STATES, Event, State
from apps.service_providers.models import ServiceProvider
from apps.statements import writing


@dataclass(frozen=True)
class Offered:
    """One identity provider of the choice page, with why it cannot be chosen now, if so."""

    provider: IdentityProvider
    refusal: errors.ErrorSpec | None

    @property
    def is_available(self) -> bool:
        return self.refusal is None


# --- 1. begin ---------------------------------------------------------------------------------------


def find_service(parameters: Parameters) -> ServiceProvider:
    """Return the active service that asks. Raises ProtocolError: UNKNOWN_CLIENT, REQUEST_UNREADABLE."""
    client_id = authentication_request.client_id_of(parameters)
    service = lookups.SERVICE.first(client_id)
    if service is None or not service.active:
        raise ProtocolError(errors.UNKNOWN_CLIENT)
    return service


def begin(
    request: HttpRequest, parameters: Parameters, service: ServiceProvider, *, has_session: bool
) -> tuple[SignIn, str]:
    """Return a new sign-in and its bearer secret, which only the browser will hold.

    has_session   the browser shows a session cookie, which `recognise` will judge
    Raises ProtocolError: the rules of authentication_request, LOGIN_REQUIRED.
    """
    asked = authentication_request.parse(parameters, policy=service.policy)
    secret = jose.random_token()
    sign_in = SignIn(
        service_provider=service,
        state=_first_state(asked, has_session=has_session),
        request=asked.to_dict(),
        fingerprint=sealing.fingerprint(secret),
        expires_at=datetime.now(UTC) + LIFETIME,
    )
    begun = journal.line(
        events.FC_AUTHORIZE_INITIATED,
        scope=" ".join(asked.scope),
        **of_sign_in(sign_in),
        **of_request(request),
    )
    writing.insert(writing.row_of(sign_in), begun)
    return sign_in, secret


def _first_state(asked: AuthenticationRequest, *, has_session: bool) -> State:
    if has_session and not {"login", "select_account"} & set(asked.prompt):
        return State.RECOGNISING
    if "none" in asked.prompt:
        raise ProtocolError(errors.LOGIN_REQUIRED)
    return State.HINTED if asked.idp_hint else State.CHOOSING


def recognise(request: HttpRequest, sign_in: SignIn, session_secret: str) -> str:
    """Sign a recognised citizen in without a new authentication, or fall back on the choice.

    Returns the sign-in's new bearer secret, "" when nobody is recognised: one that was planted in
    the browser before dies (S-125). The session serves when it is alive, its account and its identity provider still are, this
    service accepts that provider, and its level and age satisfy the request. A citizen too young
    for this service is refused, whatever the age that another service asked.
    Raises ProtocolError: UNDER_AGE, UNDER_SERVICE_AGE; LOGIN_REQUIRED for prompt=none when the
    session does not serve.
    """
    session = sso.find(session_secret)
    if session is None or not sso.serves(session, sign_in):
        if "none" in sign_in.asked.prompt:
            raise ProtocolError(errors.LOGIN_REQUIRED)
        event = Event.HINT if sign_in.asked.idp_hint else Event.FORGET
        with sign_in.moving(event) as written:
            written += sso.forgotten(session, sign_in)
        return ""
    held = sealed_identity.open_box(session.sealed, session_secret, Purpose.SESSION)
    too_young = age_gate.refusal(held.identity, sign_in.service_provider)
    if too_young:
        # A page cannot be shown to prompt=none (OIDC Core §3.1.2.6), nor the age told to the service.
        raise ProtocolError(errors.LOGIN_REQUIRED if "none" in sign_in.asked.prompt else too_young)
    level = acr.capped(acr.Acr(session.acr), served=sign_in.service_provider.served_acr)
    secret = jose.random_token()
    with sign_in.moving(
        Event.RECOGNISE,
        fingerprint=sealing.fingerprint(secret),
        is_sso=True,
        account=session.account,
        identity_provider=session.identity_provider,
        browsing_session=session.browsing_session,
        idp_acr=session.acr,
        acr=level,
        amr=session.amr,
        auth_time=session.auth_time,
        sealed=sealed_identity.seal(held, secret, Purpose.SIGN_IN),
    ) as written:
        facts = {**of_sign_in(sign_in), **of_request(request)}
        recognised = (events.FC_SSO_INITIATED, events.FC_VERIFIED)
        written.append(journal.lines(journal.build(event, **facts) for event in recognised))
    return secret


# --- 2. offer ---------------------------------------------------------------------------------------


def offer(request: HttpRequest, sign_in: SignIn) -> list[Offered]:
    """Return the identity providers on display, each with why it cannot be chosen now, if so.

    Raises ProtocolError: STEP_REFUSED, STEP_REPLAYED, NO_PROVIDER.
    """
    _check_choice(sign_in)
    offered = [
        Offered(provider, eligibility.refusal_to_leave(provider, sign_in))
        for provider in lookups.DISPLAYED.all()
    ]
    if not any(entry.is_available for entry in offered):
        raise ProtocolError(errors.NO_PROVIDER)
    journal.append(
        events.FC_SHOWED_IDP_CHOICE, **of_sign_in(sign_in, provider=False), **of_request(request)
    )
    return offered


def _check_choice(sign_in: SignIn) -> None:
    if sign_in.state not in CHOICE_STATES:
        is_over = sign_in.state in (State.GRANTED, State.ABANDONED)
        raise ProtocolError(errors.STEP_REPLAYED if is_over else errors.STEP_REFUSED)


# --- 3. choose --------------------------------------------------------------------------------------


def find_choice(sign_in: SignIn, uid: str) -> IdentityProvider:
    """Return the identity provider that was named, if it may be left for; nothing has changed yet.

    Raises ProtocolError: IDP_UNKNOWN, IDP_INACTIVE, IDP_UNAVAILABLE, IDP_FILTERED, ACR_TOO_LOW, STEP_*.
    """
    _check_choice(sign_in)
    return eligibility.provider_named(uid, sign_in)


def choose(request: HttpRequest, sign_in: SignIn, provider: IdentityProvider) -> str:
    """Return the address of the provider that `find_choice` found; the citizen known so far is forgotten.

    Raises ProtocolError: IDP_UNAVAILABLE, STEP_*.
    """
    metadata = rp.configuration(provider)
    trip = departure.draw()
    event = (
        events.FC_REDIRECTED_TO_HINTED_IDP if sign_in.state == State.HINTED else events.IDP_CHOSEN
    )
    with sign_in.moving(
        Event.CHOOSE,
        identity_provider=provider,
        idp_state_fingerprint=sealing.fingerprint(trip.state),
        account=None,
        sealed=None,
        is_sso=False,
    ) as written:
        written.append(journal.line(event, **of_sign_in(sign_in), **of_request(request)))
    level = acr.to_ask(sign_in.asked.acr, provider.levels)
    return departure.build_url(provider, metadata, trip, acr=level)


# --- 4. come back -----------------------------------------------------------------------------------


def find_return(state: str) -> SignIn | None:
    """Return the sign-in that this state was drawn for, None when it is that of none or too late."""
    sign_in = lookups.RETURNING.first(sealing.fingerprint(state))
    return sign_in if sign_in and sign_in.expires_at > datetime.now(UTC) else None


def come_back(
    request: HttpRequest, sign_in: SignIn, parameters: Parameters, state: str
) -> rp.VerifiedAnswer | None:
    """Return the provider's verified answer, or None when it sent the citizen back with an error.

    The state is used up first, so that a replay, even in parallel, finds nothing.
    Raises ProtocolError: CALLBACK_*, IDP_*, ID_TOKEN_*.
    """
    provider = eligibility.provider_of(sign_in)
    backend = rp.ProviderBackend(provider)  # a provider that nobody reaches now uses nothing up
    if not sign_in.use_state_up(sealing.fingerprint(state)):
        raise ProtocolError(errors.CALLBACK_STATE_WRONG, debug="already used")
    response = authorization_response.parse(
        parameters, issuer=provider.issuer, requires_iss=backend.metadata.requires_iss
    )
    if response.error:
        with sign_in.moving(Event.DECLINE, decline=decline.parse(response.error)) as written:
            facts = {**of_sign_in(sign_in), **of_request(request)}
            written.append(journal.line(events.IDP_CALLEDBACK_WITH_ERROR, **facts))
        return None
    return backend.exchange(request, departure.from_state(state))


# --- 5. verify --------------------------------------------------------------------------------------


def verify(request: HttpRequest, sign_in: SignIn, received: rp.VerifiedAnswer) -> str:
    """Believe what was received, find the account, and return the sign-in's new bearer secret.

    The secret is renewed here: one that was planted before the citizen came dies (ASVS 7.2.4).
    What was asked of the provider and of the civil register is journalled, whatever comes of it.
    Raises ProtocolError: ACR_*, IDENTITY_MALFORMED, EMAIL_MISSING, UNDER_AGE, UNDER_SERVICE_AGE,
    REGISTER_*, ACCOUNT_DISABLED, STEP_*.
    """
    provider = eligibility.provider_of(sign_in)
    with trail.of_return(request, sign_in, received) as happened:
        level = acr.check_returned(
            received.id_token.acr,
            requested=acr.to_ask(sign_in.asked.acr, provider.levels),
            allowed=provider.levels,
        )
        identity = _believed(sign_in, received, happened)
        identity_hash = subject.identity_hash(identity.civil, key=settings.IDENTITY_HASH_KEY)
        held = Held(identity, received.id_token_hint)
        secret = jose.random_token()
        with Account.recognised(identity_hash, now=datetime.now(UTC)) as (account, signed_in):
            if not account.active:
                raise ProtocolError(errors.ACCOUNT_DISABLED)
            with sign_in.moving(
                Event.COME_BACK,
                account=account,
                fingerprint=sealing.fingerprint(secret),
                sealed=sealed_identity.seal(held, secret, Purpose.SIGN_IN),
                idp_acr=level,
                acr=acr.capped(level, served=sign_in.service_provider.served_acr),
                amr=provider.methods_used(received.id_token.amr),
                auth_time=received.id_token.auth_time,
            ) as written:
                written += [*signed_in, trail.verified(request, sign_in, received, happened)]
    return secret


def _believed(
    sign_in: SignIn, received: rp.VerifiedAnswer, happened: list[events.Event]
) -> pivot.ReceivedIdentity:
    """Return the identity that the provider gives and the civil register confirms.

    A minor is refused before the register is asked, and again if the register knows better.
    """
    service = sign_in.service_provider
    identity = pivot.parse(received.claims, today=age_gate.today())
    age_gate.check(identity, service)
    identity = civil_status.verified(identity, eligibility.provider_of(sign_in), happened)
    age_gate.check(identity, service)
    return identity


# --- 6. inform --------------------------------------------------------------------------------------


def inform(request: HttpRequest, sign_in: SignIn, secret: str) -> pivot.ReceivedIdentity:
    """Return the identity to show on the information page.

    Raises ProtocolError: STEP_REFUSED, STEP_REPLAYED, SESSION_MISSING.
    """
    identity = held_by(sign_in, secret).identity
    journal.append(
        events.FC_SHOWED_CONSENT,
        claims=" ".join(transfer.claim_names(sign_in.asked.scope)),
        **of_sign_in(sign_in),
        **of_request(request),
    )
    return identity


def held_by(sign_in: SignIn, secret: str) -> Held:
    """Return what the browser's secret opens. Raises ProtocolError: STEP_*, SESSION_MISSING."""
    if sign_in.state != State.INFORMING or sign_in.sealed is None:
        is_over = sign_in.state in (State.GRANTED, State.ABANDONED)
        raise ProtocolError(errors.STEP_REPLAYED if is_over else errors.STEP_REFUSED)
    return sealed_identity.open_box(sign_in.sealed, secret, Purpose.SIGN_IN)


# --- 7. grant ---------------------------------------------------------------------------------------


def grant(
    request: HttpRequest,
    sign_in: SignIn,
    secret: str,
    session_secret: str,
    *,
    page_shown: bool = True,
) -> Answer:
    """Give the code to the service; tell the citizen by e-mail; remember the browser.

    Fact, journal and message are one statement. A second submission finds the step used up, and
    the answer kept for it (`apps.broker.answer`).
    Raises ProtocolError: STEP_REFUSED, STEP_REPLAYED, SESSION_MISSING, ACCOUNT_DISABLED.
    """
    held = held_by(sign_in, secret)
    if sign_in.account is None or not sign_in.account.active:
        raise ProtocolError(errors.ACCOUNT_DISABLED)
    claims = transfer.claims_for(sign_in, held)
    now = datetime.now(UTC)
    url, code = op.issue_code(request, sign_in, claims)
    session_secret, session = sso.remember(sign_in, held, session_secret, now)
    given = Answer(url, session_secret)
    with sign_in.moving(Event.GRANT, sealed=answer.seal(given, secret)) as written:
        lines = transfer.lines(request, sign_in, claims, page_shown=page_shown)
        written += [code, session, lines, *_notices(sign_in, held, now)]
    return given


def _notices(sign_in: SignIn, held: Held, now: datetime) -> list[writing.Insertion]:
    if not policy.is_notice_due():
        return []
    words = {
        "service": sign_in.service_provider.name,
        "account": sign_in.identity_provider.title if sign_in.identity_provider else "",
        "at": now.isoformat(),
        "code": str(sign_in.browsing_session),
    }
    return [outbox.message(kinds.SIGN_IN_NOTICE, recipient=held.identity.email, context=words)]
