"""The sign-in: three doors, one corridor, two hands, one memory.

views/service_provider   the services' door: authorize, token, userinfo, jwks, discovery, logout
views/citizen            the citizen's door: choice, information, errors, public pages
views/identity_provider  the identity providers' door: callback, logout callback
flow                     the corridor: eight functions in the order a citizen lives them
leaving                  the eighth step; turning_back: the ways back from any open one
trial                    the trip of an agent who tries a provider, beside the corridor
age_gate  civil_status   who is old enough, and who the civil register says they are
eligibility              may this provider serve this sign-in
sso  transfer  answer    the session; what a service receives; the answer kept for a second press
trail  journal_facts     what the journal is told; attention: what a request is about
op  rp                   what we are to the service (django-oauth-toolkit), to the provider
                         (mozilla-django-oidc); the two never meet
sealed_identity  boxes   what a bearer secret opens
lookups                  the statements of the hot path; shell: what every page needs
purge  tasks             what has ended is taken away
models                   the memory: SignIn, SsoSession, codes and tokens
"""
