"""A civil register over real HTTP that answers what a test tells it."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from tests.loopback import Answer, Handler, Loopback

NAMESPACE = "http://register.example/identification"


def a_record(**changes: str) -> dict[str, str]:
    """Return Angèle as the register knows her; `deceased` is any text."""
    record = {
        "family_name": "ORDINAIRE",
        "given_names": "Angèle Claire",
        "sex": "F",
        "birthdate": "1985-03-12",
        "place": "75056",
        "country": "",
        "deceased": "",
    }
    return {**record, **changes}


def an_answer(code: str, *records: Mapping[str, str]) -> bytes:
    """Return the register's XML: a code, and the persons found."""
    people = "".join(_person(record) for record in records)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<n:IdentificationsIndividusCitoyens xmlns:n="{NAMESPACE}">'
        f"<n:TypeReponseIdentification>{escape(code)}</n:TypeReponseIdentification>"
        f"{people}</n:IdentificationsIndividusCitoyens>"
    ).encode()


def _person(record: Mapping[str, str]) -> str:
    given = "".join(
        f"<n:Prenom>{escape(name)}</n:Prenom>" for name in record["given_names"].split()
    )
    places = [("Localite", record["place"]), ("Pays", record["country"])]
    place = "".join(f"<n:{kind} code={quoteattr(code)}/>" for kind, code in places if code)
    death = "<n:Deces><n:DateDeces>2020-01-01</n:DateDeces></n:Deces>" if record["deceased"] else ""
    name = record["family_name"]
    return (
        "<n:IdentificationIndividuCitoyen><n:DivergenceNom>0</n:DivergenceNom>"
        "<n:SituationActuelle><n:Individu>"
        f"<n:Noms>{f'<n:NomFamille>{escape(name)}</n:NomFamille>' if name else ''}</n:Noms>"
        f"<n:Prenoms>{given}</n:Prenoms><n:Sexe>{record['sex']}</n:Sexe>"
        f"<n:Naissance><n:DateNaissance> {record['birthdate']} </n:DateNaissance>"
        f"<n:LieuNaissance>{place}</n:LieuNaissance></n:Naissance>{death}"
        "</n:Individu></n:SituationActuelle></n:IdentificationIndividuCitoyen>"
    )


@dataclass
class ProgrammableRegister:
    """The register and what it does; `asked` holds the query of each call."""

    body: bytes = field(default_factory=lambda: an_answer("2", a_record()))
    status: int = 200
    delay: float = 0.0  # seconds before it answers
    drips: bool = False  # a byte at a time
    hangs_up: bool = False  # the connection is cut instead of an answer
    location: str = ""  # where it sends whoever asks
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = Loopback(_handler(self))
        self.url = f"{self._server.origin}/rnipp"

    def stop(self) -> None:
        """Stop listening: the next call is refused."""
        self._server.stop()

    def answer(self) -> Answer:
        headers = {"Content-Type": "application/xml"}
        if self.location:
            headers["Location"] = self.location
        return self.status, headers, self.body


def _handler(register: ProgrammableRegister) -> type[Handler]:
    class RegisterHandler(Handler):
        def do_GET(self) -> None:
            register.paths.append(self.route)
            register.asked.append(self.query())
            time.sleep(register.delay)
            if register.hangs_up:
                self.close_connection = True
            elif register.drips:
                self._drip()
            else:
                self.send(register.answer())

        def _drip(self) -> None:
            with suppress(ConnectionError):
                self.send_response(register.status)
                self.end_headers()
                for byte in register.body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.05)

    return RegisterHandler
