"""Lead to cash."""

#: Bottom to top: a domain imports only domains before it.
DOMAINS = ("catalog", "opportunities", "leads", "orders", "contracts")
