"""Books of what was in force before there were any: made as its next change would make them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.attributes import plain
from chalicelib.core.settings import table_name
from chalicelib.core.table import scan
from chalicelib.sales.revenue.models import RevenueSchedule
from chalicelib.sales.revenue.schedules import follow, schedule_id
from chalicelib.sales.revenue.sources import source

#: Where what has books is kept.
TABLES: Final = ("orders", "contracts")
#: Looked up at once.
BATCH: Final = 100


@dataclass(slots=True)
class Report:
    """What was found: so many in force, of those so many `bookless`, and those `left` without at the end."""

    in_force: int = 0
    bookless: int = 0
    left: int = 0


def is_in_force(image: Mapping[str, Any]) -> bool:
    """Whether an order, a credit note or a contract has ever been in force, by its plain image."""
    return bool(image.get("activated_on") or image.get("issued_on"))


def catch_up(*, repair: bool = True) -> Report:
    """Make the books that are missing; without `repair` only count them. Safe to stop and to repeat."""
    report, found = Report(), _in_force()
    while batch := list(islice(found, BATCH)):
        report.in_force += len(batch)
        known = RevenueSchedule.fetch_many(map(schedule_id, batch))
        for source_id in batch:
            if schedule_id(source_id) not in known and source(source_id) is not None:
                report.bookless += 1
                report.left += not (repair and follows(source_id))
    return report


def _in_force() -> Iterator[str]:
    for name in TABLES:
        for image in map(plain, scan(table_name(name))):
            if is_in_force(image):
                yield image["id"]


def follows(source_id: str) -> bool:
    """Bring the books of one to what it says; False when it has none, or somebody else is at it."""
    try:
        return follow(source_id) is not None
    except errors.Stale:
        return False
