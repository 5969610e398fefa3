"""The ordinary exchange with a provider, watched: what was reached, how long it took, what was verified.

Every check and every limit is the backend's; nothing is done here that a sign-in does not do.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.broker.rp.backend import ProviderBackend
from apps.identity_providers.models import IdentityProvider
from apps.identity_providers.trial.report import Stage, Step
from apps.protocol.id_token import VerifiedIdToken


class ObservedBackend(ProviderBackend):
    """A backend that remembers its steps, whether the exchange succeeds or not.

    steps     those that ended well, in their order
    stage     the one that is tried, or the last that was
    verified  the ID token, once it is
    """

    def __init__(self, provider: IdentityProvider) -> None:
        self.steps: list[Step] = []
        self.stage = Stage.CODE
        self.verified: VerifiedIdToken | None = None
        super().__init__(provider)

    def get_token(self, payload: dict[str, str]) -> dict[str, str]:
        with self._at(Stage.CODE):
            return super().get_token(payload)

    def verify_token(self, token: str, **kwargs: Any) -> VerifiedIdToken:
        with self._at(Stage.ID_TOKEN):
            self.verified = super().verify_token(token, **kwargs)
        return self.verified

    def get_userinfo(
        self, access_token: str, id_token: str, payload: VerifiedIdToken
    ) -> dict[str, object]:
        with self._at(Stage.USERINFO):
            return super().get_userinfo(access_token, id_token, payload)

    @contextmanager
    def _at(self, stage: Stage) -> Iterator[None]:
        self.stage, begun = stage, time.perf_counter()
        yield
        self.steps.append(Step(stage, round((time.perf_counter() - begun) * 1000)))
