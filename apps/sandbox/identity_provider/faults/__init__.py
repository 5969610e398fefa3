"""The named faults: what an identity provider may do wrong, once, for one sign-in, when it is asked to.

fault        one fault, and the messages that it may alter
suffix       how a person asks for one: after the identifier, or in a list
tokens       what an ID token says of its sender, its addressee and its dates
signatures   how a token is signed
levels       the level of assurance
identities   the identity, and the person it belongs to
returns      the redirect that brings the citizen back
answers      /token and /userinfo over HTTP: statuses, bodies, sizes, slowness
catalogue    all of them, by family and by name

Each alteration is a pure function of a message that `messages` built. The codes are those of the
broker's catalogue of errors; they are words here, for this room knows nothing of the broker.
"""
