"""How a service writes verified claims."""

from apps.sandbox.service_provider import information
from apps.sandbox.service_provider.information import Row


def test_rows_follow_the_order_of_a_form_and_leave_out_technical_claims() -> None:
    claims = {
        "sub": "x",
        "iss": "y",
        "birthcountry": "99352",
        "birthplace": "",
        "gender": "female",
        "given_name": "Inès",
        "family_name": "ÉTRANGER",
    }
    assert information.rows(claims) == [
        Row("Nom de naissance", "ÉTRANGER"),
        Row("Prénoms", "Inès"),
        Row("Sexe", "Féminin"),
        Row("Lieu de naissance", "Hors de France"),
        Row("Pays de naissance", "Pays de code 99352"),
    ]


def test_a_level_has_a_name() -> None:
    assert information.level("eidas1") == "Faible (eidas1)"
    assert information.level("autre") == "autre"
