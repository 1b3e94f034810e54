"""What managers read."""

#: Bottom to top: a domain imports only domains before it. With each, where its addresses begin.
DOMAINS: dict[str, tuple[str, ...]] = {
    "analytics": ("/analytics",),
    "forecasts": ("/forecasts",),
    "replenishment": ("/reorder-advice",),
    "reports": ("/reports",),
}
