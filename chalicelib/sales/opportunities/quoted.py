"""How a deal's quotes stand, as far as they were sent: told by the quotes, for criteria and people."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.core.access import SYSTEM
from chalicelib.core.step import change
from chalicelib.sales.opportunities.models import Opportunity

#: Quotes whose standing a deal keeps: of more than that, those accepted and the latest.
MOST_QUOTES: Final = 100


def note_quote(deal_id: str, *, quote_id: str, version: int, **facts: Any) -> None:
    """Keep how a quote stands (number, status, sent_on) since a version of it.

    Safe to repeat, and in any order: what an earlier version was is not noted any more. Stale when
    somebody was at the deal: then it is to be told again.
    """
    deal = Opportunity.find(deal_id)
    if deal is None:
        return
    known = deal.quotes.get(quote_id)
    if known and known["version"] >= version:
        return
    change(deal, by=SYSTEM.id, quotes=_kept({**deal.quotes, quote_id: {"version": version, **facts}}))


def _kept(quotes: Mapping[str, Any]) -> dict[str, Any]:
    last = sorted(quotes, key=lambda each: (quotes[each]["status"] == "ACCEPTED", each))[-MOST_QUOTES:]
    return {each: quotes[each] for each in last}
