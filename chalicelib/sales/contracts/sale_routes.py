"""Contracts of quotes, and orders under contracts, over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery
from chalicelib.core.web import Room
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.sale_schemas import ContractOfQuote, NewCall
from chalicelib.sales.contracts.schemas import ContractView

sales = Room("contract_sales", prefix="/contracts")


@sales.post(
    "/from-quote",
    needs="contracts:write",
    body=ContractOfQuote,
    answers=ContractView,
    status=201,
    places="/contracts",
)
def draft_contract_of_quote(call: Call[ContractOfQuote, NoQuery]) -> Answer:
    """Draft the contract of an accepted quote, with its parties, lines, value and terms."""
    contract = service.draft_from_quote(**call.body.values(), by=call.who)
    return created(contract)


@sales.post("/{contract_id}/orders", needs="orders:write", body=NewCall, answers=ContractView)
def order_under_contract(call: Call[NewCall, NoQuery], contract_id: str) -> Contract:
    """Draft an order under a signed contract, or put one there; the last of `order_ids` names it."""
    return service.call_off(contract_id, **call.body.values(), version=call.version, by=call.who)
