"""Impôts: three numbers that only a declarant has on paper, then a password.

Whoever has the three numbers of one notice is believed: the account is usable at once.
"""

import re
from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from django.conf import settings

from apps.sandbox.enrolment import accounts
from apps.sandbox.enrolment.fields import NEW_PASSWORD, compact, parse_digits
from apps.sandbox.enrolment.steps import Done, Enrolment, Step, StepRefused, Submission
from apps.sandbox.forms.fields import Field, FieldError, Help, Input
from apps.sandbox.households import catalogue as households
from apps.sandbox.identity_provider import throttle
from apps.sandbox.identity_provider.identifiers import IdentifierError, parse_tax_number
from apps.sandbox.identity_provider.throttle import Counter
from apps.sandbox.models import AccountState, IdentityAccount
from apps.sandbox.personas import directory

SITE: Final = households.SITE
_RIP_DIGITS: Final = 16
_ROLE: Final = re.compile(r"[0-9]{3}[A-Za-z]")  # 108 A
_LONGEST_INCOME: Final = 9  # digits
_MISMATCH: Final = (
    "Ces trois numéros ne correspondent pas à un même avis. Vérifiez-les sur votre dernier avis."
)
_HAS_ACCOUNT: Final = (
    "Un espace existe déjà avec ce numéro fiscal. Si c’est celui de votre conjoint, saisissez votre "
    "propre numéro fiscal et le deuxième numéro de déclarant de l’avis."
)
_OF_THE_OTHER: Final = (
    "Ce numéro est celui de l’autre déclarant de votre foyer. Prenez le vôtre sur le même avis\u202f: "
    "le deuxième numéro de déclarant est celui du second déclarant."
)


def parse_numero_fiscal(text: str) -> str:
    """Return the 13 digits of a tax number; the 16 of the RIP are recognised. Raises FieldError."""
    try:
        return parse_tax_number(text)
    except IdentifierError as refusal:
        if len(households.digits(text)) == _RIP_DIGITS:
            raise FieldError(f"{refusal} Le numéro RIP de l’avis en compte 16.") from None
        raise


def parse_online_number(text: str) -> str:
    """Return the 7 digits of a numéro de déclarant en ligne; a numéro de rôle is recognised.

    Raises FieldError.
    """
    if _ROLE.fullmatch(compact(text)):
        raise FieldError(
            "7 chiffres attendus. Trois chiffres et une lettre, c’est le numéro de rôle de l’avis."
        )
    return parse_digits(text, 7)


def parse_income(text: str) -> str:
    """Return a number of euros, 0 included: `26 100`, `26100` and `26 100 €` are one.

    Raises FieldError.
    """
    amount = compact(text).removesuffix("€")
    if re.fullmatch(r"[0-9]+[.,][0-9]+", amount):
        raise FieldError("Un nombre entier d’euros est attendu, sans virgule ni centimes.")
    if not (amount.isascii() and amount.isdigit()):
        raise FieldError("Un nombre d’euros est attendu, par exemple 26\u00a0100.")
    if len(amount) > _LONGEST_INCOME:
        raise FieldError(f"{_LONGEST_INCOME} chiffres au plus, vous en avez saisi {len(amount)}.")
    return str(int(amount))


def verify(submission: Submission) -> Mapping[str, str]:
    """Establish which declarant has the three numbers, at the same cost whether one does or not.

    Raises StepRefused, throttle.TooManyFailures.
    """
    site, tax_number = submission.site, submission.values["tax_number"]
    throttle.check(site, Counter.ENROLMENT, _door(tax_number), submission.address)
    has_account = accounts.exists(site.slug, tax_number)
    found = households.find_declarant(tax_number)
    if not _is_right(submission.values, found) or found is None:
        throttle.record(site, Counter.ENROLMENT, _door(tax_number), submission.address)
        raise StepRefused(_explain(submission.values, found) or {"tax_number": _MISMATCH})
    if has_account:
        raise StepRefused({"tax_number": _HAS_ACCOUNT})
    throttle.forget(site, Counter.ENROLMENT, _door(tax_number))
    return {"declarant": found[1].persona.slug}


def finish(submission: Submission) -> IdentityAccount:
    """Open the account of the declarant who was established. Raises StepRefused."""
    persona = directory.find(submission.proved["declarant"])
    known = persona.known_at(SITE) if persona else None
    if known is None:
        raise StepRefused({"": _MISMATCH})
    return accounts.create(
        site=SITE,
        identifier=known.identifier,
        sub=known.sub,
        claims=known.claims,
        password=submission.values["password"],
        state=AccountState.VERIFIED,
    )


def _is_right(
    values: Mapping[str, str], found: tuple[households.Household, households.Declarant] | None
) -> bool:
    """Compare both numbers in constant time, with a decoy when nobody has that tax number."""
    online, income = (found[1].online_number, found[0].reference_income) if found else ("", -1)
    same_number = compare_digest(values["online_number"], online)
    return compare_digest(values["income"], str(income)) and same_number


def _explain(
    values: Mapping[str, str], found: tuple[households.Household, households.Declarant] | None
) -> dict[str, str]:
    """Say which other number of a notice was copied.

    It tells that such a notice exists: fit for a demonstration, never for a real provider. Here too,
    one number alone tells nothing: another field must be of that same notice.
    """
    if settings.PRODUCTION:
        return {}
    for household, name in households.find_references(values["tax_number"]):
        if _has_number(values, household) or _has_income(values, household):
            return {"tax_number": f"C’est {name}. Le numéro fiscal est sur la première ligne."}
    if found is None or not _has_income(values, found[0]):
        return {}
    if _has_number(values, found[0]):
        return {"online_number": _OF_THE_OTHER}
    if values["online_number"] in households.digits(found[0].references.notice):
        return {"online_number": "Ces chiffres sont une partie de la référence de l’avis."}
    return {}


def _has_number(values: Mapping[str, str], household: households.Household) -> bool:
    return values["online_number"] in {one.online_number for one in household.declarants}


def _has_income(values: Mapping[str, str], household: households.Household) -> bool:
    return values["income"] == str(household.reference_income)


def _door(tax_number: str) -> str:
    return f"{SITE} enrolment {tax_number}"


REFERENCES: Final = Step(
    slug="references",
    title="Création de mon espace particulier",
    lead="Munissez-vous de votre dernier avis d’impôt.",
    button="Valider",
    verify=verify,
    fields=(
        Field(
            name="tax_number",
            label="Numéro fiscal",
            hint="13 chiffres. La lettre qui suit est facultative.",
            help=Help(
                "Où trouver mon numéro fiscal",
                "Il figure en haut de la première page de votre dernière déclaration de revenus, et "
                "sur la première ligne de vos références.",
                "tax_number",
            ),
            parse=parse_numero_fiscal,
            inputs=(Input("tax_number", maxlength=40),),
        ),
        Field(
            name="online_number",
            label="Numéro de déclarant en ligne",
            hint="7 chiffres. L’avis l’appelle aussi numéro de télédéclarant.",
            help=Help(
                "Où trouver mon numéro de déclarant en ligne",
                "Il figure en haut de la première page de votre dernière déclaration de revenus. "
                "Chaque déclarant d’un foyer a le sien.",
                "online_number",
            ),
            parse=parse_online_number,
            inputs=(Input("online_number", maxlength=20),),
            inputmode="numeric",
        ),
        Field(
            name="income",
            label="Revenu fiscal de référence",
            hint="En euros, sans centimes. Par exemple 26\u00a0100.",
            help=Help(
                "Où trouver mon revenu fiscal de référence",
                "Il figure dans le cadre de vos références. Il peut être égal à 0.",
                "income",
            ),
            parse=parse_income,
            inputs=(Input("income", maxlength=20),),
        ),
    ),
)
PASSWORD: Final = Step(
    slug="mot-de-passe",
    title="Choisir mon mot de passe",
    button="Créer mon espace",
    fields=(NEW_PASSWORD,),
)
ESPACE_PARTICULIER: Final = Enrolment(
    slug="espace-particulier",
    site=SITE,
    start="Création de mon espace particulier",
    steps=(REFERENCES, PASSWORD),
    finish=finish,
    done=Done(
        "Votre espace particulier est créé",
        "Vous pouvez vous connecter avec votre numéro fiscal et votre mot de passe.",
    ),
)
