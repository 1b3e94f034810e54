"""Reconcile: recompute, compare, repair. The same code as the stream, fed from the tables.

What can be wrong, and each is looked for:
- an aggregate row is not the sum of the ledger (corruption): set it, provided that nothing was
  applied to the row meanwhile;
- an item was never counted, or counted at an older version (a lost record): feed it again;
- its ledger row is ahead of it (the item came back from a backup): set it back, feed it again;
- its ledger row does not say what it contributes (corruption, a changed formula): feed it again;
- a ledger row has no item any more: take back what it contributed.
"""

from collections.abc import Mapping
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
    # Rows first: what is then counted anew adds to rows that can be added to.
    found.compare_rows()
    for table in tables:
        found.compare_items(table)
    found.take_back_orphans()
    found.tell()
    return found.report


class _Reconcile:
    def __init__(self, measures: Measures, *, repair: bool) -> None:
        self.measures, self.repair = measures, repair
        self.report = Report()
        #: Ids in the ledger that contribute something, and whose item has not been met yet.
        self.unmet: set[str] = set()

    def compare_rows(self) -> None:
        """Compare the aggregate rows with the ledger."""
        wrong = aggregate_rows.wrong(visit=self._note)
        self.report.wrong_rows = len(wrong)
        if self.repair:
            self.report.repaired += sum(aggregate_rows.mend(row) for row in wrong)

    def _note(self, raw: Mapping[str, Any]) -> None:
        item_id = raw["id"]["S"]
        if ids.kind_of(item_id) in self.measures and aggregates.stored_row(raw).contribution.cells:
            self.unmet.add(item_id)

    def compare_items(self, table: str) -> None:
        """Compare a table's items with what the ledger says of them."""
        batch: list[Change] = []
        # Half the price: an item read as it was a moment ago is read again where that matters.
        for raw in scan(table, consistent=False):
            change = as_change(raw)
            if change is None or change.kind not in self.measures:
                continue
            self.unmet.discard(change.id)
            self.report.items += 1
            batch.append(change)
            if len(batch) == BATCH:
                self._compare(table, batch)
                batch = []
        self._compare(table, batch)

    def _compare(self, table: str, batch: list[Change]) -> None:
        stored = aggregates.ledger(change.id for change in batch)
        found = [self._wrong(table, scanned, stored.get(scanned.id)) for scanned in batch]
        wrong = [change for change in found if change]
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

    def take_back_orphans(self) -> None:
        """Take back what is contributed in the name of items that are not there."""
        # Of a table that was not scanned? Only what is really not there is an orphan.
        gone = sorted(item_id for item_id in self.unmet if Record.anywhere(item_id) is None)
        self.report.orphans = len(gone)
        if not self.repair or not gone:
            return
        stored = aggregates.ledger(gone)
        aggregates.apply([_removed(item_id, stored[item_id]) for item_id in gone], self.measures)
        self.report.repaired += len(gone)

    def tell(self) -> None:
        """Say what is still wrong: in a look all that was found, after a repair what a second look finds."""
        report = self.report
        if self.repair:
            report.drift = len(aggregate_rows.wrong()) if report.repaired else report.wrong_rows
        else:
            report.drift = report.late + report.ahead + report.misstated + report.orphans + report.wrong_rows
        count("AggregateDrift", report.drift)
        log.info("reconciled", extra=report.document())


def _removed(item_id: str, row: Stored) -> Change:
    return Change(ids.kind_of(item_id), item_id, row.version + 1, None, None, "")
