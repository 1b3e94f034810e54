"""What one asks of forecasts, and the night's work that makes them."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from chalicelib.core.contention import tries
from chalicelib.core.observe import count, log
from chalicelib.insight.forecasts import snapshots
from chalicelib.insight.forecasts.automatic import forecast
from chalicelib.insight.forecasts.factors import add_factor, change_factor, factor, factors, void_factor
from chalicelib.insight.forecasts.hindsight import Record, record
from chalicelib.insight.forecasts.outlook import Outlook, Range, outlook
from chalicelib.insight.forecasts.replay import PastDay, replay
from chalicelib.insight.forecasts.runs import run_forecasts

__all__ = [
    "Outlook",
    "PastDay",
    "Range",
    "Record",
    "add_factor",
    "change_factor",
    "close_day",
    "factor",
    "factors",
    "forecast",
    "outlook",
    "record",
    "replay",
    "run_forecasts",
    "snapshot_day",
    "void_factor",
]

#: Looks at the deals until they agree with the change log; together they take some seconds.
TRIES: Final = 8


def close_day(day: date) -> None:
    """Keep a business day's open deals and its forecasts; safe to repeat.

    Days missed since the last one kept are made up for first: their deals are replayed.
    """
    for missed in _missed_before(day):
        snapshots.keep(missed, snapshots.replayed(missed), replayed=True)
        run_forecasts(missed, replayed=True)
    snapshot_day(day)
    run_forecasts(day)


def snapshot_day(day: date) -> None:
    """Keep the deals that were open at the end of a day, and tell whether the change log agrees."""
    if snapshots.kept(day) is not None:
        return
    replayed = snapshots.replayed(day)
    # A change of this very second may still be on its way to the log, and so not be undone yet.
    for _ in tries(TRIES):
        deals = snapshots.taken(day)
        if deals == replayed:
            break
    drift = sum(deals.get(deal_id) != replayed.get(deal_id) for deal_id in deals.keys() | replayed.keys())
    snapshots.keep(day, deals)
    count("SnapshotDrift", drift)
    log.info("snapshot kept", extra={"day": day.isoformat(), "deals": len(deals), "drift": drift})


def _missed_before(day: date) -> Iterator[date]:
    found = snapshots.latest_before(day)
    missed = found[0] + snapshots.DAY if found else day
    while missed < day:
        yield missed
        missed += snapshots.DAY
