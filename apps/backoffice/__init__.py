"""The agents' site: who may see and change what, and the trace of every change.

site          the admin at the root of the site: its titles, its navigation, its home page
admin         what the site shows: the two registries and the journal, and nothing else
partner_admin what the pages of the two registries share; identity_providers: those of the one
reasons       why an agent does what has its own page; tells it to the history
partner_history the past of a partner, field by field
journalling   every change of a partner → lines of the journal
analysing     « Analyser »: the page that judges an issuer, and the form it opens
trial_page    « Connexion d’essai »: begins a trial, which the broker plays, and shows its report
activation    a provider with blocking findings is not usable, but knowingly
health        how providers are doing, read in the journal; health_page: where agents read it
deletion      who uses a provider; deletion_page: where one that nobody uses is deleted
secret_pages  client secrets, shown once
dashboard     the figures of the home page
roles         what an administrator and an auditor may do, as a table
staff         the accounts of agents on a development machine
partner_import the commands that read partner files
civil_identity a person as support names them; register_report what support reads of a look-up
privacy       the proof that nothing personal is at rest
failures      the pages of what was refused or failed
"""
