"""Assurance Maladie: who one is, then a code that only the post brings to one's home.

Asking for the letter and using its code are two enrolments: days pass between them. Between the
two, the account exists, has no password, and signs nobody in.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from apps.protocol.pivot import normalise_name
from apps.sandbox import clock
from apps.sandbox.enrolment import accounts, nir, provisional_codes
from apps.sandbox.enrolment.fields import BIRTHDATE, NEW_PASSWORD, parse_digits
from apps.sandbox.enrolment.steps import Done, Enrolment, Step, StepRefused, Submission
from apps.sandbox.forms.fields import Field, Help, Input
from apps.sandbox.identity_provider import throttle
from apps.sandbox.identity_provider.throttle import Counter
from apps.sandbox.letterbox import post
from apps.sandbox.models import AccountState, IdentityAccount
from apps.sandbox.personas import civil_day, directory
from apps.sandbox.personas.catalogue import Persona

SITE: Final = "ameli"
SENDER: Final = "Assurance Maladie – bac à sable"
BETWEEN_LETTERS: Final = timedelta(days=1)
_HYPHENS: Final = re.compile(r"[\u2010-\u2015-]")
_MISMATCH: Final = (
    "Ces informations ne correspondent à aucun assuré. Vérifiez votre numéro et votre nom, tels que "
    "sur votre carte, votre date de naissance, et le code postal que votre caisse connaît."
)
_WRONG_CODE: Final = (
    "Ce code n’est pas valable pour ce numéro. Un code sert une fois, pendant 30 jours, et s’annule "
    "après trois erreurs. Dans ce cas, demandez un nouveau courrier."
)


def parse_postal_code(text: str) -> str:
    """Return the 5 digits of a postal code, its first 0 included. Raises FieldError."""
    return parse_digits(text, 5)


def parse_code(text: str) -> str:
    """Return the digits of a provisional code, in groups or not. Raises FieldError."""
    return parse_digits(_HYPHENS.sub("", text), provisional_codes.DIGITS)


def verify_insured(submission: Submission) -> Mapping[str, str]:
    """Establish who is insured under these four facts; never whether they have an account.

    Raises StepRefused, throttle.TooManyFailures.
    """
    values = submission.values
    contradiction = nir.contradiction(values["nir"], values["birthdate"])
    if contradiction:
        raise StepRefused({"birthdate": contradiction})
    door = f"{SITE} enrolment {values['nir']}"
    throttle.check(submission.site, Counter.ENROLMENT, door, submission.address)
    insured = _find_insured(values)
    if insured is None:
        throttle.record(submission.site, Counter.ENROLMENT, door, submission.address)
        raise StepRefused({"nir": _MISMATCH})
    throttle.forget(submission.site, Counter.ENROLMENT, door)
    return {"insured": insured.slug}


def send_letter(submission: Submission) -> None:
    """Post a code, or the news that an account exists: on the screen both read alike.

    Raises StepRefused when a letter left less than a day ago.
    """
    persona = directory.find(submission.proved["insured"])
    known = persona.known_at(SITE) if persona else None
    if persona is None or known is None:
        raise StepRefused({"": _MISMATCH})
    holder = IdentityAccount.objects.select_for_update(of=("self",))
    account = holder.filter(site=SITE, identifier=known.identifier).first()
    if account is None:
        account = accounts.create(
            site=SITE,
            identifier=known.identifier,
            sub=known.sub,
            claims=known.claims,
            password=None,
            state=AccountState.LETTER_SENT,
        )
    _check_interval(account)
    post.send(account, _envelope(persona, account))


def verify_code(submission: Submission) -> Mapping[str, str]:
    """Establish that the letter was read. Raises StepRefused, throttle.TooManyFailures."""
    number = submission.values["nir"]
    door = f"{SITE} activation {number}"
    throttle.check(submission.site, Counter.ENROLMENT, door, submission.address)
    code = provisional_codes.find_right(SITE, number, submission.values["code"])
    if code is None:
        throttle.record(submission.site, Counter.ENROLMENT, door, submission.address)
        raise StepRefused({"code": _WRONG_CODE})
    throttle.forget(submission.site, Counter.ENROLMENT, door)
    return {"code": str(code.pk)}


def activate(submission: Submission) -> IdentityAccount:
    """Give the account its password, and let it sign in. Raises StepRefused."""
    account = provisional_codes.use(int(submission.proved["code"]))
    if account is None:
        raise StepRefused({"": _WRONG_CODE})
    account.password = make_password(submission.values["password"])
    account.state = AccountState.VERIFIED
    account.save(update_fields=["password", "state"])
    return account


def _find_insured(values: Mapping[str, str]) -> Persona | None:
    """Return who has this number, birth date, name (either of theirs) and postal code, or None."""
    name = normalise_name(values["family_name"])
    for persona in directory.everybody():
        known = persona.known_at(SITE)
        if known is None or known.identifier != values["nir"]:
            continue
        claims = civil_day.spoken(known.claims)
        names = {
            normalise_name(claims[claim])
            for claim in ("family_name", "preferred_username")
            if claim in claims
        }
        facts = (claims["birthdate"], persona.postal_code)
        return persona if name in names and facts == _facts(values) else None
    return None


def _facts(values: Mapping[str, str]) -> tuple[str, str]:
    return values["birthdate"], values["postal_code"]


def _check_interval(account: IdentityAccount) -> None:
    last = post.last_posted(account)
    if last is not None and clock.now() < last + BETWEEN_LETTERS:
        sent, again = timezone.localtime(last), timezone.localtime(last + BETWEEN_LETTERS)
        raise StepRefused(
            {
                "": f"Un courrier est parti le {sent:%d/%m/%Y}. Vous pourrez en demander un autre à "
                f"partir du {again:%d/%m/%Y à %H h %M}."
            }
        )


def _envelope(persona: Persona, account: IdentityAccount) -> post.Envelope:
    if account.state == AccountState.LETTER_SENT:
        code = provisional_codes.make(account)
        subject = "Votre code provisoire"
        paragraphs: tuple[str, ...] = (
            f"Votre code provisoire est {code[:4]}\u00a0{code[4:]}.",
            "Il sert une seule fois, dans les 30 jours. Choisissez «\u202fJ’ai reçu mon code\u202f» sur "
            "le site, puis saisissez-le avec votre numéro de sécurité sociale.",
            "Vous n’avez rien demandé\u202f? Ne faites rien\u202f: sans ce code, le compte reste fermé.",
        )
    else:
        subject = "Vous avez déjà un compte"
        paragraphs = (
            "Une création de compte a été demandée avec votre numéro. Vous avez déjà un compte.",
            "Connectez-vous avec votre mot de passe. Si la demande n’est pas de vous, ne faites rien.",
        )
    return post.Envelope(SENDER, persona.name, persona.postal_code, subject, paragraphs)


NIR_FIELD: Final = Field(
    name="nir",
    label="Mon numéro de sécurité sociale",
    hint="13 caractères. Exemple\u202f: 1\u00a048\u00a005\u00a099\u00a0999\u00a0356. La clé de deux chiffres est facultative.",
    help=Help(
        "Où trouver mon numéro de sécurité sociale",
        "Il figure sur vos relevés de remboursement et sur votre carte d’assuré. Pour une "
        "naissance en Corse depuis 1976, il contient 2A ou 2B\u202f; à l’étranger, 99.",
    ),
    parse=nir.parse,
    inputs=(Input("nir", maxlength=40),),
)
INFORMATIONS: Final = Step(
    slug="informations",
    title="Je renseigne mes informations personnelles",
    lead="Le code provisoire qui permet de créer votre compte sera envoyé par courrier postal, pour "
    "plus de sécurité. Vous le recevrez sous 8 jours.",
    button="Continuer",
    verify=verify_insured,
    fields=(
        NIR_FIELD,
        BIRTHDATE,
        Field(
            name="family_name",
            label="Mon nom",
            hint="Nom de naissance ou nom d’usage, avec ou sans accents.",
            parse=str.strip,
            inputs=(Input("family_name", autocomplete="family-name"),),
        ),
        Field(
            name="postal_code",
            label="Mon code postal",
            hint="5 chiffres.",
            parse=parse_postal_code,
            inputs=(Input("postal_code", autocomplete="postal-code", maxlength=10),),
            inputmode="numeric",
        ),
    ),
)
LETTER: Final = Step(
    slug="envoi",
    title="Recevoir mon code par courrier",
    lead="Nous envoyons le code à l’adresse que votre caisse connaît, et à aucune autre. Si vous avez "
    "déménagé, prévenez d’abord votre caisse.",
    button="Envoyer le courrier",
)
COMPTE: Final = Enrolment(
    slug="compte",
    site=SITE,
    start="Je crée mon compte",
    steps=(INFORMATIONS, LETTER),
    finish=send_letter,
    done=Done(
        "Votre courrier est parti",
        "Vous le recevrez sous 8 jours. Revenez ensuite ici avec le code qu’il contient.",
        "Ouvrir la boîte aux lettres du bac à sable",
        f"{settings.SANDBOX_URL}/boite-aux-lettres/",
        again="J’ai reçu mon code",
        again_place="activation",
    ),
)
CODE: Final = Step(
    slug="code",
    title="Saisir mon code provisoire",
    button="Continuer",
    verify=verify_code,
    fields=(
        NIR_FIELD,
        Field(
            name="code",
            label="Code provisoire",
            hint=f"{provisional_codes.DIGITS} chiffres, dans le courrier reçu.",
            parse=parse_code,
            inputs=(Input("code", maxlength=20),),
            inputmode="numeric",
            is_secret=True,
        ),
    ),
)
ACTIVATION: Final = Enrolment(
    slug="activation",
    site=SITE,
    start="J’ai reçu mon code",
    steps=(
        CODE,
        Step(
            slug="mot-de-passe",
            title="Choisir mon mot de passe",
            button="Activer mon compte",
            fields=(NEW_PASSWORD,),
        ),
    ),
    finish=activate,
    done=Done(
        "Votre compte est activé",
        "Vous pouvez vous connecter avec votre numéro de sécurité sociale et votre mot de passe.",
        "Voir mes attestations",
        "/mes-attestations/",
    ),
)
