"""Whom we sell to."""

#: Bottom to top: a domain imports only domains before it. With each, where its addresses begin.
DOMAINS: dict[str, tuple[str, ...]] = {
    "accounts": ("/accounts", "/contacts"),
    "activities": ("/activities", "/tasks"),
}
