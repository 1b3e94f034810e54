"""What is to be in the books of a source by now, and what is still to come. Pure.

Whatever happened, and however often one looks: the plan follows from the facts and from what is
booked already. What differs from the books is posted (`posting`); so nothing is posted twice, and
nothing that was posted is changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chalicelib.sales.revenue.billing import (
    Bill,
    agreed_still,
    by_agreement,
    closed,
    settled_by_day,
    taxed,
)
from chalicelib.sales.revenue.posting import BILLING, PAYMENT, RECOGNITION, REFUND, RETURN, Booked, Fact
from chalicelib.sales.revenue.recognition import (
    UNDATED,
    Earned,
    Outlook,
    Span,
    by_milestone,
    ended_openly,
    on_delivery,
    straight_line,
)
from chalicelib.sales.revenue.sources import METHODS, Paid, Source, beforehand, billable

#: What goes back rather than out, among what was earned.
_RETURNED: Final = "return|"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a schedule keeps: how it recognises, over which span, what is booked, planned and billed."""

    method: str
    span: Span | None = None
    booked: Booked = field(default_factory=dict)
    planned: Mapping[str, int] = field(default_factory=dict)
    planned_span: Span | None = None
    bills: Sequence[Bill] = ()
    payments: Sequence[Paid] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be booked by now (`facts`), what is planned by month, and what is billed and paid when."""

    value: int
    facts: Sequence[Fact]
    planned: Mapping[str, int]
    bills: Sequence[Bill]
    paid: Sequence[int]


def method_for(facts: Source, preferred: str) -> str:
    """Return the method of a source that nobody chose one for."""
    if facts.kind != "contract":
        return METHODS[facts.kind][0]
    return preferred if facts.targets else "STRAIGHT_LINE"


def plan(facts: Source, standing: Standing, *, today: date, payment_days: int) -> Plan:
    """Return what follows from the facts, given what is booked."""
    recognised = _recognised(standing.booked)
    outlook = _outlook(facts, standing, recognised, today)
    earned = {**_as_booked(standing, recognised), **{_fact_key(each): each for each in outlook.earned}}
    value = sum(each.minor for each in earned.values()) + sum(outlook.planned.values())
    bills = _bills(facts, standing, value, today=today, days=payment_days)
    payments = [*facts.payments, *standing.payments]
    told = [
        *(
            Fact(f"{BILLING}|{bill.number}", bill.on, bill.net, bill.tax)
            for bill in bills
            if bill.on <= today
        ),
        *(Fact(key, each.on, each.minor) for key, each in earned.items()),
        *(
            Fact(f"{PAYMENT if each.minor >= 0 else REFUND}|{each.key}", each.on, each.minor)
            for each in payments
        ),
    ]
    came = sum(each.minor for each in payments)
    paid = facts.paid if facts.kind != "contract" else settled_by_day(bills, came)
    return Plan(value, told, outlook.planned, bills, paid)


def _recognised(booked: Booked) -> dict[str, int]:
    """Return what is booked as earned, by the key of what earned it."""
    return {
        key.partition("|")[2]: row["net"]
        for key, row in booked.items()
        if key.startswith((f"{RECOGNITION}|", f"{RETURN}|"))
    }


def _as_booked(standing: Standing, recognised: Mapping[str, int]) -> dict[str, Earned]:
    """Return what stays as it is booked: all, but where pieces that went out are counted anew."""
    if standing.method == "ON_DELIVERY":
        return {}
    earned = [Earned(key, date.min, minor) for key, minor in recognised.items()]
    return {_fact_key(each): each for each in earned}


def _fact_key(each: Earned) -> str:
    return f"{RETURN if each.key.startswith(_RETURNED) else RECOGNITION}|{each.key}"


def _outlook(facts: Source, standing: Standing, recognised: Mapping[str, int], today: date) -> Outlook:
    if standing.method == "ON_DELIVERY":
        return on_delivery(facts.value, facts.delivered)
    if standing.method == "MILESTONE":
        still = [target for target in facts.targets if target.key not in recognised]
        equal, stopped = not any(target.minor for target in facts.targets), facts.stopped_on is not None
        return by_milestone(facts.value, recognised, still, today=today, equal=equal, stopped=stopped)
    span = standing.span or facts.span or Span(facts.started_on, None)
    if span.last is None and facts.stopped_on:
        return ended_openly(billable(facts, facts.stopped_on), recognised, facts.stopped_on)
    return straight_line(
        facts.value,
        recognised,
        span,
        today=today,
        stopped_on=facts.stopped_on,
        kept=_dated(standing.planned),
        kept_span=standing.planned_span,
    )


def _dated(planned: Mapping[str, int]) -> dict[str, int]:
    return {month: minor for month, minor in planned.items() if month != UNDATED}


def _bills(facts: Source, standing: Standing, value: int, *, today: date, days: int) -> Sequence[Bill]:
    if facts.kind != "contract":
        return facts.bills
    stopped_on = facts.stopped_on
    terms: dict[str, Any] = {"first": facts.started_on, "today": today, "days": days}
    rest = None if stopped_on else beforehand(facts)
    kept = agreed_still(standing.bills, facts.agreed)
    bills = by_agreement(kept, [*facts.agreed, *facts.reached], rest=rest, **terms)
    bills = closed(bills, value, on=stopped_on, days=days) if stopped_on else bills
    return taxed(bills, kept=standing.bills, value=facts.value, tax=facts.tax)
