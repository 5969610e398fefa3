"""Across the street: everything a newcomer needs around the broker, and nothing of the broker.

personas            fictional people, as data
identity_provider   one OpenID Provider, three catalogues: Impôts, Assurance Maladie, La Poste
service_provider    three services that sign people in with stock mozilla-django-oidc
civil_register      the civil register that the broker asks, and a switch to break it down
mailbox             an SMTP server that keeps what it receives, and the pages to read it
households          who declares taxes together, and the notice each received
letterbox           the letters on paper, once they are delivered
identity_checks     La Poste's checks face to face, played by hand
second_factor       the code of an application, for the level above
forms               how every form here is drawn
enrolment           how a citizen comes to own an account at each identity provider
clock               the calendar of letters, codes and deadlines, which may be moved
home                the first page of a newcomer: what runs, who may sign in, where to go

The sandbox knows the broker by its address only, and registers its partners through the same files
and commands as anybody. Its database is its own: personas are personal data, even invented.
"""
