"""« Analyser »: what an issuer publishes and how it behaves, judged before anything is saved.

running     analyse: the steps in their order → Report
findings    Severity, Check, Finding, Report: the shape of a verdict
catalogue   every check: its title, why it matters, the clause
asking      the few requests, timed, within one deadline
address     the issuer as it was typed
network     name, connection, TLS and HTTP: what failed, said as it is
reading     the configuration document: JSON, content type, issuer, endpoints
protocol    what the document announces of the protocol: flows, algorithms, client authentication
identity    what it announces of people: scopes, claims, levels
keys        the key set it publishes
timing      its clock and its speed
behaviour   what it answers to requests that it must refuse
comparison  the registered row beside what was found
proposal    the issuer to analyse instead, or the fields of a new row
members     lists of a document, read without trust
difference  two addresses that should be equal, character by character
printing    a report for a terminal, and for a machine

Nothing here writes: no row, no journal.
"""
