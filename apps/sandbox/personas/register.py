"""What the civil register answers of a persona, when it is not simply that it found them.

register:
  answer: deceased        one of ANSWERS
  identity:               with `rectified`: what the register writes differently
    family_name: "…"
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from apps.protocol import civil_register
from apps.protocol.pivot import PivotIdentity
from apps.sandbox.personas import civil_status
from apps.sandbox.personas.faults import PersonaFault

DECEASED: Final = "deceased"
RECTIFIED: Final = "rectified"
ANSWERS: Final = {
    "found": civil_register.FOUND,
    RECTIFIED: civil_register.RECTIFIED,
    DECEASED: civil_register.FOUND,
    "near": civil_register.ONE_NEAR,
    "several": civil_register.SEVERAL_NEAR,
    "marital": civil_register.MARITAL_NAME,
    "unknown": civil_register.UNKNOWN,
    "refused": civil_register.REFUSED,
}
WORDS: Final = {
    "found": "connaît cette personne",
    RECTIFIED: "connaît cette personne, et redresse son identité",
    DECEASED: "dit cette personne décédée",
    "near": "connaît une personne qui lui ressemble",
    "several": "connaît plusieurs personnes qui lui ressemblent",
    "marital": "connaît cette personne sous son nom d’usage",
    "unknown": "ne connaît pas cette personne",
    "refused": "refuse la demande",
}
_CLAIMS: Final = PivotIdentity.__slots__


def read(block: object) -> Mapping[str, Any]:
    """Return the block of a persona, {} for one that was added before it was judged."""
    if not isinstance(block, Mapping) or str(block.get("answer")) not in ANSWERS:
        return {}
    return block if isinstance(block.get("identity", {}), Mapping) else {}


def check(block: object, identity: Mapping[str, object], today: date) -> Iterator[PersonaFault]:
    """Yield what is wrong with the block `register` of a persona of this identity."""
    if not isinstance(block, Mapping) or not {"answer"} <= block.keys() <= {"answer", "identity"}:
        yield PersonaFault("register", "Un bloc avec answer, et identity si l’état civil redresse.")
        return
    answer, written = block["answer"], block.get("identity")
    if not isinstance(answer, str) or answer not in ANSWERS:
        yield PersonaFault(
            "register.answer", f"Une réponse connue est attendue\u202f: {', '.join(ANSWERS)}."
        )
    elif (answer == RECTIFIED) != (written is not None):
        yield PersonaFault(
            "register.identity",
            f"Ce que l’état civil écrit autrement va avec la réponse {RECTIFIED}, et elle seule.",
        )
    elif written is not None:
        yield from _written(written, identity, today)


def _written(
    written: object, identity: Mapping[str, object], today: date
) -> Iterator[PersonaFault]:
    if not isinstance(written, Mapping) or not written or not written.keys() <= set(_CLAIMS):
        yield PersonaFault(
            "register.identity", f"Un bloc avec au moins l’un de {', '.join(_CLAIMS)}."
        )
        return
    already = civil_status.check(identity, today)
    for fault in civil_status.check({**identity, **written}, today):
        if fault not in already:
            yield fault.below("register.identity")
