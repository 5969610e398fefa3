from django.apps import AppConfig


class IdentityProvidersConfig(AppConfig):
    name = "apps.identity_providers"
    verbose_name = "fournisseurs d’identité"
