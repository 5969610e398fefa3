"""How a page writes the claims of an identity."""

import pytest

from apps.protocol.spoken import spoken


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("birthdate", "1985-03-14", "14/03/1985"),
        ("birthdate", "1992-11-00", "novembre 1992 (jour inconnu)"),
        ("idp_birthdate", "1992-00-00", "1992 (jour et mois inconnus)"),
        ("birthdate", "hier", "hier"),
        ("gender", "female", "Féminin"),
        ("gender", "autre", "autre"),
        ("birthplace", "", "Hors de France"),
        ("birthplace", "2A004", "Commune de code 2A004"),
        ("birthcountry", "99100", "France (99100)"),
        ("birthcountry", "99352", "Pays de code 99352"),
        ("family_name", "ORDINAIRE", "ORDINAIRE"),
        ("preferred_username", "", "—"),
    ],
)
def test_a_claim_is_written_as_it_is_read(name: str, value: str, written: str) -> None:
    assert spoken(name, value) == written
