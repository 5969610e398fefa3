"""What follows from a report: the issuer to analyse instead, or the fields of a new provider.

Its document fills what it can; the rest is for the agent to say.
"""

from apps.identity_providers.analysis import address, identity, protocol
from apps.identity_providers.analysis.findings import Report
from apps.identity_providers.analysis.members import Document
from apps.identity_providers.models import IdentityProvider, default_levels
from apps.protocol import client_assertion
from apps.protocol.jose import Alg

Fields = dict[str, str | list[str] | bool]


def speaks_for_another(report: Report) -> bool:
    """Tell whether the document names another issuer: a row with the one asked never works."""
    published = (report.document or {}).get("issuer")
    return isinstance(published, str) and published != report.issuer


def issuer_to_analyse(report: Report) -> str:
    """Return the issuer that the document names instead, if it may be analysed, or nothing.

    That it serves this document is not believed: analysing it reads it where it must be.
    """
    if not speaks_for_another(report):
        return ""
    published = str((report.document or {})["issuer"])
    longest = IdentityProvider._meta.get_field("issuer").max_length or 0
    is_fit = len(published) <= longest and not address.fault(published)
    return published if is_fit else ""


def of_report(report: Report) -> Fields:
    """Return the values to open the form with: neither usable nor shown, and without a title."""
    document = report.document or {}
    userinfo = [alg for alg in protocol.userinfo_algs(document) if alg is not Alg.HS256]
    method = (protocol.auth_methods(document) or protocol.METHODS)[0]
    return {
        "issuer": report.issuer,
        "id_token_signed_response_alg": (protocol.id_token_algs(document) or [Alg.ES256])[0].value,
        "userinfo_signed_response_alg": userinfo[0].value if userinfo else "",
        "token_endpoint_auth_method": method,
        "token_endpoint_auth_signing_alg": (
            _assertion_alg(document) if method == client_assertion.METHOD else ""
        ),
        "scope": " ".join(identity.scopes(document)),
        "allowed_acr": [level.value for level in identity.levels(document)] or default_levels(),
        "active": False,
        "display": False,
    }


def _assertion_alg(document: Document) -> str:
    """Return the algorithm of private_key_jwt: RS256, which servers should know, when none is said."""
    return (protocol.assertion_algs(document) or [Alg.RS256])[0].value
