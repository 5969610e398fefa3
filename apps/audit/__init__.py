"""The journal: what happened, in which order, and never to whom by name.

facts        the closed vocabulary of facts, each with its format
events       the catalogue: FranceConnect's numbered events and ours, each with its declared facts
journal      the only writer: append() at once, line() and lines() with the change they tell of
models       Entry: one line, append-only in Python and by trigger, partitioned by month
admin        the journal as agents read it, registered by the back-office
partitions   the monthly partitions, created ahead of time (command and task of the same name)

The journal keeps no foreign key: it stores the words (client_id, FI uid, sign-in UUID), so that a
line outlives what it tells about.
"""
