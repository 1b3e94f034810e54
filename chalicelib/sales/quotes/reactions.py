"""What quotes do when something changed elsewhere, and when something is due."""

from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote, QuoteVersion


def owner_moved(moved: Change) -> None:
    """Move quotes along with their owner to another team."""
    follow_owner(moved, Quote)


REACTIONS = {"user": (owner_moved,), "quote": (stay_with_owner,)}
DUE: Handlers = {Quote: service.expire, QuoteVersion: service.deliver}
