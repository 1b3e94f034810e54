"""The open deals at the end of a business day: taken from the deals, or replayed from the change log.

Both are exact. A snapshot is taken some time after midnight, so what has changed since is undone by
the log; a replay starts from the snapshot before it, or from nothing, and goes on by the log alone.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.core import access, changelog, clock, errors
from chalicelib.core.attributes import plain
from chalicelib.core.step import create
from chalicelib.insight.forecasts.models import SHELF, Snapshot, id_of_day
from chalicelib.insight.forecasts.standing import Standings, in_parts, packed, standing, unpacked
from chalicelib.sales.opportunities import service as opportunities

KIND: Final = "opportunity"
DAY: Final = timedelta(days=1)


def end_of(day: date) -> datetime:
    """Return the instant at which a business day is over."""
    return clock.start_of(day + DAY)


def taken(day: date) -> Standings:
    """Return the deals open at the end of a day, from the deals as they are now.

    What was changed after that day is undone, by the change log.
    """
    images = {deal.id: plain(deal.serialize()) for deal in opportunities.open_deals()}
    undone: set[str] = set()
    for entry in changelog.of_kind(KIND, since=end_of(day), until=clock.now() + DAY):
        if entry.id not in undone:
            undone.add(entry.id)
            images[entry.id] = _before(entry)
    return _open(images)


def replayed(day: date, *, from_snapshot: bool = True) -> Standings:
    """Return the deals open at the end of a day, from the change log.

    It goes on from the latest snapshot before the day; without one, or when it may not, from the
    beginning of the log.
    """
    found = latest_before(day) if from_snapshot else None
    deals = found[1] if found else {}
    since = end_of(found[0]) if found else opportunities.recorded_since()
    if since is None or since >= end_of(day):
        return deals
    newest: dict[str, changelog.Entry] = {}
    for entry in changelog.of_kind(KIND, since=since, until=end_of(day)):
        if entry.id not in newest or newest[entry.id].version < entry.version:
            newest[entry.id] = entry
    untouched = {deal_id: deal for deal_id, deal in deals.items() if deal_id not in newest}
    return untouched | _open({deal_id: entry.after or {} for deal_id, entry in newest.items()})


def _before(entry: changelog.Entry) -> dict[str, Any]:
    unmoved = {name: value for name, value in (entry.after or {}).items() if name not in entry.fields}
    return unmoved | entry.before


def _open(images: Mapping[str, Mapping[str, Any]]) -> Standings:
    found = {deal_id: standing(image) for deal_id, image in images.items()}
    return {deal_id: deal for deal_id, deal in found.items() if deal}


def keep(day: date, deals: Standings, *, replayed: bool = False) -> None:
    """Store the deals of a day; what is stored already stays as it is."""
    parts = list(in_parts(deals))
    for number, part in enumerate(parts):
        names, rows = packed(part)
        snapshot = Snapshot(
            id_of_day(Snapshot.kind, day, str(number)),
            day=day,
            parts=len(parts),
            names=names,
            deals=rows,
            replayed=replayed,
            place=f"{day}|{number:06d}",
        )
        try:
            create(snapshot, by=access.SYSTEM.id)
        except errors.AlreadyExists:
            continue


def kept(day: date) -> Standings | None:
    """Return the stored deals of a day. None when they were not stored, or not all of them."""
    found = list(Snapshot.by_place.query(SHELF, Snapshot.place.startswith(f"{day}|")))
    if not found or len(found) < found[0].parts:
        return None
    return {deal_id: deal for part in found for deal_id, deal in unpacked(part.names, part.deals).items()}


def latest_before(day: date) -> tuple[date, Standings] | None:
    """Return the last day before a given one of which the deals are stored, with them."""
    earlier = Snapshot.by_place.query(SHELF, Snapshot.place < f"{day}|", scan_index_forward=False, limit=1)
    newest = next(iter(earlier), None)
    if newest is None:
        return None
    deals = kept(newest.day)
    return (newest.day, deals) if deals is not None else latest_before(newest.day)
