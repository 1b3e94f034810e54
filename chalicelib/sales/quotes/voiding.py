"""Voiding a quote 作废, with the reason, and bringing it back 恢复 as it was."""

from datetime import timedelta
from typing import Final

from chalicelib.core import clock, due, errors, ownership
from chalicelib.core.access import Principal, require
from chalicelib.core.step import Step
from chalicelib.sales.quotes.lifecycle import QUOTE
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from chalicelib.sales.quotes.moves import ready

#: What a version that the customer has may be, and is no longer when its quote is voided.
_STANDS: Final = ("PRESENTED", "ACCEPTED")


def void(quote_id: str, *, reason: str, by: Principal, version: int | None = None) -> Quote:
    """Take a quote out of lists and figures; the customer can no longer accept it.

    An accepted one takes the right to approve. Conflict (`quote_sold`) when it became an order or a
    contract: that is cancelled first.
    """
    quote = ready("void", quote_id, by=by, version=version)
    if quote.order_id or quote.contract_id:
        raise errors.Conflict("quote_sold")
    if quote.status == "ACCEPTED":
        require(by, "quotes:approve")
    QUOTE.check("void", quote.status, ownership.VOIDED)
    step = Step(by=by.id, about=quote.id)
    if (sent := _sent(quote)) and sent.status in _STANDS:
        step.change(sent, status=ownership.VOIDED)
    ownership.void(step, quote, void_reason=reason, due_minute=None)
    step.commit()
    return quote


def restore(quote_id: str, *, by: Principal, version: int | None = None) -> Quote:
    """Bring a voided quote back as it was; one that was sent holds until its last day, as before.

    One that was in review is handed in anew: those who were asked have no task of it any more.
    """
    quote = ready("restore", quote_id, by=by, version=version)
    was = str(quote.voided_from)
    QUOTE.check("restore", quote.status, was)
    step = Step(by=by.id, about=quote.id)
    if (sent := _sent(quote)) and sent.status == ownership.VOIDED:
        step.change(sent, status=was)
    ends = max(clock.start_of(quote.valid_until + timedelta(days=1)), clock.now())
    anew = {"submitted_at": clock.now()} if was == "IN_REVIEW" else {}
    ownership.restore(
        step, quote, void_reason=None, due_minute=due.minute(ends) if was == "PRESENTED" else None, **anew
    )
    step.commit()
    return quote


def _sent(quote: Quote) -> QuoteVersion | None:
    return QuoteVersion.find(QuoteVersion.id_of(quote.id, quote.revision))
