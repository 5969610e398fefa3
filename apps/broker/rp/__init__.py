"""What we are to an identity provider: a relying party, one provider per request.

departure    the authentication request we send; state, nonce and PKCE verifier
backend      the code exchange and what we believe of the answer (mozilla-django-oidc subclassed)
client_keys  what proves us to a provider, and what reads what it encrypts to us
"""
