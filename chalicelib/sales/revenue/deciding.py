"""What finance decides about a schedule: how it recognises; and a contract's payments."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.table import expect
from chalicelib.sales.revenue.billing import Bill
from chalicelib.sales.revenue.models import RevenueSchedule
from chalicelib.sales.revenue.schedules import follow
from chalicelib.sales.revenue.sources import METHODS, source

#: Payments of one contract.
MOST_PAYMENTS: Final = 200


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
) -> RevenueSchedule:
    """Record that money came in for a contract; it settles the first of its receivables first.

    The same reference again changes nothing (Conflict when it names something else). Conflict for an
    order's: it is paid where it was ordered. Invalid for another currency or more than is open.
    """
    found = _of_contract(schedule_id, by=by)
    asked = {"amount_minor": amount.minor, "method": method, "taken_back_on": None}
    asked |= {"paid_on": paid_on.isoformat()} if paid_on else {}
    if known := next((row for row in found.payment_rows if row["reference"] == reference), None):
        if amount.currency != found.currency or any(known[name] != value for name, value in asked.items()):
            raise errors.Conflict("reference_taken", reference=reference)
        return found
    expect(found, version)
    if amount.currency != found.currency:
        raise errors.Invalid.one("amount", "currency_mismatch")
    if amount.minor > (still := _open(found)):
        raise errors.Invalid.one("amount", "more_than_owed", open=Money(still, found.currency))
    if len(found.payment_rows) >= MOST_PAYMENTS:
        raise errors.Conflict("too_many_payments", most=MOST_PAYMENTS)
    row = {"reference": reference, "paid_on": (paid_on or clock.today()).isoformat(), "reason": None, **asked}
    return _followed(found, by, payment_rows=[*found.payment_rows, row])


def take_back(
    schedule_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> RevenueSchedule:
    """Let a contract's payment that was recorded by mistake count no more. Invalid for one not there."""
    found = _of_contract(schedule_id, by=by)
    expect(found, version)
    rows = [dict(row) for row in found.payment_rows]
    standing = [row for row in rows if row["reference"] == reference and not row["taken_back_on"]]
    if not standing:
        raise errors.Invalid.one("reference", "unknown_reference")
    standing[0] |= {"taken_back_on": clock.today().isoformat(), "reason": reason}
    return _followed(found, by, payment_rows=rows)


def _of_contract(schedule_id: str, *, by: Principal) -> RevenueSchedule:
    found = reached(RevenueSchedule, schedule_id, who=by, to_write=True)
    if not found.source_id.startswith("contract_"):
        raise errors.Conflict("paid_with_its_order")
    return found


def _open(found: RevenueSchedule) -> int:
    came: int = sum(row["amount_minor"] for row in found.payment_rows if not row["taken_back_on"])
    return sum(Bill.of_row(row).gross for row in found.bill_rows) - came


def _followed(found: RevenueSchedule, by: Principal, **choice: Any) -> RevenueSchedule:
    return follow(found.source_id, by=by.id, **choice) or found
