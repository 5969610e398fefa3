"""One module a site: broker, backoffice, sandbox; `base` alone reads the environment."""
