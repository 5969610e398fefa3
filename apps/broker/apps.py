from django.apps import AppConfig


class BrokerConfig(AppConfig):
    name = "apps.broker"
    verbose_name = "connexions"

    def ready(self) -> None:
        """Have the journal told of the providers that fall: the two rooms do not know each other."""
        from apps.broker.rp import outages
        from apps.identity_providers import circuit

        circuit.tell_openings(outages.journal_opening)
