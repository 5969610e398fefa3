from django.apps import AppConfig

from apps.notifications import policy


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "messages aux usagers"

    def ready(self) -> None:
        policy.current()  # an unknown policy stops the start, not the first sign-in
