"""What revenue does when an order or a contract changed, when time brings something, and every night."""

from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.sales.revenue import service
from chalicelib.sales.revenue.catching_up import is_in_force
from chalicelib.sales.revenue.models import Receivable, RevenueExport, RevenueSchedule


def source_changed(changed: Change) -> None:
    """Bring the books of what is in force to what it says now. Safe to repeat, and to run late."""
    if is_in_force(changed.after or {}):
        service.follow(changed.id)


def month_passed(schedule: RevenueSchedule) -> None:
    """Post what time has brought: a month that is over, a bill that goes out."""
    service.follow(schedule.source_id)


def export_asked_for(changed: Change) -> None:
    """Write the file of a new export."""
    if changed.became("status", "WAITING"):
        service.compose(RevenueExport.fetch(changed.id))


def compare_exposures() -> None:
    """See that every account owes what its orders and contracts say, and set right what differs."""
    service.compare()


REACTIONS = {
    "order": (source_changed,),
    "credit_note": (source_changed,),
    "contract": (source_changed,),
    "revenue_export": (export_asked_for,),
}
DUE: Handlers = {
    Receivable: service.remind,
    RevenueSchedule: month_passed,
    RevenueExport: service.compose,
}
NIGHTLY = (compare_exposures,)
