"""What the stream lost or somebody spoilt, a reconcile finds and puts right; and then finds nothing."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import house
from chalicelib.core import ids, quarantine, reconcile
from chalicelib.core.measures import Cell, Image, Measures
from chalicelib.core.settings import table_name
from chalicelib.core.table import client
from tests.faults.corruption import AGGREGATES, LEDGER, WAYS, rows, spoil, wipe
from tests.faults.delivery import deliver, handler, until_done
from tests.faults.event_source import KEPT_SECONDS, Shard
from tests.faults.history import History, tables, wire
from tests.faults.makers import MAKERS
from tests.faults.reading import load, reading

SEED = 20261122
#: Ten thousand changes take their time.
long = (pytest.mark.long, pytest.mark.timeout(3_000))


def _history(times: int, seed: int = SEED) -> History:
    history = History(random.Random(seed), kept=True)
    history.change(times)
    return history


def _reconciled(history: History, *, repair: bool = True) -> reconcile.Report:
    return reconcile.run(tables(), history.measures, repair=repair)


@pytest.mark.parametrize("times", [150, pytest.param(5_000, marks=long)])
def test_a_day_without_a_consumer_is_made_up_for_from_the_tables(emulated: str, times: int) -> None:
    history = _history(times)
    deliver(history, seed=SEED)
    missed = len(history.records)
    history.change(times)
    lost = [
        {
            **record,
            "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": -float(KEPT_SECONDS + 3600)},
        }
        for record in history.records[missed:]
    ]

    source = deliver(history, seed=SEED, through=[Shard("lost", lost)])
    assert len(source.trimmed) == times
    assert source.calls == []
    assert history.drift()
    report = _reconciled(history)

    assert report.late + report.orphans > 0
    assert report.drift == 0
    assert history.drift() == {}


def other_formulas() -> Measures:
    """Return the measures as they might be tomorrow: every number twice, and one more board each."""

    def changed(kind: str) -> Any:
        def measure(item: Image) -> Iterator[Cell]:
            for cell in house.measures()[kind](item):
                yield Cell(cell.board, cell.row, {n: 2 * v for n, v in cell.numbers.items()}, cell.rank)
            yield Cell(f"kinds|{item.get('status')}", kind, {"count": 1})

        return measure

    return {kind: changed(kind) for kind in house.measures()}


@pytest.mark.parametrize("times", [60, pytest.param(1_000, marks=long)])
def test_a_rebuild_with_new_formulas_is_exact_while_changes_arrive(emulated: str, times: int) -> None:
    history = _history(times)
    deliver(history, seed=SEED)
    for table in (AGGREGATES, LEDGER):
        spoil(table, 0.01, random.Random(SEED))
    history.measures = other_formulas()
    handle, delivered = handler(history.measures), len(history.records)

    def changes_arrive() -> None:
        for _ in range(0, times, 10):
            start = len(history.records)
            history.change(10)
            until_done(handle, list(history.records[start:]))

    with ThreadPoolExecutor(1) as beside:
        arriving = beside.submit(changes_arrive)
        while not arriving.done():
            _reconciled(history)
        arriving.result()
    assert len(history.records) == delivered + times
    # Rows that moved while they were looked at were left for the next look: this one.
    report = _reconciled(history)

    assert report.drift == 0
    assert history.drift() == {}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=long) for seed in range(2, 22))])
def test_a_hundredth_of_all_rows_spoilt_is_found_and_put_right_in_one_run(emulated: str, seed: int) -> None:
    dice, history = random.Random(seed), _history(250, seed)
    deliver(history, seed=seed)
    ways = {table: spoil(table, 0.01, dice) for table in (AGGREGATES, LEDGER)}
    assert all({way.__name__ for way in WAYS[table]} == set(ways[table]) for table in WAYS)

    looked = _reconciled(history, repair=False)
    first, second = _reconciled(history), _reconciled(history)

    assert looked.repaired == 0
    assert looked.drift >= len(ways[LEDGER]), "a look finds it and repairs nothing"
    assert first.late + first.ahead + first.misstated == len(ways[LEDGER])
    assert first.drift == 0
    assert (second.late, second.ahead, second.misstated, second.wrong_rows, second.repaired) == (
        0,
        0,
        0,
        0,
        0,
    )
    assert history.drift() == {}


@pytest.mark.parametrize("lost", ["rank_by", "rank_board", "rank_value"])
def test_rows_that_lost_what_ranks_them_are_ranked_again(emulated: str, lost: str) -> None:
    history = _history(60)
    deliver(history, seed=SEED)
    ranked = [row for row in rows(AGGREGATES) if int(row.get("rank_value", {"N": "0"})["N"])]
    for row in ranked:
        kept = {name: value for name, value in row.items() if name != lost}
        client().put_item(TableName=table_name(AGGREGATES), Item=kept)

    assert ranked
    assert lost in {name for _, _, name in history.drift()}
    assert _reconciled(history).drift == 0

    assert history.drift() == {}


def test_nothing_but_the_items_is_enough_to_have_all_figures_again(emulated: str) -> None:
    history = _history(120)
    deliver(history, seed=SEED)
    wipe(AGGREGATES)
    wipe(LEDGER)

    report = _reconciled(history)

    assert (report.late, report.drift) == (report.items, 0)
    assert history.drift() == {}


def test_a_row_that_cannot_be_added_to_holds_up_nobody_until_it_is_put_right(emulated: str) -> None:
    history = _history(0)
    first = history.create("contract")
    deliver(history, seed=SEED)
    for row in rows(AGGREGATES):
        client().put_item(TableName=table_name(AGGREGATES), Item={**row, "count": {"S": "many"}})
    history.write(first, {**history.item(first), "value": {"minor": 7, "currency": "USD"}})
    history.create("lead")

    source = deliver(history, seed=SEED)
    assert source.failure_queue == []
    assert [each.stage for each in quarantine.parked(limit=9).items] == ["aggregates"]
    report = _reconciled(history)

    assert (report.late, report.drift) == (1, 0)
    assert history.drift() == {}


def _measured_items(how_many: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(SEED)
    for _ in range(how_many):
        kind = dice.choice(tuple(MAKERS))
        yield wire({**MAKERS[kind](dice), "id": ids.new(kind), "version": 1})


@pytest.mark.parametrize(("how_many", "seconds"), [(300, 60), pytest.param(100_000, 900, marks=long)])
def test_a_night_reads_so_much_for_so_many_items_and_is_done_in_time(
    emulated: str, how_many: int, seconds: int, record_property: Callable[[str, object], None]
) -> None:
    load(_measured_items(how_many))
    first = reconcile.run(tables(), house.measures())
    assert (first.items, first.late, first.drift) == (how_many, how_many, 0)

    with reading() as units:
        started, nothing_to_do = time.monotonic(), reconcile.run(tables(), house.measures())
        took = time.monotonic() - started

    assert nothing_to_do == reconcile.Report(items=how_many)
    record_property("seconds", took)
    record_property("read_units", dict(units))
    assert took < seconds
    assert sum(units.values()) < 3 * how_many
