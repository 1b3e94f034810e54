"""Lead to cash."""

#: Bottom to top: a domain imports only domains before it. With each, where its addresses begin.
DOMAINS: dict[str, tuple[str, ...]] = {
    "catalog": ("/products", "/prices", "/price-books", "/price-policy", "/promotions"),
    "inventory": ("/warehouses", "/stock", "/stock-movements", "/supplies"),
    "opportunities": ("/opportunities", "/pipelines"),
    "leads": (
        "/leads",
        "/lead-forms",
        "/forms",
        "/lead-pools",
        "/lead-rules",
        "/lead-channels",
        "/hooks",
    ),
    "quotes": ("/quotes", "/quote-policy", "/q"),
    "credit": ("/credit", "/credit-policy"),
    "orders": ("/orders", "/order-policy", "/credit-notes"),
    "clauses": ("/clauses", "/contract-templates", "/clause-policy", "/clause-reviews"),
    "contracts": ("/contracts",),
    "revenue": ("/receivables", "/revenue-schedules", "/revenue", "/revenue-policy"),
}
