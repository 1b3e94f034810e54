"""What quotes do when something changed elsewhere, and when something is due."""

from collections.abc import Mapping
from typing import Any

from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.customers.activities import service as activities
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.quotes import reviewing, service
from chalicelib.sales.quotes.models import Quote, QuoteVersion


def owner_moved(moved: Change) -> None:
    """Move quotes along with their owner to another team."""
    follow_owner(moved, Quote)


def deal_concerned(changed: Change) -> None:
    """Tell a deal how its quote stands, from its first sending on."""
    quote = changed.after or {}
    is_sent = quote.get("opportunity_id") and quote.get("first_sent_on")
    if is_sent and not {"status", "first_sent_on"}.isdisjoint(changed.fields):
        opportunities.note_quote(
            quote["opportunity_id"],
            quote_id=changed.id,
            version=changed.version,
            number=quote["number"],
            status=quote["status"],
            sent_on=quote["first_sent_on"],
        )


def review_asked(quote: Change) -> None:
    """Ask whose limits allow it to approve a quote, and ask no more when that is decided. Safe to repeat."""
    before, now = (_review(image or {}) for image in (quote.before, quote.after))
    if before and before != now:
        activities.decided(quote.id, before)
    if now and before != now:
        reviewing.ask(quote.after or {}, matter=now)


def _review(image: Mapping[str, Any]) -> str | None:
    return f"review|{image['submitted_at']}" if image.get("status") == "IN_REVIEW" else None


REACTIONS = {"user": (owner_moved,), "quote": (stay_with_owner, deal_concerned, review_asked)}
DUE: Handlers = {Quote: service.expire, QuoteVersion: service.deliver}
