"""Django's PostgreSQL backend, with prepared statements and a check that costs no round trip."""
