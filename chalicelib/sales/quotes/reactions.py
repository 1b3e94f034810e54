"""What quotes do when something changed elsewhere, and when something is due."""

from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.quotes import service
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


REACTIONS = {"user": (owner_moved,), "quote": (stay_with_owner, deal_concerned)}
DUE: Handlers = {Quote: service.expire, QuoteVersion: service.deliver}
