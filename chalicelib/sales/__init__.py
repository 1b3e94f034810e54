"""Lead to cash."""

#: Bottom to top: a domain imports only domains before it. With each, where its addresses begin.
DOMAINS: dict[str, tuple[str, ...]] = {
    "catalog": ("/products",),
    "opportunities": (),
    "leads": ("/leads", "/lead-forms", "/forms", "/lead-pools", "/lead-rules"),
    "orders": (),
    "contracts": (),
}
