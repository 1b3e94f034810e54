"""Reconcile: recompute, compare, repair. The same code as the stream, fed from the tables.

What can be wrong, and each is looked for:
- an item was never counted, or counted at an older version (a lost record): feed it again;
- its ledger row is ahead of it (the item came back from a backup): set it back, feed it again;
- its ledger row does not say what it contributes (corruption, a changed formula): feed it again;
- a ledger row has no item any more: take back what it contributed;
- an aggregate row is not the sum of the ledger (corruption): set it, provided that nothing was
  applied to the row meanwhile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core import aggregate_rows, aggregates, clock, ids
from chalicelib.core.aggregates import Stored
from chalicelib.core.attributes import plain
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Contribution, Measures, contribution
from chalicelib.core.observe import count, log
from chalicelib.core.quarantine import park
from chalicelib.core.table import Record, client, scan

#: Items fed at once; their ledger rows are read in one batch call.
BATCH: Final = 100


@dataclass(slots=True)
class Report:
    """What a reconcile found and did.

    `unreadable` items cannot be measured: they are in quarantine, and count as they did before.
    `drift` is what was still wrong at the end.
    """

    items: int = 0
    late: int = 0
    ahead: int = 0
    misstated: int = 0
    unreadable: int = 0
    orphans: int = 0
    wrong_rows: int = 0
    repaired: int = 0
    drift: int = 0

    def document(self) -> dict[str, int]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def as_change(raw: Mapping[str, Any]) -> Change | None:
    """Return a scanned item as the change that made it; None for a row that is none of ours."""
    image = plain(raw)
    item_id, version = image.get("id"), image.get("version")
    if not isinstance(item_id, str) or not isinstance(version, int):
        return None
    at = image.get("updated_at") or clock.iso(clock.now())
    return Change(ids.kind_of(item_id), item_id, version, None, image, at)


def run(tables: list[str], measures: Measures, *, repair: bool = True) -> Report:
    """Reconcile the aggregates with these tables; publish and return what was found."""
    found = _Reconcile(measures, repair=repair)
    for table in tables:
        found.compare_items(table)
    found.compare_rows()
    count("AggregateDrift", found.report.drift)
    log.info("reconciled", extra=found.report.document())
    return found.report


class _Reconcile:
    def __init__(self, measures: Measures, *, repair: bool) -> None:
        self.measures, self.repair = measures, repair
        self.report = Report()
        self.seen: set[str] = set()

    def compare_items(self, table: str) -> None:
        """Compare a table's items with what the ledger says of them."""
        batch: list[Change] = []
        # Half the price: an item read as it was a moment ago is read again where that matters.
        for raw in scan(table, consistent=False):
            change = as_change(raw)
            if change is None or change.kind not in self.measures:
                continue
            self.seen.add(change.id)
            batch.append(change)
            if len(batch) == BATCH:
                self._compare(table, batch)
                batch = []
        self._compare(table, batch)
        self.report.items = len(self.seen)

    def _compare(self, table: str, batch: list[Change]) -> None:
        stored = aggregates.ledger(change.id for change in batch)
        wrong = []
        for scanned in batch:
            row = stored.get(scanned.id)
            change = self._wrong(table, scanned, row)
            if change:
                wrong.append(change)
        if wrong and self.repair:
            aggregates.apply(wrong, self.measures, forced=True)
            self.report.repaired += len(wrong)

    def _wrong(self, table: str, change: Change, row: Stored | None) -> Change | None:
        """Return what is to be counted anew for an item to be right; None when it is."""
        expected = self._contribution(change)
        if expected is None:
            return None
        if row is None or row.version < change.version:
            self.report.late += 1
            return change
        if row.version > change.version:
            return self._overtaken(table, change, row)
        if row.contribution == expected:
            return None
        self.report.misstated += 1
        return change

    def _contribution(self, change: Change) -> Contribution | None:
        try:
            return contribution(change.after, self.measures[change.kind])
        except Exception as hopeless:
            # One item that cannot be measured must not keep all others from being compared.
            park("reconcile", change.document(), hopeless)
            self.report.unreadable += 1
            return None

    def _overtaken(self, table: str, change: Change, row: Stored) -> Change | None:
        # Changed since it was scanned, or the ledger knows of versions that the item never had?
        answer = client().get_item(TableName=table, Key={"id": {"S": change.id}}, ConsistentRead=True)
        now = as_change(answer.get("Item") or {})
        if now is None or now.version >= row.version:
            return None
        self.report.ahead += 1
        if self.repair and not aggregates.rewind(change.id, row, now.version):
            return None
        return now

    def compare_rows(self) -> None:
        """Compare the ledger with its items, and the aggregate rows with the ledger."""
        orphans: list[Change] = []
        wrong = aggregate_rows.wrong(visit=lambda raw: orphans.extend(self._orphan(raw)))
        self.report.orphans, self.report.wrong_rows = len(orphans), len(wrong)
        if not self.repair:
            report = self.report
            report.drift = report.late + report.ahead + report.misstated + report.orphans + report.wrong_rows
            return
        self.report.repaired += sum(aggregate_rows.mend(row) for row in wrong)
        aggregates.apply(orphans, self.measures)
        self.report.repaired += len(orphans)
        if wrong:
            self.report.drift = len(aggregate_rows.wrong())

    def _orphan(self, raw: Mapping[str, Any]) -> Iterator[Change]:
        item_id = raw["id"]["S"]
        if item_id in self.seen or ids.kind_of(item_id) not in self.measures:
            return
        row = aggregates.stored_row(raw)
        # Made since its table was scanned? Only what is really not there is an orphan.
        if row.contribution.cells and Record.anywhere(item_id) is None:
            yield Change(ids.kind_of(item_id), item_id, row.version + 1, None, None, "")
