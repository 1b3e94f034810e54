"""Orders under a contract 合同下单: made of what a quote's contract sells, or put under a frame contract."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.ownership import reached
from chalicelib.core.references import References
from chalicelib.core.step import Step, change
from chalicelib.core.table import expect
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.lines import CallOff, left, taken
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes

#: Orders that are made of a contract's lines, and those under a frame contract, which has none.
MOST_CALLS: Final = 100
MOST_UNDER_FRAME: Final = 500


def call_off(
    contract_id: str,
    *,
    by: Principal,
    version: int | None = None,
    order_id: str | None = None,
    **details: Any,
) -> Contract:
    """Bring an order under a signed contract that its orders bill; the last of `order_ids` names it.

    Of a contract of a quote it is drafted: so many pieces by line (`lines`), or all that is left, on
    terms of its own (ordered_on, payment_days, customer_reference, note). Under any other, a frame
    contract, it is put as it stands (`order_id`). Conflict for a contract that is billed itself, of
    which nothing is left, or that has too many; Invalid, naming the field, for more than is left, an
    order that does not fit, or what is of the other kind of contract.
    """
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    CONTRACT.require("call_off", contract.status, by=by)
    if contract.billed_by != "ORDERS":
        raise errors.Conflict("not_sold_by_orders")
    most = MOST_CALLS if contract.quote_id else MOST_UNDER_FRAME
    if len(contract.order_ids) >= most:
        raise errors.Conflict("too_many_orders", most=most)
    step = Step(by=by.id, about=contract.id)
    if contract.quote_id:
        _require_none(order_id=order_id)
        _draft(step, contract, **details)
    else:
        _require_none(**details)
        _put_under(step, contract, order_id, by=by)
    step.commit()
    return contract


def _require_none(**others: Any) -> None:
    """Raise Invalid, naming each, for what says of an order what its contract does not leave open."""
    wrong = [FieldError(name, "not_of_this_contract") for name, said in others.items() if said]
    if wrong:
        raise errors.Invalid(*wrong)


def _draft(step: Step, contract: Contract, *, lines: Sequence[Mapping[str, int]] = (), **terms: Any) -> None:
    """Add to a step the order of a part of what a contract sells."""
    still = left(contract.lines, contract.calls)
    if not still:
        raise errors.Conflict("all_ordered")
    parts = taken(still, {line["number"]: line["quantity"] for line in lines})
    quote = quotes.accepted_quote(contract.quote_id, who=SYSTEM)
    owner = {"owner_id": contract.owner_id, "team_id": contract.team_id}
    order = orders.put_part(step, quote, parts, contract_id=contract.id, owner=owner, **terms)
    calls = [*contract.call_off_rows, CallOff(order.id, parts).row()]
    step.change(contract, call_off_rows=calls, order_ids=[*contract.order_ids, order.id])


def _put_under(step: Step, contract: Contract, order_id: str | None, *, by: Principal) -> None:
    """Add to a step that an order of the same customer stands under a frame contract 框架合同."""
    if order_id is None:
        raise errors.Invalid.one("order_id", "missing")
    named = References(by)
    to_write = partial(orders.order, to_write=True)
    order = named.take("order_id", to_write, order_id, account_id=contract.account_id)
    named.check()
    taken_before = order.contract_id or order.id in contract.order_ids
    if taken_before or order.is_cancelled or order.currency != contract.value.currency:
        raise errors.Invalid.one("order_id", "order_does_not_fit")
    step.change(contract, order_ids=[*contract.order_ids, order.id])
    orders.put_under(step, order, contract_id=contract.id)


def forget_order(contract_id: str, order_id: str) -> None:
    """Let what a cancelled order had taken be ordered again. Safe to repeat."""
    contract = Contract.find(contract_id)
    if contract is None or order_id not in contract.order_ids:
        return
    calls = [row for row in contract.call_off_rows if row["order_id"] != order_id]
    others = [each for each in contract.order_ids if each != order_id]
    change(contract, by=SYSTEM.id, call_off_rows=calls, order_ids=others)
