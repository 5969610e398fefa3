"""The register gave no answer to judge. No message holds anything of what was asked."""


class RegisterError(Exception):
    """Unreachable, in error or illegible."""


class RegisterSilent(RegisterError):
    """Reached, but the whole answer did not come: too slow, or cut."""
