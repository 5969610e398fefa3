"""The first page of a newcomer: what runs, who may sign in, where to go, what to copy."""
