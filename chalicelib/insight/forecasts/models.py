"""Snapshots of open deals, nightly figures and market factors as they are kept."""

from datetime import UTC, date, datetime, time
from typing import Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from ulid import ULID

from chalicelib.core import ids
from chalicelib.core.attributes import DateAttribute, DocumentAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.table import Record, index, meta

#: The one key under which all snapshots stand, in the order of days: few are written, night by night.
SHELF: Final = "snapshots"


class Snapshot(Record):
    """A part of the deals that were open at the end of a business day.

    `deals` has a row for each deal's id (`standing.packed`), in which texts are places in `names`. Every
    part says how many `parts` the day has. `replayed`: rebuilt later, from the change log.
    """

    Meta = meta("forecasts")
    kind = "forecast_snapshot"

    day = DateAttribute()
    parts = IntegerAttribute()
    names = ListOfAttribute()
    deals = DocumentAttribute()
    replayed = BooleanAttribute(default=False)
    shelf = UnicodeAttribute(default=SHELF)
    place = UnicodeAttribute()
    by_place = index("shelf", "place")


class Run(Record):
    """What was forecast at the end of a business day, for a segment and a currency.

    `segment` is a team's id, or `COMPANY`. `months` are those ahead, and `p10`, `expected` and `p90`
    their figures in minor units; `totals` has the three for the first month, the first two, and
    so on. Without figures, or where only a range may be shown, `shortage` says why. `backtest` is the
    method's, `candidates` everyone's: method, cutoffs, and wape, bias and coverage in per cent, as
    decimal texts.
    """

    Meta = meta("forecasts")
    kind = "forecast_run"

    day = DateAttribute()
    segment = UnicodeAttribute()
    currency = UnicodeAttribute()
    series = UnicodeAttribute()
    method = UnicodeAttribute()
    shortage = UnicodeAttribute(null=True)
    months = ListOfAttribute()
    p10 = ListOfAttribute()
    expected = ListOfAttribute()
    p90 = ListOfAttribute()
    totals = ListOfAttribute()
    backtest = DocumentAttribute()
    candidates = ListOfAttribute()
    replayed = BooleanAttribute(default=False)
    by_series = index("series", "day", sorts=DateAttribute(range_key=True))


class Factor(Record):
    """What the market is expected to add to the figures of some months, or to take; ACTIVE or VOIDED.

    `percent` is whole and above -100: 10 makes a figure of 100 one of 110.
    """

    Meta = meta("forecasts")
    kind = "market_factor"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("market_factor"))
    percent = IntegerAttribute()
    reason = UnicodeAttribute()
    first_month = UnicodeAttribute()
    last_month = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    by_end = index("status", "last_month")


def id_of_day(kind: str, day: date, *parts: str) -> str:
    """Return the one id of what a kind keeps of a business day: written twice, it is there once."""
    moment = ULID.from_datetime(datetime.combine(day, time(), UTC))
    return ids.derived(kind, str(moment)[:10], day.isoformat(), *parts)


def series_of(segment: str, currency: str) -> str:
    """Return the key of a segment's runs in a currency."""
    return f"{segment}|{currency}"


RECORDS = (Snapshot, Run, Factor)
