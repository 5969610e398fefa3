"""What `manage.py check --deploy` refuses of the civil register."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def check_civil_register(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Refuse, in production, a register that is asked in clear: identities travel in the address."""
    if settings.PRODUCTION and settings.CIVIL_REGISTER_URL.startswith("http://"):
        return [Error("CIVIL_REGISTER_URL\u202f: adresse sans TLS.", id="fc.E301")]
    return []
