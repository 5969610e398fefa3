"""FI registry: who may say who the citizen is, and how we talk to them.

models    IdentityProvider, one row an identity provider: names, endpoints, credentials, levels
guidance  what citizens are told of it: how to get the account, what to read before leaving
metadata  their configuration and keys: read once, kept, read again when they rotate
wire      the only HTTP client towards them: deadline, size limit, no redirect, no proxy surprise
analysis  « Analyser »: what an issuer publishes and how it behaves, before anything is saved
trial     « Connexion d’essai »: an agent signs in at a provider that no citizen sees
importing partner files → rows, idempotent by uid
          partner_documents (JSON, YAML), partner_fields (what a field may hold), partner_files
          (read, write, report): shared with the services' registry
admin     the back-office form, with its form_fields
checks    what `check --deploy` refuses
"""
