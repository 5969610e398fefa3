"""How a citizen comes to own an account at an identity provider of the sandbox.

remaining   what an account that is not verified still waits for
views       the pages, one set for every enrolment
"""
