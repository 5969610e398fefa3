"""The two e-mails of a sign-up, really sent."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from apps.sandbox.identity_provider.catalogue import IdentityProviderSite

LOGGER = logging.getLogger(__name__)
SENDER = "ne-pas-repondre@identite.test"


def send_confirmation(site: IdentityProviderSite, address: str, link: str) -> None:
    """Send the link that confirms an address."""
    _send(site, address, "Confirmez votre adresse électronique", "confirmation", link)


def send_reminder(site: IdentityProviderSite, address: str) -> None:
    """Tell the owner of an account that somebody signs up with their address."""
    _send(site, address, "Vous avez déjà un compte", "reminder", site.sign_in_address)


def _send(site: IdentityProviderSite, address: str, subject: str, name: str, link: str) -> None:
    """Send a message; a failure is logged, for the page reads the same whoever is written to."""
    context = {"site": site, "link": link}
    text = render_to_string(f"sandbox/enrolment/mails/{name}.txt", context)
    message = EmailMessage(subject, text, f'"{site.title}" <{SENDER}>', [address])
    try:
        message.send()
    except (OSError, SMTPException) as failure:
        LOGGER.warning("a message could not be sent: %s", type(failure).__name__)
