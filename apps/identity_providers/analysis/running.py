"""An analysis from beginning to end: one door, and a report whatever happens behind it."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from apps.identity_providers.analysis import (
    address,
    behaviour,
    catalogue,
    comparison,
    identity,
    keys,
    network,
    protocol,
    reading,
    timing,
)
from apps.identity_providers.analysis.asking import Asking, OutOfTime
from apps.identity_providers.analysis.findings import UNREACHED, Finding, Group, Report, Severity
from apps.identity_providers.analysis.members import Document
from apps.identity_providers.models import ENDPOINTS, IdentityProvider
from apps.protocol import discovery
from apps.protocol.jose import Alg

OF_TLS = (catalogue.TLS.name, catalogue.CERTIFICATE.name)


def analyse(issuer: str, *, now: float, provider: IdentityProvider | None = None) -> Report:
    """Return what an identity provider publishes and how it behaves. Writes nothing, raises nothing.

    now       epoch seconds
    provider  the row to compare with, saved or not. When it gives its own addresses, they are the
              ones that are tried, and what is wrong with a document it does not use is a warning.
    At most four requests; none begins after asking.DEADLINE.
    """
    analysis = _Analysis(issuer, Asking(now), provider)
    found = analysis.run()
    return Report(
        issuer, found, analysis.document, analysis.asking.elapsed, len(analysis.asking.replies)
    )


class _Analysis:
    """What is known so far."""

    def __init__(self, issuer: str, asking: Asking, provider: IdentityProvider | None) -> None:
        self.issuer = issuer
        self.asking = asking
        self.provider = provider
        self.document: Document | None = None

    def run(self) -> tuple[Finding, ...]:
        found = {finding.check: finding for finding in self._findings()}
        expected = [
            check
            for check in catalogue.CATALOGUE.values()
            if check.name in found or self._is_expected(check.name, check.group)
        ]
        return tuple(found.get(check.name) or check.skip(UNREACHED) for check in expected)

    def _is_expected(self, name: str, group: Group) -> bool:
        if group is Group.ROW:
            return self.provider is not None
        if name in OF_TLS:
            return not self.issuer.startswith("http:")
        return name != catalogue.PUBLIC_ADDRESS.name  # listed when it was refused

    def _findings(self) -> Iterator[Finding]:
        yield address.judge(self.issuer)
        if address.fault(self.issuer):
            return
        with suppress(OutOfTime):
            yield from self._published()
            yield from self._tried()
        yield timing.speed(self.asking.replies)

    def _published(self) -> Iterator[Finding]:
        """Read the document and judge it."""
        findings = list(self._read())
        if self.document is not None:
            findings += reading.judge(self.document, self.issuer)
            findings += protocol.judge(self.document)
            findings += identity.judge(self.document)
        yield from findings if self._uses_document else _softened(findings)
        if self.provider is not None and self.document is not None:
            yield from comparison.judge(self.provider, self.document)

    def _read(self) -> Iterator[Finding]:
        reply = self.asking.get(discovery.configuration_url(self.issuer))
        yield from network.judge(reply)
        if reply.answer is None:
            return
        yield reading.status(reply.url, reply.answer)
        yield timing.clock(reply)
        if reply.answer.status == 200:
            findings, self.document = reading.parse(reply.answer)
            yield from findings

    def _tried(self) -> Iterator[Finding]:
        """Call the addresses, those of the row if it gives its own."""
        addresses = self._addresses()
        if "jwks_uri" in addresses:
            yield from keys.judge(self.asking.get(addresses["jwks_uri"]), self._algs())
        if "authorization_endpoint" in addresses:
            yield behaviour.authorization(self.asking, addresses["authorization_endpoint"])
        if "token_endpoint" in addresses:
            yield behaviour.token(self.asking, addresses["token_endpoint"])

    def _addresses(self) -> dict[str, str]:
        if self.provider is not None and not self._uses_document:
            given = {name: getattr(self.provider, name) for name in ENDPOINTS}
            return {name: url for name, url in given.items() if url}
        return reading.addresses(self.document, self.issuer)[0] if self.document else {}

    def _algs(self) -> list[Alg]:
        if self.provider is not None:
            return [Alg(self.provider.id_token_signed_response_alg)]
        return protocol.id_token_algs(self.document or {})

    @property
    def _uses_document(self) -> bool:
        return self.provider is None or self.provider.uses_discovery


def _softened(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings about a document that the row does without: none of them is blocking."""
    return [
        replace(f, severity=Severity.WARNING) if f.severity is Severity.BLOCKING else f
        for f in findings
    ]
