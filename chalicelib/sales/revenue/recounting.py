"""What customers owe, counted anew from orders and from what contracts bill 对账."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from chalicelib.core import clock, ids
from chalicelib.core.table import scan
from chalicelib.sales.credit import service as credit
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import crediting
from chalicelib.sales.revenue.billing import Bill
from chalicelib.sales.revenue.catching_up import follows
from chalicelib.sales.revenue.models import RevenueSchedule


def recount(*, repair: bool = True) -> credit.Report:
    """Count every order, contract and account anew; without `repair` only tell. Safe to stop, to repeat."""
    report = credit.Report()
    orders.restate(report, repair=repair)
    for schedule in _of_contracts():
        mend = partial(follows, schedule.source_id) if repair else None
        report.note(is_wrong=_is_misstated(schedule), mend=mend)
    credit.compare(_held, report, repair=repair)
    return report


def compare() -> credit.Report:
    """See that every account owes what its orders and contracts say, and set right what differs."""
    report = credit.Report()
    credit.compare(_held, report)
    return report


def _held() -> Iterator[credit.Held]:
    return chain(orders.held(), credit.held_by(RevenueSchedule))


def _of_contracts() -> Iterator[RevenueSchedule]:
    for raw in scan(RevenueSchedule.Meta.table_name):
        if ids.kind_of(raw["id"]["S"]) == RevenueSchedule.kind:
            schedule = RevenueSchedule.from_raw_data(raw)
            if schedule.is_of_contract:
                yield schedule


def _is_misstated(schedule: RevenueSchedule) -> bool:
    """Whether a schedule does not say what is owed by what it has billed until now."""
    bills = [Bill.of_row(row) for row in schedule.bill_rows]
    facts = crediting.facts_of(bills, schedule.till, clock.today())
    return any(getattr(schedule, name) != fact for name, fact in facts.items())
