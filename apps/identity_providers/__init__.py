"""FI registry: who may say who the citizen is, and how we talk to them.

models    IdentityProvider, one row an identity provider: names, endpoints, credentials, levels
guidance  what citizens are told of it: how to get the account, what to read before leaving
history   each past state of a partner, written by PostgreSQL; change_reason: why an agent made it
metadata  their configuration and keys: read once, kept, read again when they rotate
          freshness (what is kept, for how long), published_keys (what is published now)
wire      the only HTTP client towards them: deadline, size limit, no redirect, no proxy surprise
          destinations (where we may connect), circuit (how many wait, and when nobody does)
our_addresses  what they register of us
analysis  « Analyser »: what an issuer publishes and how it behaves, before anything is saved
trial     « Connexion d’essai »: an agent signs in at a provider that no citizen sees
importing partner files → rows, idempotent by uid
          partner_documents (JSON, YAML), partner_fields (what a field may hold), partner_files
          (read, write, report): shared with the services' registry
admin     the back-office form, with its form_fields
checks    what `check --deploy` refuses
"""
