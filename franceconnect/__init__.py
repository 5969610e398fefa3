"""The wires: settings, URLs, Celery, the embedded PostgreSQL and the supervisor of the sandbox.

Nothing here knows the sign-in; the rooms in `apps` never import this package.
"""
