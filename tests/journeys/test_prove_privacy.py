"""S-192 on a sandbox that runs: the command that a person would run."""

from tests.journeys.live import Sandbox


def test_nothing_personal_is_at_rest_on_a_live_sandbox(sandbox: Sandbox) -> None:
    said = sandbox.manage("prove_privacy")
    assert said.count("Parcours joué") == 5
    assert "Rien trouvé" in said
