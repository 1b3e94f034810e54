"""What a quote contributes to the figures, from its first sending on, in the month of that day.

Sums are those of the last version that was sent; `sent_amount` and `accepted_amount` without tax.
`list_amount` is what it would have cost without the discounts that somebody gave.
"""

from collections.abc import Iterator
from typing import Final

from chalicelib.core.measures import Cell, Image

#: What is counted when a quote has come to a status.
_ENDS: Final = {"REJECTED": "rejected_count", "EXPIRED": "expired_count"}


def quotes(quote: Image) -> Iterator[Cell]:
    """Yield the boards ``quotes|team``, ``quotes|owner`` and ``quotes|account``."""
    if not quote.get("first_sent_on"):
        return
    sent = quote["sent"]
    numbers = {
        "sent_count": 1,
        "sent_amount": sent["net"],
        "list_amount": sent["before_discount"],
        "discount_amount": sent["before_discount"] - sent["net"],
        "revisions": quote["revision"] - 1,
    }
    if quote["status"] == "ACCEPTED":
        numbers |= {"accepted_count": 1, "accepted_amount": sent["net"]}
    if name := _ENDS.get(quote["status"]):
        numbers[name] = 1
    for dim in ("team", "owner", "account"):
        member = quote.get(f"{dim}_id") or "-"
        yield Cell(f"quotes|{dim}", f"{quote['first_sent_on'][:7]}|{member}|{quote['currency']}", numbers)


MEASURES = {"quote": quotes}
