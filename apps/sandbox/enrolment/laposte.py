"""La Poste: an address, confirmed by e-mail, then a civil status, checked face to face.

Two enrolments with a link between them. What the screen says never depends on whether an address
has an account: the mailbox of its owner is told instead.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.cog.countries import FRANCE
from apps.protocol.jose import random_token
from apps.protocol.sealing import fingerprint
from apps.sandbox import clock
from apps.sandbox.enrolment import accounts, civil_status, mails
from apps.sandbox.enrolment.fields import NEW_PASSWORD
from apps.sandbox.enrolment.steps import Done, Enrolment, Step, StepRefused, Submission
from apps.sandbox.forms.fields import Field, Input, Kind
from apps.sandbox.identity_checks import checks
from apps.sandbox.identity_checks.models import Method
from apps.sandbox.identity_provider import throttle
from apps.sandbox.identity_provider.catalogue import LAPOSTE
from apps.sandbox.identity_provider.identifiers import EMAIL
from apps.sandbox.identity_provider.throttle import Counter
from apps.sandbox.models import AccountState, EmailConfirmation, IdentityAccount

SITE: Final = LAPOSTE.slug
LINK_LIFETIME: Final = timedelta(hours=24)
SECOND_PRESS: Final = timedelta(minutes=1)
TO_CHECK: Final = frozenset({AccountState.EMAIL_CONFIRMED, AccountState.REFUSED})


def sign_up(submission: Submission) -> None:
    """Write to the address: a link, or the news that it has an account; the work is the same.

    Raises throttle.TooManyFailures for an address that was written to some times in a while.
    """
    _limit_mails(submission)
    email, password = submission.values["email"], make_password(submission.values["password"])
    holder = IdentityAccount.objects.select_for_update(of=("self",))
    account = holder.filter(site=SITE, identifier=email).first() or accounts.create(
        site=SITE,
        identifier=email,
        sub=random_token()[:32],
        claims={"email": email},
        password=None,
        state=AccountState.CREATED,
    )
    if account.state != AccountState.CREATED:
        transaction.on_commit(partial(mails.send_reminder, submission.site, email))
        return
    account.password = password
    account.save(update_fields=["password"])
    token = random_token()
    EmailConfirmation.objects.create(
        account=account,
        token_hash=fingerprint(token),
        password=password,
        expires_at=clock.now() + LINK_LIFETIME,
    )
    link = f"{submission.site.issuer}/confirmation/{token}"
    transaction.on_commit(partial(mails.send_confirmation, submission.site, email, link))


def find_confirmation(token: str, *, is_submitted: bool) -> EmailConfirmation | None:
    """Return the sign-up of a link that is still good, or None.

    is_submitted   the person answers: for SECOND_PRESS the form may be pressed again, see `confirm`
    """
    living = EmailConfirmation.objects.filter(
        token_hash=fingerprint(token), expires_at__gt=clock.now()
    )
    unused = Q(used_at=None, account__state=AccountState.CREATED)
    pressed = Q(account__state=AccountState.EMAIL_CONFIRMED, used_at__gt=clock.now() - SECOND_PRESS)
    return living.filter(unused | pressed if is_submitted else unused).first()


def confirm(confirmation: EmailConfirmation, submission: Submission) -> IdentityAccount | None:
    """Confirm an address for whoever knows the password of that very sign-up.

    A link alone is not enough: it may come from somebody who signed up with another's address, and
    whose password would then open the account of its owner. The second press of a double click
    brings the same password and gets the account that the first one confirmed. Return None when
    another link confirmed it. Raises StepRefused, throttle.TooManyFailures.
    """
    site, door = submission.site, f"{SITE} confirmation {confirmation.pk}"
    throttle.check(site, Counter.ENROLMENT, door, submission.address)
    if not check_password(submission.values["password"], confirmation.password):
        throttle.record(site, Counter.ENROLMENT, door, submission.address)
        raise StepRefused({"password": "Ce n’est pas le mot de passe de cette inscription."})
    throttle.forget(site, Counter.ENROLMENT, door)
    return _use(confirmation)


def check_civil_status(submission: Submission) -> Mapping[str, str]:
    """Accept a civil status that FranceConnect would accept. Raises StepRefused."""
    today = timezone.localtime(clock.now()).date()
    civil_status.check(submission.values, email=_account(submission).identifier, today=today)
    return {}


def ask_for_a_check(submission: Submission) -> IdentityAccount:
    """Keep the civil status, to be checked face to face. Raises StepRefused."""
    account = _account(submission)
    today = timezone.localtime(clock.now()).date()
    claims = civil_status.check(submission.values, email=account.identifier, today=today)
    waiting = IdentityAccount.objects.filter(pk=account.pk, state__in=TO_CHECK)
    if not waiting.update(claims=claims, state=AccountState.TO_VERIFY):
        raise StepRefused({"": "Un contrôle de cette identité est déjà demandé."})
    checks.ask(account, submission.values["method"])
    account.refresh_from_db()
    return account


def known_civil_status(account: IdentityAccount) -> Mapping[str, str]:
    """Return the civil status that a check refused, to be corrected rather than typed again.

    Before any, one is born in France.
    """
    return {"birthcountry": FRANCE, **civil_status.typed(account.claims)}


@transaction.atomic
def _use(confirmation: EmailConfirmation) -> IdentityAccount | None:
    unused = EmailConfirmation.objects.filter(pk=confirmation.pk, used_at=None)
    created = IdentityAccount.objects.filter(pk=confirmation.account_id, state=AccountState.CREATED)
    if unused.update(used_at=clock.now()):
        created.update(state=AccountState.EMAIL_CONFIRMED, password=confirmation.password)
    confirmed = IdentityAccount.objects.filter(
        pk=confirmation.account_id,
        state=AccountState.EMAIL_CONFIRMED,
        password=confirmation.password,
    )
    return confirmed.first()


def _limit_mails(submission: Submission) -> None:
    door = f"{SITE} sign-up {submission.values['email']}"
    throttle.check(submission.site, Counter.ENROLMENT, door, door)
    throttle.record(submission.site, Counter.ENROLMENT, door, door)


def _account(submission: Submission) -> IdentityAccount:
    """Return the account that goes on; the engine begins no such enrolment without one."""
    if submission.account is None:
        raise StepRefused({"": "Connectez-vous pour continuer."})
    return submission.account


EMAIL_FIELD: Final = Field(
    name="email",
    label="Adresse électronique",
    hint=EMAIL.help,
    parse=EMAIL.parse,
    inputs=(Input("email", autocomplete="email"),),
    inputmode="email",
)
INSCRIPTION: Final = Enrolment(
    slug="inscription",
    site=SITE,
    start="Je m’inscris",
    steps=(
        Step(
            slug="identifiants",
            title="Je m’inscris",
            lead="Nous vous enverrons un courriel pour confirmer votre adresse.",
            button="Recevoir le courriel",
            fields=(EMAIL_FIELD, NEW_PASSWORD),
        ),
    ),
    finish=sign_up,
    done=Done(
        "Ouvrez le courriel que nous vous envoyons",
        "Il contient un lien valable 24 heures.",
        "Ouvrir les courriels du bac à sable",
        f"{settings.SANDBOX_URL}/courriels/",
        again="Rien reçu après quelques minutes\u202f? Recommencez",
    ),
)
CONFIRMATION: Final = Step(
    slug="confirmation",
    title="Confirmer mon adresse",
    lead="Saisissez le mot de passe que vous avez choisi en vous inscrivant.",
    button="Confirmer mon adresse",
    fields=(
        Field(
            name="password",
            label="Mot de passe",
            parse=str,
            inputs=(Input("password", autocomplete="current-password", maxlength=128),),
            kind=Kind.PASSWORD,
            is_secret=True,
        ),
    ),
)
ETAT_CIVIL: Final = Enrolment(
    slug="etat-civil",
    site=SITE,
    start="Indiquer mon état civil",
    needs=TO_CHECK,
    known=known_civil_status,
    steps=(
        Step(
            slug="identite",
            title="Mon état civil",
            lead="Recopiez-le tel qu’il figure sur votre pièce d’identité.",
            button="Continuer",
            fields=civil_status.FIELDS,
            verify=check_civil_status,
            follow=civil_status.communes_to_choose,
        ),
        Step(
            slug="controle",
            title="Faire vérifier mon identité",
            lead="Une personne compare votre pièce d’identité avec votre état civil.",
            button="Demander la vérification",
            fields=(
                Field(
                    name="method",
                    label="Où voulez-vous la présenter\u202f?",
                    parse=str,
                    inputs=(Input("method"),),
                    kind=Kind.ONE,
                    choices=(
                        (Method.POSTMAN, "À mon domicile, au facteur"),
                        (Method.COUNTER, "Au guichet d’un bureau de poste"),
                    ),
                ),
            ),
        ),
    ),
    finish=ask_for_a_check,
    done=Done(
        "Votre demande de vérification est enregistrée",
        "Votre compte servira à vous connecter dès que votre identité sera vérifiée.",
        "Jouer le facteur dans le bac à sable",
        f"{settings.SANDBOX_URL}/controles-d-identite/",
    ),
)
