"""One fault: what goes wrong, what is expected of the broker, and the messages that are altered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from apps.protocol.jose import Alg, KeySet
from apps.protocol.jose import sign as sign_jws
from apps.sandbox.identity_provider.catalogue import SITES, IdentityProviderSite

Members = dict[str, object]
EVERYWHERE: Final = frozenset(SITES)


class Outcome(StrEnum):
    """What a broker that behaves well does of a fault."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    BACK_TO_CHOICE = "back_to_choice"


@dataclass(frozen=True)
class HttpAnswer:
    """What is written on the wire in answer to the broker's server.

    repeated   how many times body is sent
    silence    seconds before anything is sent
    pace       seconds before each byte; 0 sends everything at once
    """

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    repeated: int = 1
    silence: float = 0.0
    pace: float = 0.0


def unchanged(members: Members) -> Members:
    """Return a message as it was built."""
    return members


def unchanged_return(members: dict[str, str]) -> dict[str, str]:
    """Return the parameters of a redirect as they were built."""
    return members


def unchanged_answer(answer: HttpAnswer) -> HttpAnswer:
    """Return an HTTP answer as it was built."""
    return answer


def signed(claims: Members, keys: KeySet, alg: Alg) -> str:
    """Return the JWS of these claims, signed with the site's own key of that algorithm."""
    return sign_jws(claims, keys.for_alg(alg))


def registered_userinfo_alg(site: IdentityProviderSite) -> Alg | None:
    """Return the algorithm that the site registered for /userinfo, None for plain JSON."""
    return site.userinfo_alg


@dataclass(frozen=True)
class Fault:
    """A fault and the messages that it alters; those that are not named here stay honest.

    slug      how it is asked for
    label     its name in a list
    what      what the identity provider does wrong
    code      the error expected of the broker, "" unless the outcome is REFUSED
    sites     where it can be played
    """

    slug: str
    label: str
    what: str
    code: str = ""
    outcome: Outcome = Outcome.REFUSED
    sites: frozenset[str] = EVERYWHERE
    alter_return: Callable[[dict[str, str]], dict[str, str]] = unchanged_return
    alter_id_token: Callable[[Members], Members] = unchanged
    sign_id_token: Callable[[Members, KeySet, Alg], str] = signed
    alter_token: Callable[[Members], Members] = unchanged
    alter_token_answer: Callable[[HttpAnswer], HttpAnswer] = unchanged_answer
    alter_userinfo: Callable[[Members], Members] = unchanged
    userinfo_alg: Callable[[IdentityProviderSite], Alg | None] = registered_userinfo_alg
    sign_userinfo: Callable[[Members, KeySet, Alg], str] = signed
    alter_userinfo_answer: Callable[[HttpAnswer], HttpAnswer] = unchanged_answer

    @property
    def expected(self) -> str:
        """What the broker is expected to do, for a person who reads it."""
        return {
            Outcome.REFUSED: f"page d’erreur {self.code}",
            Outcome.ACCEPTED: "connexion acceptée",
            Outcome.BACK_TO_CHOICE: "retour à la page de choix",
        }[self.outcome]


HONEST: Final = Fault("", "Aucune panne", "Le fournisseur d’identité fait ce qu’il doit.")


def put(**values: object) -> Callable[[Members], Members]:
    """Return an alteration that gives these members these values."""
    return lambda members: {**members, **values}


def without(name: str) -> Callable[[Members], Members]:
    """Return an alteration that leaves a member out."""
    return lambda members: {key: value for key, value in members.items() if key != name}
