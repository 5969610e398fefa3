"""The second factor of La Poste: a code that changes every thirty seconds (TOTP, RFC 6238).

models   the secret of one account, sealed
totp     making a secret, and accepting each code once
views    the pages: adding the factor, and typing its code during a sign-in
"""
