"""Agreeing another day for an instalment 展期 that is still open; the day it was due at first is kept."""

from datetime import date

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.ownership import reached
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import record, require
from chalicelib.sales.orders.standing import Due


def reschedule(
    order_id: str, *, instalment: int, due_on: date, reason: str, by: Principal, version: int | None = None
) -> Order:
    """Let an instalment (by number) be due on another day, as agreed with the customer.

    The day that it is due on changes nothing. Invalid for an instalment not there or paid, and for a
    day that is not between those of its neighbours: payments settle the first ones first.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    schedule = order.payment_schedule
    if instalment <= len(schedule) and schedule[instalment - 1].due_on == due_on:
        return order
    require("reschedule", order, by=by, version=version)
    if instalment > len(schedule):
        raise errors.Invalid.one("instalment", "no_instalment", most=len(schedule))
    part = schedule[instalment - 1]
    if not part.open.minor:
        raise errors.Invalid.one("instalment", "nothing_open")
    _require_in_turn(schedule, instalment, due_on)
    rows = [*order.instalment_rows]
    rows[instalment - 1] = {
        **rows[instalment - 1],
        "due_on": due_on.isoformat(),
        "first_due_on": (part.first_due_on or part.due_on).isoformat(),
    }
    told = {"instalment": instalment, "was": part.due_on.isoformat(), "reason": reason}
    return record(order, "reschedule", by=by, instalment_rows=rows, rescheduled=told)


def _require_in_turn(schedule: list[Due], instalment: int, due_on: date) -> None:
    before, after = schedule[: instalment - 1][-1:], schedule[instalment:][:1]
    if any(due_on < part.due_on for part in before) or any(due_on > part.due_on for part in after):
        raise errors.Invalid.one("due_on", "not_in_turn")
