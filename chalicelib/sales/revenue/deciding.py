"""What finance decides about a schedule: how it recognises; and a contract's money."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.table import expect
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue.models import RevenueSchedule
from chalicelib.sales.revenue.schedules import follow
from chalicelib.sales.revenue.sources import METHODS, source


def choose(
    schedule_id: str,
    *,
    method: str,
    by: Principal,
    version: int | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RevenueSchedule:
    """Say how a schedule recognises; STRAIGHT_LINE of an order needs its days.

    Conflict when something is recognised already; Invalid, naming the fields, for a method that its
    source does not allow, or days that are missing or make no span.
    """
    found = reached(RevenueSchedule, schedule_id, who=by, to_write=True)
    expect(found, version)
    if any(found.recognised_sums.values()):
        raise errors.Conflict("revenue_recognised")
    if wrong := list(_wrong(found, method, starts_on, ends_on)):
        raise errors.Invalid(*wrong)
    return _followed(found, by, chosen=method, starts_on=starts_on, ends_on=ends_on)


def _wrong(
    found: RevenueSchedule, method: str, starts_on: date | None, ends_on: date | None
) -> Sequence[FieldError]:
    facts = source(found.source_id)
    if facts is None or method not in METHODS[facts.kind] or (method == "MILESTONE" and not facts.targets):
        return [FieldError("method", "method_not_possible")]
    days = {"starts_on": starts_on, "ends_on": ends_on}
    if facts.kind == "order" and method == "STRAIGHT_LINE":
        if starts_on and ends_on:
            return [FieldError("ends_on", "before_start")] if ends_on < starts_on else []
        return [FieldError(name, "missing") for name, day in days.items() if day is None]
    return [FieldError(name, "follows_from_source") for name, day in days.items() if day is not None]


def pay(
    schedule_id: str,
    *,
    reference: str,
    amount: Money,
    method: str,
    by: Principal,
    version: int | None = None,
    paid_on: date | None = None,
    keep_excess: bool = False,
) -> RevenueSchedule:
    """Record that money came in for a contract; it settles what is due first.

    The same reference again changes nothing (Conflict when it names something else). Conflict for an
    order's: it is paid where it was ordered. Invalid for another currency or more than is open, unless
    what is too much is to be kept for the customer.
    """
    found = _of_contract(schedule_id, by=by)
    if found.till.has_payment(reference, amount=amount, method=method, paid_on=paid_on):
        return found
    expect(found, version)
    part = orders.Payment(reference, paid_on or clock.today(), amount, method)
    return _followed(found, by, payment_rows=found.till.paid(part, keep_excess=keep_excess))


def take_back(
    schedule_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> RevenueSchedule:
    """Let a contract's payment that was recorded by mistake count no more. Invalid for one not there.

    Blocked when more was refunded than would then have come in.
    """
    found = _of_contract(schedule_id, by=by)
    expect(found, version)
    return _followed(found, by, payment_rows=found.till.taken_back(reference, reason=reason))


def refund(
    schedule_id: str,
    *,
    reference: str,
    amount: Money,
    method: str,
    reason: str,
    by: Principal,
    version: int | None = None,
    refunded_on: date | None = None,
) -> RevenueSchedule:
    """Record that money of a contract was paid back: never more than its credit.

    The same reference again changes nothing (Conflict when it names something else). Conflict for an
    order's; Invalid for another currency.
    """
    found = _of_contract(schedule_id, by=by)
    asked: dict[str, Any] = {"amount": amount, "method": method, "reason": reason}
    if found.till.has_refund(reference, refunded_on=refunded_on, **asked):
        return found
    expect(found, version)
    part = orders.Refund(reference, refunded_on or clock.today(), **asked)
    return _followed(found, by, refund_rows=found.till.refunded(part))


def _of_contract(schedule_id: str, *, by: Principal) -> RevenueSchedule:
    found = reached(RevenueSchedule, schedule_id, who=by, to_write=True)
    if not found.is_of_contract:
        raise errors.Conflict("paid_with_its_order")
    return found


def _followed(found: RevenueSchedule, by: Principal, **choice: Any) -> RevenueSchedule:
    return follow(found.source_id, by=by.id, **choice) or found
