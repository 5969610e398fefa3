"""An authority of certificates of our own, trusted for the time of a test."""

import pytest

from tests.identity_providers import certificates


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> certificates.Authority:
    return certificates.authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(
    authority: certificates.Authority, monkeypatch: pytest.MonkeyPatch
) -> certificates.Authority:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    return authority
