"""FS registry: which services may ask for a sign-in, and under which policy.

models     ServiceProvider (django-oauth-toolkit's Application), its policy, its verbs
importing  partner files → rows, idempotent by client_id
strictness which fields relax the policy
admin      the back-office form
checks     what `check --deploy` refuses
"""
