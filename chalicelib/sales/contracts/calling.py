"""Orders under a contract 合同下单: of what it sells, all at once or part by part, never more than that."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step, change
from chalicelib.core.table import expect
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.lines import CallOff, left, taken
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes

#: Orders under one contract.
MOST_CALLS: Final = 100


def call_off(
    contract_id: str,
    *,
    by: Principal,
    version: int | None = None,
    lines: Sequence[Mapping[str, int]] = (),
    **terms: Any,
) -> Contract:
    """Draft an order under a signed contract: so many pieces by line, or all that is left.

    The last of `calls` names it. `terms`: ordered_on, payment_days, customer_reference, note. Conflict
    for a contract that is billed itself, is of no quote, or of which nothing is left; Invalid, naming
    each line, for more than is left.
    """
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    CONTRACT.require("call_off", contract.status, by=by)
    still = left(contract.lines, contract.calls)
    _require_open(contract, something=bool(still))
    parts = taken(still, {line["number"]: line["quantity"] for line in lines})
    quote = quotes.accepted_quote(contract.quote_id, who=SYSTEM)
    owner = {"owner_id": contract.owner_id, "team_id": contract.team_id}
    step = Step(by=by.id, about=contract.id)
    order = orders.put_part(step, quote, parts, contract_id=contract.id, owner=owner, **terms)
    calls = [*contract.call_off_rows, CallOff(order.id, parts).row()]
    step.change(contract, call_off_rows=calls, order_ids=[*contract.order_ids, order.id])
    step.commit()
    return contract


def _require_open(contract: Contract, *, something: bool) -> None:
    if contract.billed_by != "ORDERS" or not contract.quote_id:
        raise errors.Conflict("not_sold_by_orders")
    if not something:
        raise errors.Conflict("all_ordered")
    if len(contract.order_ids) >= MOST_CALLS:
        raise errors.Conflict("too_many_orders", most=MOST_CALLS)


def forget_order(contract_id: str, order_id: str) -> None:
    """Let what a cancelled order had taken be ordered again. Safe to repeat."""
    contract = Contract.find(contract_id)
    if contract is None or order_id not in contract.order_ids:
        return
    calls = [row for row in contract.call_off_rows if row["order_id"] != order_id]
    others = [each for each in contract.order_ids if each != order_id]
    change(contract, by=SYSTEM.id, call_off_rows=calls, order_ids=others)
