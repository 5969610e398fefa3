"""Where a service's policy is laxer than FranceConnect's, field by field.

`ServiceProvider.relaxations` is the rule, in words. The journal wants the names of the fields: they
are found by putting one field of the policy at a time on an otherwise strict copy of the service.
"""

import copy
from collections.abc import Collection
from typing import Final

from apps.protocol.jose import Alg
from apps.service_providers.models import (
    ConsentMode,
    NoncePolicy,
    ServiceProvider,
    default_prompts,
)

STRICT: Final[dict[str, object]] = {
    "nonce_policy": NoncePolicy.REQUIRED_MIN22,
    "acr_required": True,
    "allowed_prompts": default_prompts(),
    "consent_mode": ConsentMode.ALWAYS,
    "id_token_signed_response_alg": Alg.ES256.value,
    "userinfo_signed_response_alg": Alg.ES256.value,
    "identity_consent": True,
}


def relaxed_fields(service: ServiceProvider) -> frozenset[str]:
    """Return the names of the fields that make a policy laxer than FranceConnect's."""
    return frozenset(name for name in STRICT if _is_relaxed_by(service, name))


def new_relaxations(
    before: ServiceProvider | None, after: ServiceProvider, changed: Collection[str]
) -> frozenset[str]:
    """Return the fields by which a change made the policy laxer; none if it did not.

    before   the service as it was, None when it has just been created
    changed  names of the fields that changed
    """
    known = set(before.relaxations) if before else set()
    if not set(after.relaxations) - known:
        return frozenset()
    relaxed = relaxed_fields(after)
    return (relaxed - (relaxed_fields(before) if before else set())) | (relaxed & set(changed))


def _is_relaxed_by(service: ServiceProvider, name: str) -> bool:
    strict = copy.copy(service)
    for other, value in STRICT.items():
        if other != name:
            setattr(strict, other, value)
    return bool(strict.relaxations)
