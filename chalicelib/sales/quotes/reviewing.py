"""Who is asked to approve a quote that goes beyond somebody's limits."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib.core.access import Principal, Role, may
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.quotes.lines import Line, totals


def ask(image: Mapping[str, Any], *, matter: str) -> None:
    """Ask whoever may approve a quote, as it is kept, within their own limits; not who submitted it."""
    lines = [Line.of_row(row, image["currency"]) for row in image["lines"]]

    @cache
    def is_within(role: Role) -> bool:
        return not catalog.beyond(lines, role=role)

    def approves(who: Principal) -> bool:
        return may(who, "quotes:approve") and is_within(who.role)

    activities.ask(
        people.deciders(image["owner_id"], may=approves, but=image["submitted_by"]),
        about_id=image["id"],
        account_id=image["account_id"],
        matter=matter,
        text="quote.task.review",
        number=image["number"],
        total=totals(lines, image["currency"]).total,
    )
