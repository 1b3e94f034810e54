"""What a contract that bills by itself has to do with its customer's credit 信用: what is billed by now and
not paid counts as owed, always in the transaction of the schedule that bills it. An order counts by itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.credit import service as credit
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue.billing import Bill


def facts_of(bills: Sequence[Bill], till: orders.Till, today: date) -> dict[str, Any]:
    """Return what follows from bills and their money for the customer's credit, as kept on the schedule.

    `credit_held` is what the customer owes by them, in minor units, `payment_record` how each was paid.
    What is billed on a later day is not owed yet.
    """
    by_day = sorted(bills, key=lambda bill: (bill.due_on, bill.number))
    rows = [{"due_on": bill.due_on.isoformat(), "amount_minor": bill.gross} for bill in by_day]
    made = replace(till, owed=sum(bill.gross for bill in bills)).settlement(rows)
    parts = zip(by_day, orders.payment_record(rows, till.payment_rows, made), strict=True)
    billed = [part for bill, part in parts if bill.on <= today and part.amount]
    return {
        "credit_held": sum(part.open for part in billed),
        "payment_record": [part.row() for part in billed],
    }


def count(step: Step, account_id: str, more: Money) -> None:
    """Add to a step that the customer owes so much more, or (below zero) less, whatever its limit."""
    if more.minor:
        credit.move(step, account_id, more)
