"""Why an identity provider sends a citizen back without a code, as a closed vocabulary.

Its `error` is read against a list, its `error_description` never: both come from elsewhere, in the
address of a page of ours, and what is shown to a citizen is written here (S-096).
"""

from enum import StrEnum
from typing import Final


class Decline(StrEnum):
    CANCELLED = "cancelled"  # the citizen gave up there
    UNVERIFIED = "unverified"  # the account exists and its identity is not verified yet
    FAILING = "failing"  # the provider itself has a problem
    OTHER = "other"


_BY_ERROR: Final = {
    "access_denied": Decline.CANCELLED,  # RFC 6749 §4.1.2.1, as the next two
    "server_error": Decline.FAILING,
    "temporarily_unavailable": Decline.FAILING,
    # OpenID Connect Core Error Code unmet_authentication_requirements 1.0 §2
    "unmet_authentication_requirements": Decline.UNVERIFIED,
}


def parse(error: str) -> Decline:
    """Return what an error code of a provider means for the citizen."""
    return _BY_ERROR.get(error, Decline.OTHER)
