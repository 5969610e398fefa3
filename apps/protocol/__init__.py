"""The law of the sign-in: pure, typed, frozen values; standard library, cryptography and jwcrypto.

journey                     states × events → state; the documentation's diagram is drawn from it
errors                      every way a sign-in can end badly
acr claims scopes           levels of assurance, claims, scope → claims
pivot subject               the civil identity: validated, normalised, hashed; the pairwise `sub`
pkce jose sealing           RFC 7636; JWS and JWK; AES-256-GCM under a bearer secret
authentication_request authorization_response token_response id_token userinfo logout discovery
                            one file per message of OpenID Connect, in the order they travel
"""
