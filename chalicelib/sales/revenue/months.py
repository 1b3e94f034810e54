"""Revenue by month: billed, recognised, planned, and what is deferred at the month's end; from aggregates."""

from collections import defaultdict
from dataclasses import dataclass

from chalicelib.core import boards, clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.revenue import reach
from chalicelib.sales.revenue.recognition import UNDATED


@dataclass(frozen=True, slots=True)
class Month:
    """A month of one currency; without a `month`: what is to come in nobody knows which.

    `deferred` is what was billed and is not earned by the month's end; less than nothing is earned
    and not billed yet.
    """

    month: str | None
    billed: Money
    recognised: Money
    planned: Money
    deferred: Money


def months(
    *,
    who: Principal,
    by: str | None = None,
    member: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> list[Month]:
    """Return the months from one to another (default: this year's), by currency. Two Query calls.

    What is deferred has its beginning in the first month ever, so all up to the last are read: their
    rows grow with members and months. Invalid (`from`, `to`) when the last comes before the first.
    """
    year = clock.today().year
    first, last = since or f"{year}-01", until or f"{year}-12"
    if last < first:
        raise errors.Invalid(FieldError("from", "period_order"), FieldError("to", "period_order"))
    dim = by or reach.usual(who)
    admitted = reach.admitted(who, by=dim, member=member)
    rows = boards.months(f"revenue|{dim}", "0000-00", last) | boards.months(
        f"revenue|{dim}", UNDATED, UNDATED
    )
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, numbers in rows.items():
        month, owner, currency = key.split("|")
        if admitted(owner) and any(numbers.values()):
            for name, minor in numbers.items():
                sums[currency, month][name] += minor
    return [each for each in _running(sums) if each.month is None or each.month >= first]


def _running(sums: dict[tuple[str, str], dict[str, int]]) -> list[Month]:
    """Return months in order, each with what is deferred by then."""
    deferred: dict[str, int] = defaultdict(int)
    found = []
    for (currency, month), numbers in sorted(sums.items()):
        deferred[currency] += numbers["billed"] - numbers["recognised"]
        amounts = {name: Money(numbers[name], currency) for name in ("billed", "recognised", "planned")}
        known = None if month == UNDATED else month
        found.append(Month(known, **amounts, deferred=Money(deferred[currency], currency)))
    return found
