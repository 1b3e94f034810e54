"""Counting what was loaded: the change log and the aggregates, fed directly instead of by the streams."""

from chalicelib import house
from chalicelib.core import changelog, changes, reconcile
from chalicelib.core.changelog import Change
from chalicelib.core.table import scan

#: Changes fed at once: what falls into the same months and teams is added up before it is written.
AT_ONCE = 400


def count_all() -> int:
    """Write the log and the aggregates of everything in the domains' tables; return how many items."""
    found = [
        change for table in house.tables() for raw in scan(table) if (change := reconcile.as_change(raw))
    ]
    found.sort(key=_neighbourhood)
    for start in range(0, len(found), AT_ONCE):
        batch = found[start : start + AT_ONCE]
        changelog.append(batch)
        changes.feed(batch, house.house())
    return len(found)


def _neighbourhood(change: Change) -> tuple[str, ...]:
    item = change.after or {}
    return change.kind, *(
        str(item.get(name)) for name in ("team_id", "closed_on", "created_month", "owner_id")
    )
