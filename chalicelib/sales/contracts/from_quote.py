"""The contract of an accepted quote: its parties, lines, value and terms, in one step."""

from collections.abc import Mapping
from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.step import Step
from chalicelib.sales.contracts.drafting import contract_of
from chalicelib.sales.contracts.lines import CallOff, Line
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.versions import put_from_template
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes


def draft_from_quote(
    quote_id: str,
    *,
    by: Principal,
    title: str | None = None,
    template_id: str | None = None,
    values_by_field: Mapping[str, str] | None = None,
    **terms: Any,
) -> Contract:
    """Draft the contract of an accepted quote, with its text where a template is named.

    `terms` as for `draft`. An order that was made of the quote before stands under the contract, which
    is then billed by it. Conflict when the quote is not accepted; AlreadyExists, with the contract's
    id, when there is one of it, or its order is under one. Invalid for a template that is not in use.
    """
    quote = quotes.accepted_quote(quote_id, who=by)
    if quote.order_id:
        terms["order_ids"] = [quote.order_id]
    contract = contract_of(
        title=title or quote.title or quote.number,
        value=quote.net,
        tax=quote.tax,
        terms=quote.terms,
        account_id=quote.account_id,
        contact_id=quote.contact_id,
        opportunity_id=quote.opportunity_id,
        quote_id=quote.id,
        line_rows=[Line.of_quoted(each).row() for each in quote.lines],
        owner_id=quote.owner_id,
        team_id=quote.team_id,
        **terms,
    )
    step = Step(by=by.id, about=contract.id)
    if template_id:
        put_from_template(step, contract, template_id=template_id, values=values_by_field or {}, by=by)
    if quote.order_id:
        _put_under(step, contract, quote.order_id)
    step.create(contract)
    quotes.note_contract(step, quote, contract.id)
    orders.hold_deal(step, quote.opportunity_id, contract.id)
    step.commit()
    return contract


def _put_under(step: Step, contract: Contract, order_id: str) -> None:
    """Let the order that the quote became stand under the contract, with all of its lines."""
    whole = {line.number: (line.quantity, line.net.minor) for line in contract.lines}
    contract.call_off_rows = [CallOff(order_id, whole).row()]
    order = orders.order(order_id, who=SYSTEM)
    other = Contract.find(order.contract_id or "")
    if other and other.status != "CANCELLED":
        raise errors.AlreadyExists(holder=other.id)
    orders.put_under(step, order, contract_id=contract.id)
