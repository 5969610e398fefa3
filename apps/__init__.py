"""The rooms of the house, from the cellar up.

protocol                                  the law: no Django, no clock, no dice, no wire
statements  wire                          prepared statements; calls to other machines, bounded
accounts                                  who: a keyed hash for a citizen, staff users
identity_providers  audit  notifications  the FI registry, the journal, the outbox (strangers to each other)
civil_register                            what the state's register knows of a person
service_providers                         the FS registry
broker  backoffice  sandbox               the sign-in, the agents' site, the demonstration partners
"""
