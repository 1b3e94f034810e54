"""Reconcile: recompute, compare, repair. The same code as the stream, fed from the tables.

Three things can be wrong, and each is looked for:
- an item was never counted, or counted at an older version (a lost record): feed it again;
- a ledger row does not say what its item contributes (corruption, a changed formula): likewise;
- an aggregate row is not the sum of the ledger (corruption): add the difference, provided that
  nothing was applied to the row meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.core import aggregates, clock, ids
from chalicelib.core.aggregates import Key
from chalicelib.core.attributes import plain
from chalicelib.core.boards import BOOKKEEPING
from chalicelib.core.changelog import Change
from chalicelib.core.contention import REFUSED, code
from chalicelib.core.measures import Measures, Numbers, contribution
from chalicelib.core.observe import count, log
from chalicelib.core.settings import table_name
from chalicelib.core.table import Record, client

#: Items fed at once; their ledger rows are read in one batch call.
BATCH: Final = 100


@dataclass(slots=True)
class Report:
    """What a reconcile found and did. `drift` is what was still wrong at the end."""

    items: int = 0
    late: int = 0
    misstated: int = 0
    orphans: int = 0
    wrong_rows: int = 0
    repaired: int = 0
    drift: int = 0

    def document(self) -> dict[str, int]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def scan(table: str, segment: int = 0, segments: int = 1) -> Iterator[dict[str, Any]]:
    """Yield every raw item of a table (or of one of its segments), consistently read."""
    request: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    if segments > 1:
        request |= {"Segment": segment, "TotalSegments": segments}
    while True:
        answer = client().scan(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


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
    report = Report()
    seen = _compare_items(tables, measures, report, repair=repair)
    _remove_orphans(seen, measures, report, repair=repair)
    wrong = _wrong_rows()
    report.wrong_rows = len(wrong)
    if repair:
        report.repaired += sum(_add(key, row) for key, row in wrong.items())
        report.drift = len(_wrong_rows())
    else:
        report.drift = report.late + report.misstated + report.orphans + report.wrong_rows
    count("AggregateDrift", report.drift)
    log.info("reconciled", extra=report.document())
    return report


def _compare_items(tables: list[str], measures: Measures, report: Report, *, repair: bool) -> dict[str, int]:
    seen: dict[str, int] = {}
    for table in tables:
        batch: list[Change] = []
        for raw in scan(table):
            change = as_change(raw)
            if change is None or change.kind not in measures:
                continue
            seen[change.id] = change.version
            batch.append(change)
            if len(batch) == BATCH:
                _compare(batch, measures, report, repair=repair)
                batch = []
        _compare(batch, measures, report, repair=repair)
    report.items = len(seen)
    return seen


def _compare(batch: list[Change], measures: Measures, report: Report, *, repair: bool) -> None:
    stored = aggregates.ledger(change.id for change in batch)
    wrong = []
    for change in batch:
        row = stored.get(change.id)
        if row is None or row.version < change.version:
            report.late += 1
        elif row.version > change.version:
            continue  # changed since it was scanned: the stream knows better
        elif row.contribution.cells == contribution(change.after, measures[change.kind]).cells:
            continue
        else:
            report.misstated += 1
        wrong.append(change)
    if wrong and repair:
        aggregates.apply(wrong, measures, forced=True)
        report.repaired += len(wrong)


def _remove_orphans(seen: Mapping[str, int], measures: Measures, report: Report, *, repair: bool) -> None:
    gone = []
    for raw in scan(table_name("ledger")):
        item_id = raw["id"]["S"]
        if item_id in seen or not raw["cells"]["M"] or ids.kind_of(item_id) not in measures:
            continue
        # Made since its table was scanned? Only what is really not there is an orphan.
        if Record.anywhere(item_id) is None:
            version = aggregates.stored_row(raw).version
            gone.append(Change(ids.kind_of(item_id), item_id, version + 1, None, None, ""))
    report.orphans = len(gone)
    if gone and repair:
        aggregates.apply(gone, measures)
        report.repaired += len(gone)


@dataclass(frozen=True, slots=True)
class _Row:
    steps: int
    missing: Numbers


def _wrong_rows() -> dict[Key, _Row]:
    """Return the aggregate rows that are not the ledger's sum, and what each one lacks.

    Rows are read before the ledger: one that is applied to in between has moved on (`steps`)
    and is left for the next look.
    """
    rows = {_key(raw): plain(raw) for raw in scan(table_name("aggregates"))}
    sums: dict[Key, Numbers] = defaultdict(lambda: defaultdict(int))
    for raw in scan(table_name("ledger")):
        for key, numbers in aggregates.stored_row(raw).contribution.cells.items():
            for name, number in numbers.items():
                sums[key][name] += number
    wrong: dict[Key, _Row] = {}
    for key in rows.keys() | sums.keys():
        row = rows.get(key, {})
        expected = dict(sums[key])
        if "rank_by" in row:
            expected["rank_value"] = expected.get(row["rank_by"], 0)
        names = (row.keys() - BOOKKEEPING) | expected.keys()
        missing = {name: expected.get(name, 0) - row.get(name, 0) for name in names}
        if kept := {name: delta for name, delta in missing.items() if delta}:
            wrong[key] = _Row(row.get("steps", 0), kept)
    return {key: row for key, row in wrong.items() if _steps(key) == row.steps}


def _steps(key: Key) -> int:
    found = client().get_item(
        TableName=table_name("aggregates"),
        Key={"board": {"S": key[0]}, "row": {"S": key[1]}},
        ConsistentRead=True,
    )
    steps: int = plain(found.get("Item", {})).get("steps", 0)
    return steps


def _key(raw: Mapping[str, Any]) -> Key:
    return raw["board"]["S"], raw["row"]["S"]


def _add(key: Key, row: _Row) -> bool:
    """Add what a row lacks, unless something was applied to it meanwhile."""
    names = {"#steps": "steps"} | {f"#{i}": name for i, name in enumerate(row.missing)}
    values = {":seen": {"N": str(row.steps)}, ":one": {"N": "1"}}
    values |= {f":{i}": {"N": str(delta)} for i, delta in enumerate(row.missing.values())}
    adds = ", ".join(f"#{i} :{i}" for i in range(len(row.missing)))
    unmoved = "#steps = :seen" if row.steps else "attribute_not_exists(#steps)"
    try:
        client().update_item(
            TableName=table_name("aggregates"),
            Key={"board": {"S": key[0]}, "row": {"S": key[1]}},
            UpdateExpression=f"ADD {adds}, #steps :one",
            ConditionExpression=unmoved,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
    except ClientError as refused:
        if code(refused).startswith(REFUSED):
            return False
        raise
    return True
