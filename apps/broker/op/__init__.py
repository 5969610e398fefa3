"""What we are to a service: an OpenID Provider, with django-oauth-toolkit as a library.

server     the grants that exist: authorization code, and nothing else
validator  oauthlib's questions, answered in one look-up each; codes and tokens single use
backend    one server for the process; errors in the catalogue's words
keys       our signing keys
document   the discovery document and the key set, built once
"""
