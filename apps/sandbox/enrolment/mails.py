"""The e-mails of a sign-up and of the check of an identity, really sent."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from apps.sandbox.identity_checks.models import Reason
from apps.sandbox.identity_provider.catalogue import IdentityProviderSite

LOGGER = logging.getLogger(__name__)
SENDER = "ne-pas-repondre@identite.test"


def send_confirmation(site: IdentityProviderSite, address: str, link: str) -> None:
    """Send the link that confirms an address."""
    _send(site, address, "Confirmez votre adresse électronique", "confirmation", link)


def send_reminder(site: IdentityProviderSite, address: str) -> None:
    """Tell the owner of an account that somebody signs up with their address."""
    _send(site, address, "Vous avez déjà un compte", "reminder", site.sign_in_address)


def send_accepted(site: IdentityProviderSite, address: str) -> None:
    """Tell a person that their identity is verified."""
    _send(site, address, "Votre identité est vérifiée", "accepted", site.sign_in_address)


def send_refused(site: IdentityProviderSite, address: str, reason: Reason) -> None:
    """Tell a person why the check of their identity was refused, and what to do."""
    subject = "Votre identité n’a pas été confirmée"
    _send(site, address, subject, "refused", site.sign_in_address, reason=reason)


def _send(
    site: IdentityProviderSite, address: str, subject: str, name: str, link: str, **more: object
) -> None:
    """Send a message; a failure is logged, for the page reads the same whoever is written to."""
    context = {"site": site, "link": link, **more}
    text = render_to_string(f"sandbox/enrolment/mails/{name}.txt", context)
    message = EmailMessage(subject, text, f'"{site.title}" <{SENDER}>', [address])
    try:
        message.send()
    except (OSError, SMTPException) as failure:
        LOGGER.warning("a message could not be sent: %s", type(failure).__name__)
