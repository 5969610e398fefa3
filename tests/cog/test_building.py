"""Building the file: a history, continued by what each yearly state no longer says."""

from typing import Any

from apps.cog.building import Line, events, joined


def commune(code: str, name: str, *former: str) -> dict[str, Any]:
    return {"type": "commune-actuelle", "code": code, "nom": name, "anciensCodes": list(former)}


HISTORY: list[dict[str, Any]] = [
    {
        "type": "COM", "code": "74011", "nom": "Vieux", "id": "COM-74011@1943",
        "dateFin": "2017-01-01", "successeur": "COMD-74011@2017",
    },
    {"type": "COMD", "code": "74011", "nom": "Vieux", "id": "COMD-74011@2017", "pole": "COM-74010"},
    {"type": "COM", "code": "74010", "nom": "Annecy", "id": "COM-74010"},
    {"type": "COM", "code": "16351", "nom": "Simeux", "id": "COM-16351"},
    {"type": "COM", "code": "16233", "nom": "Mosnac", "id": "COM-16233"},
]  # fmt: skip
SNAPSHOTS = {
    2019: [
        commune("74010", "Annecy"),
        commune("16351", "Simeux"),
        commune("16233", "Mosnac"),
        commune("97501", "Miquelon"),
    ],
    2021: [
        commune("74010", "Annecy", "74011"),
        commune("16233", "Mosnac-Simeux", "16351"),
        commune("97501", "Miquelon"),
        commune("14666", "Nouvelle"),
    ],
}


def test_a_part_of_a_commune_points_to_the_whole() -> None:
    assert next(events(HISTORY)) == Line("74011", "Vieux", "", "2017-01-01", ("74010",))


def test_yearly_states_say_what_ended_began_and_changed_its_name() -> None:
    assert joined(list(events(HISTORY)), SNAPSHOTS) == [
        Line("14666", "Nouvelle", "2020-01-01"),
        Line("16233", "Mosnac", "", "2021-01-01", ("16233",)),
        Line("16233", "Mosnac-Simeux", "2021-01-01"),
        Line("16351", "Simeux", "", "2021-01-01", ("16233",)),
        Line("74010", "Annecy"),
        Line("74011", "Vieux", "", "2017-01-01", ("74010",)),
        Line("97501", "Miquelon"),
    ]


def test_a_line_is_written_without_what_is_empty_at_its_end() -> None:
    assert Line("74010", "Annecy").written() == "74010\tAnnecy"
    assert Line("1", "A", "", "2017-01-01", ("2", "3")).written() == "1\tA\t\t2017-01-01\t2 3"
