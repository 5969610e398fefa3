"""How the sandbox keeps passwords."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class DemonstrationHasher(PBKDF2PasswordHasher):
    """PBKDF2 with few rounds: these passwords are printed on the login page.

    The default of Django costs a quarter of a second of CPU at each sign-in, which a laptop that
    runs three providers and a load test would feel, and would protect a public secret.
    """

    algorithm = "pbkdf2_sha256_demonstration"
    iterations = 10_000
