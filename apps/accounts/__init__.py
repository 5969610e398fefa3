"""Who: a citizen as a keyed hash and nothing else; staff users, the only ones who have a password."""
