"""What became of an accepted quote: an order, or a contract; noted in the very step that makes it."""

from typing import Any

from chalicelib.core import errors
from chalicelib.core.step import Refusal, Step
from chalicelib.sales.quotes.models import Quote


def note_order(step: Step, quote: Quote, order_id: str) -> None:
    """Add to a step that a quote became an order.

    AlreadyExists, with the contract's id, when it is under a contract: its orders are made there.
    """
    nothing = (Quote.status == "ACCEPTED") & Quote.contract_id.does_not_exist()
    step.add(quote, {}, where=nothing, refusal=_taken("contract_id"), order_id=order_id)


def note_contract(step: Step, quote: Quote, contract_id: str) -> None:
    """Add to a step that a quote became a contract, over its order where that was made before.

    AlreadyExists, with the contract's id, when it became one before; Stale when it became an order
    meanwhile, or that was cancelled.
    """
    ordered: str | None = quote.order_id
    as_seen = Quote.order_id == ordered if ordered else Quote.order_id.does_not_exist()
    nothing = (Quote.status == "ACCEPTED") & Quote.contract_id.does_not_exist() & as_seen
    step.add(quote, {}, where=nothing, refusal=_taken("contract_id"), contract_id=contract_id)


def forget(step: Step, quote_id: str | None, made_id: str) -> None:
    """Add to a step that a quote can become something again: what was made of it is cancelled."""
    quote = Quote.find(quote_id) if quote_id else None
    for name in ("order_id", "contract_id"):
        if quote and getattr(quote, name) == made_id:
            step.add(quote, {}, where=getattr(Quote, name) == made_id, **{name: None})


def _taken(name: str) -> Refusal:
    def refusal(stood: dict[str, Any] | None) -> errors.SalesError:
        holder = (stood or {}).get(name, {}).get("S")
        return errors.AlreadyExists(holder=holder) if holder else errors.Stale()

    return refusal
