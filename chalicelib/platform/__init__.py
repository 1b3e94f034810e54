"""How the system grows and connects."""

#: Bottom to top: a domain imports only domains before it.
DOMAINS = ("imports",)
