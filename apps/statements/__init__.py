"""What the rooms say to PostgreSQL on the hot path: statements written once, then only values travel.

backend    Django's PostgreSQL backend with `run`; the ENGINE of every database
execution  run(): a prepared statement on this thread's connection
prepared   the prepared statements of one connection
lookup     a SELECT compiled once by the ORM
writing    a change and what goes with it, as one statement: all of it or nothing

The ORM stays the rule. This room is for what every sign-in does; a look-up is compiled from a query
set, a write from the fields of its model, so that nothing here repeats the schema.
"""
