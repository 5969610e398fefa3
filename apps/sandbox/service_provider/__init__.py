"""Three services under one origin, signed in by stock mozilla-django-oidc.

catalogue             the three services: their words, and what they ask FranceConnect for
configuration         the library's settings, for each service
backends sign_in      the library's backend and views, told which service they serve
information           verified claims as a French page writes them
views urls            the pages

Whoever writes a real service with this library may copy `configuration`, `backends` and `sign_in`.
"""
