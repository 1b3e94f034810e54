"""Feed what no stream will tell any more: ``python -m infra.refeed --stage S [--since DAY] [--look]``.

Goes through the domains' tables and applies the newest version of every item that the change log
does not know: logged, counted and reacted to, as if it had just come from the stream. Safe while
the streams run, and safe to repeat. Versions between two that were lost stay unknown to the log.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from infra.acting import act_for, asked

#: Items looked up in the change log at a time.
BATCH = 100


@dataclass(slots=True)
class Report:
    """What was found: items looked at, those the log did not know, and those to be fed again."""

    items: int = 0
    unknown: int = 0
    busy: int = 0


def main() -> None:
    """Run the command. Exit status 1 when something is left to feed."""
    parser = asked(__doc__)
    parser.add_argument("--since", type=date.fromisoformat, help="pass over what changed before this day")
    parser.add_argument("--look", action="store_true", help="tell how many, and change nothing")
    given = parser.parse_args()
    act_for(given.stage)

    report = refeed(since=given.since, look=given.look)
    print(json.dumps(asdict(report), indent=2))
    raise SystemExit(1 if report.busy or (given.look and report.unknown) else 0)


def refeed(*, since: date | None = None, look: bool = False) -> Report:
    """Apply every item whose version the change log does not know; return what was found."""
    from chalicelib import house  # heavy: table names are read from the stage at import

    report = Report()
    for table in sorted(house.tables()):
        for batch in _batches(table, since):
            report.items += len(batch)
            unknown = _unknown(batch)
            report.unknown += len(unknown)
            if unknown and not look:
                report.busy += not _apply(unknown)
    return report


def _batches(table: str, since: date | None) -> Iterator[list[Any]]:
    from chalicelib.core.reconcile import as_change  # heavy: likewise
    from chalicelib.core.table import scan  # heavy: likewise

    batch = []
    for raw in scan(table):
        change = as_change(raw)
        if change is None or (since and change.at < since.isoformat()):
            continue
        batch.append(change)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _unknown(batch: Sequence[Any]) -> list[Any]:
    from chalicelib.core.changelog import Entry  # heavy: likewise

    wanted = [(change.id, change.version) for change in batch]
    logged = {(line.id, line.version) for line in Entry.batch_get(wanted, consistent_read=True)}
    return [_after_the_last(change) for change in batch if (change.id, change.version) not in logged]


def _after_the_last(change: Any) -> Any:
    """Return a change with what the log last knew of its item, so that reactions see what became new."""
    from chalicelib.core.changelog import Entry  # heavy: likewise

    older = Entry.version < change.version
    last = next(iter(Entry.query(change.id, older, limit=1, scan_index_forward=False)), None)
    return replace(change, before=last.after if last else None)


def _apply(unknown: Sequence[Any]) -> bool:
    from chalicelib import house  # heavy: likewise
    from chalicelib.core import changes  # heavy: likewise

    numbered = [(str(number), change) for number, change in enumerate(unknown)]
    return changes.apply(numbered, house.house()) is None


if __name__ == "__main__":
    main()
