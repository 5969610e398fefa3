"""The command line: see the package's docstring."""

from tests.journeys.live import running_chromium, running_sandbox
from tests.screenshots.agents import draw_agents
from tests.screenshots.citizen import draw_citizen
from tests.screenshots.enrolment import draw_enrolments
from tests.screenshots.shooting import SCREENS

WIDTHS = {360: "lou-sans-compte", 1280: "eva-niveau2"}
"""Each width has its own person without an account at Impôts."""


def main() -> None:
    """Start a sandbox and a browser, and draw every page at each width."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with running_sandbox(usual_ports=True) as sandbox, running_chromium() as chromium:
        for width, newcomer in WIDTHS.items():
            for draw in (draw_citizen, draw_agents, draw_enrolments):
                context = chromium.new_context(
                    viewport={"width": width, "height": 800},
                    locale="fr-FR",
                    reduced_motion="reduce",
                )
                if draw is draw_enrolments:
                    draw(context, sandbox, newcomer)
                else:
                    draw(context, sandbox)
                context.close()


if __name__ == "__main__":
    main()
