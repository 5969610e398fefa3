"""Two configurations: this room, and Django's admin with our site instead of the default one."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class BackofficeConfig(AppConfig):
    name = "apps.backoffice"
    verbose_name = "back-office"
    default = True

    def ready(self) -> None:
        import_module("apps.civil_register.checks")
        import_module("apps.identity_providers.checks")
        import_module("apps.service_providers.checks")


class BackofficeAdmin(SimpleAdminConfig):
    """The admin without discovery: a library that brings its own pages does not get them shown.

    django-oauth-toolkit would otherwise list codes and tokens.
    """

    default_site = "apps.backoffice.site.BackofficeSite"

    def ready(self) -> None:
        super().ready()
        import_module("apps.backoffice.admin")
