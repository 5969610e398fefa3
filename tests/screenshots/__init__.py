"""Redraw docs/screens: every page, at 360 and at 1280 px.

    python -m tests.screenshots

citizen     the sign-in, from a service and back, and the pages that need none
enrolment   how one comes to own each of the three accounts, and what the sandbox adds
agents      the back-office
"""
