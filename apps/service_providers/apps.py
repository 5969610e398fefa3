from django.apps import AppConfig


class ServiceProvidersConfig(AppConfig):
    name = "apps.service_providers"
    verbose_name = "fournisseurs de service"
