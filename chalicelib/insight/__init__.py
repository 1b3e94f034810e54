"""What managers read."""

#: Bottom to top: a domain imports only domains before it.
DOMAINS = ("analytics", "forecasts", "reports")
