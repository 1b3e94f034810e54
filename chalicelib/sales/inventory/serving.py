"""Whose turn it is: units that came in go to the orders that wait, the oldest first.

What was promised and then not found goes the other way: the newest order waits again.
"""

from typing import Final

from chalicelib.core import access, errors
from chalicelib.core.step import Step
from chalicelib.core.table import all_of
from chalicelib.sales.inventory.counters import Shift, shift
from chalicelib.sales.inventory.models import Reservation, Stock
from chalicelib.sales.inventory.promises import keep

#: Orders served in one go: each changes the stock, and its change serves the next ones.
AT_ONCE: Final = 25


def serve(of: str) -> None:
    """Give units that are there to orders that wait, the oldest first; or, when less was found than
    is promised, let the newest wait.

    Safe to repeat. Busy when the queue is not as long as the counters say: it follows in a moment.
    """
    stock = Stock.find(of)
    if stock is None:
        return
    if to_serve := min(stock.free, stock.waiting) if stock.free > 0 else 0:
        _pass_on(to_serve, all_of(Reservation.by_waiting.query, of, limit=AT_ONCE), "waiting", +1)
    elif stock.free < 0:
        newest = all_of(Reservation.by_holding.query, of, limit=AT_ONCE, scan_index_forward=False)
        _pass_on(-stock.free, newest, "reserved", -1)


def _pass_on(units: int, queue: list[Reservation], source: str, sign: int) -> None:
    """Move units from waiting to reserved (sign +1), or back, along a queue."""
    if not queue:
        raise errors.Busy
    for kept in queue:
        given = min(units, getattr(kept, source))
        if given <= 0:
            return
        step, moved = Step(by=access.SYSTEM.id), sign * given
        keep(step, kept, reserved=kept.reserved + moved, waiting=kept.waiting - moved)
        still = Stock.free >= given if sign > 0 else Stock.free <= -given
        shift(step, kept.product_id, kept.warehouse_id, Shift(reserved=moved, waiting=-moved), where=still)
        step.commit()
        units -= given
