"""The outages of identity providers, journalled by the process that met them."""

from apps.audit import events, journal


def journal_opening(uid: str) -> None:
    """Write that nobody is sent to this provider any more: no sign-in, for it is nobody's own."""
    journal.append(events.IDP_CIRCUIT_OPENED, idp=uid)
