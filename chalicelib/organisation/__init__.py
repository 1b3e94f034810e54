"""Who sells, and what they know."""

#: Bottom to top: a domain imports only domains before it.
DOMAINS = ("people",)
