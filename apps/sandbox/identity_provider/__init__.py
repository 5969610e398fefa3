"""One OpenID Provider, three catalogues (OpenID Connect Core 1.0, code flow).

catalogue      the three sites: their words, their identifiers, their algorithms
identifiers    how a person types a tax number, a social security number, an e-mail address
registration   the one client, its redirect URIs and the keys of a site
broker_keys    what that client publishes: it signs and we encrypt with it
client_authentication  how that client proves itself: a secret, or a signature
request        the authentication request, judged (pure)
messages       each message of the provider, built (pure)
faults         what may be wrong with a message when somebody asks for it, by name (pure)
sign_in        accounts, passwords, codes and tokens, in the database
views          the doors: for the citizen and for the broker
"""
