"""The citizen whom the tests look for: values that nothing else in the suite carries."""

from typing import Any

from apps.backoffice.privacy.canaries import Persona

PERSON: dict[str, Any] = {
    "sub": "fi-7d2c41f0-subject-at-the-provider",
    "given_name": "Zorglubine Aëlith",
    "family_name": "D’Œstrebœuf-Quévreux",
    "preferred_username": "Vaucquebert",
    "gender": "female",
    "birthdate": "1957-08-23",
    "birthplace": "69674",
    "birthcountry": "99100",
    "email": "mistouflet.1957@courriel.example",
}
NOWHERE = "lieu-introuvable-98217"
"""A birthplace that is not one; a value that is refused is as personal as another."""

PERSONA = Persona({**{claim: (value,) for claim, value in PERSON.items()}, "refusé": (NOWHERE,)})
TOLD = ", ".join(f"{claim}={value}" for claim, value in PERSON.items())
"""A sentence that tells everything: what an unkind provider or relay says in an error."""
