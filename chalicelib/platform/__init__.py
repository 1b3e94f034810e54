"""How the system grows and connects."""

#: Bottom to top: a domain imports only domains before it. With each, where its addresses begin.
DOMAINS: dict[str, tuple[str, ...]] = {
    "imports": ("/imports",),
    "handovers": ("/handovers",),
}
