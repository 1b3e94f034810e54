"""Whom we sell to."""

#: Bottom to top: a domain imports only domains before it.
DOMAINS = ("accounts", "activities")
