"""Who sells, and what they know."""

#: Bottom to top: a domain imports only domains before it. With each, where its addresses begin.
DOMAINS: dict[str, tuple[str, ...]] = {
    "people": ("/users", "/me", "/teams", "/territories", "/calendars", "/api-keys"),
}
