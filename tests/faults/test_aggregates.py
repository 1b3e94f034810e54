"""The figures of every kind stay right, to the unit, whatever happens to their stream and to its calls."""

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from statistics import fmean
from typing import Any

import pytest

from chalicelib import house
from chalicelib.core import aggregates, batches, changelog, guards, ids, quarantine
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Cell, Image, contribution
from chalicelib.core.table import RETRIES
from tests.faults import recount
from tests.faults.delivery import deliver, handler, shuffled_by_workers
from tests.faults.event_source import Chaos, Record, shards, split
from tests.faults.history import History, wire
from tests.faults.injector import TO_A_WRITE, Injector, injected
from tests.faults.makers import MAKERS

SEED = 20261122
#: Ten thousand changes take their time.
long = (pytest.mark.long, pytest.mark.timeout(3_000))


def _history(times: int, seed: int = SEED) -> History:
    made = History(random.Random(seed))
    made.change(times)
    return made


def _sizes(sample: int, full: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("times", [sample, pytest.param(full, marks=long)])


def test_every_kind_that_is_measured_has_a_maker_of_random_items() -> None:
    assert MAKERS.keys() == house.measures().keys()


@pytest.mark.parametrize("kind", MAKERS)
def test_every_made_item_can_be_measured_and_some_count(kind: str) -> None:
    dice = random.Random(SEED)
    items = [MAKERS[kind](dice) for _ in range(200)]

    counted = [bool(contribution(item, house.measures()[kind]).cells) for item in items]

    assert any(counted)


@_sizes(300, 10_000)
def test_figures_are_exact_when_every_batch_comes_up_to_five_times(emulated: str, times: int) -> None:
    history, dice = _history(times), random.Random(SEED)
    handle = handler(history.measures)

    def often(records: list[Record]) -> Any:
        for _ in range(dice.randrange(5)):
            handle(dice.sample(records, len(records)))
        return handle(records)

    deliver(history, seed=SEED, handle=often)

    assert history.drift() == {}


@_sizes(300, 10_000)
def test_figures_are_exact_when_eight_workers_deliver_everything_shuffled(emulated: str, times: int) -> None:
    history = _history(times)

    shuffled_by_workers(history, seed=SEED, workers=8, again=0.3)

    assert history.drift() == {}


@pytest.mark.parametrize(
    ("times", "faults"),
    [(25, ("crash before", "crash after")), pytest.param(60, TO_A_WRITE, marks=long)],
)
def test_a_fault_at_any_single_write_leaves_no_trace(
    emulated: str, times: int, faults: tuple[str, ...]
) -> None:
    history, number, happened = _history(0), 0, True
    while happened:
        for fault in faults:
            history.records.clear()
            history.change(times)
            with injected(Injector(random.Random(0), at=(number, fault))) as injector:
                deliver(history, seed=7, through=shards(history.records, 1), batch=25)
            happened = bool(injector.happened)  # none: fewer writes than that, every one has been tried
            assert history.drift() == {}, (number, fault)
        number += 1
    assert number > 4


@pytest.mark.parametrize(
    ("times", "seed", "lanes"),
    [
        (200, 1, 4),
        *(pytest.param(1_000, seed, lanes, marks=long) for seed in range(20) for lanes in (1, 4, 10)),
    ],
)
def test_figures_are_exact_after_crashes_repeats_and_old_batches(
    emulated: str, times: int, seed: int, lanes: int
) -> None:
    history = _history(times, seed)

    with injected(Injector(random.Random(seed), crash=0.01 if times < 1_000 else 0.001)):
        source = deliver(history, seed=seed, lanes=lanes, chaos=Chaos(again=0.03, late=0.03), batch=25)

    assert source.failure_queue == []
    assert history.drift() == {}


def _misreported(records: list[Record], dice: random.Random) -> Any:
    """Return a report of a batch that is done: of failures that were none, or as nobody should write one."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    failures: list[Any] = [
        [{"itemIdentifier": numbers[0]}],
        [{"itemIdentifier": dice.choice(numbers)}],
        [{"itemIdentifier": number} for number in dice.sample(numbers, min(3, len(numbers)))],
        [{"itemIdentifier": ""}],
        [{"itemIdentifier": None}],
        [{"itemIdentifier": "of another batch"}],
        [{"item": numbers[-1]}],
        [{}],
    ]
    return {"batchItemFailures": dice.choice(failures)}


@_sizes(200, 10_000)
def test_figures_are_exact_when_what_is_done_is_reported_as_failed_or_not_to_be_read(
    emulated: str, times: int
) -> None:
    history, dice, reported = _history(times), random.Random(SEED), Counter[bool]()
    handle = handler(history.measures)

    def report(records: list[Record]) -> Any:
        done, misreported = handle(records), dice.random() < 0.3
        reported[misreported] += 1
        return _misreported(records, dice) if misreported else done

    source = deliver(history, seed=SEED, handle=report, batch=25)

    assert reported[True] >= 3
    assert source.failure_queue == []
    assert history.drift() == {}


FAULTS: dict[str, dict[str, Any]] = {
    "throttled": {"throttle": 0.3},
    "conflict": {"conflict": 0.5},
    "answer lost": {"lost": 0.1, "timeout": 0.1},
    "left over": {"left_over": 0.5},
}


#: How often the same is sent on the average, in however many calls and deliveries: two would be enough where
#: each try fails by one half.
MOST_ON_AVERAGE = 3
#: And by 99 of 100, where there are enough to tell by. Where each try fails by one half, whatever was done
#: about the last, one in a hundred needs seven: the eight of `aggregates.TRIES`.
MOST_TRIED: dict[str, int] = {
    "throttled": 4, "conflict": aggregates.TRIES, "answer lost": 4, "left over": batches.TRIES,
}  # fmt: skip


#: So many changes make so many calls that one in a hundred is told from chance.
MANY = 5_000


@pytest.mark.parametrize("fault", FAULTS)
@_sizes(150, MANY)
def test_figures_are_exact_however_often_calls_fail(emulated: str, fault: str, times: int) -> None:
    history = _history(times)

    with injected(Injector(random.Random(SEED), **FAULTS[fault])) as injector:
        source = deliver(history, seed=SEED, batch=10)

    assert injector.happened[fault] >= 3, "the faults must have happened"
    assert max(injector.sendings.values()) <= 1 + RETRIES, "a call is not sent for ever"
    assert fmean(injector.tried.values()) <= MOST_ON_AVERAGE, "no storm of them"
    assert times < MANY or _of_a_hundred(99, injector.tried.values()) <= MOST_TRIED[fault]
    assert len(injector.paused) == sum(sent - 1 for sent in injector.sendings.values())
    # After a refusal the SDK waits, or we do, or, the tries being over, the batch is left to come again.
    refused = injector.happened.total()
    assert refused >= len(injector.paused) + len(injector.waited) * (fault != "throttled") >= 0.9 * refused
    assert source.failure_queue == []
    assert history.drift() == {}
    lines = {(line.id, line.version) for line in changelog.Entry.scan()}
    assert lines == {_version(record) for record in history.records}, "and no line of the log is lost"


def _of_a_hundred(which: int, numbers: Iterable[int]) -> int:
    """Return what so many of a hundred numbers do not exceed."""
    found = sorted(numbers)
    return found[-(-len(found) * which // 100) - 1]


def _version(record: Record) -> tuple[str, int]:
    stream = record["dynamodb"]
    if "NewImage" in stream:
        return stream["Keys"]["id"]["S"], int(stream["NewImage"]["version"]["N"])
    return stream["Keys"]["id"]["S"], int(stream["OldImage"]["version"]["N"]) + 1


def _poisoned(record: Record, how: str) -> Record:
    image: dict[str, Any] = {**record["dynamodb"]["NewImage"], "poison": {"S": how}}
    if how == "unreadable":
        del image["version"]
    else:
        del image["type"]
    return {**record, "dynamodb": {**record["dynamodb"], "NewImage": image}}


@pytest.mark.parametrize("how", ["unreadable", "not to be measured"])
@pytest.mark.parametrize("which", [[0], [50], [99], list(range(100))], ids=["first", "middle", "last", "all"])
def test_poison_is_parked_with_its_body_and_holds_up_nobody(
    emulated: str, how: str, which: list[int]
) -> None:
    history = History(random.Random(SEED))
    calls = [history.create("activity") for _ in range(100)]
    records = [_poisoned(r, how) if n in which else r for n, r in enumerate(history.records)]
    for number in which:
        history.items[calls[number]] = None

    source = deliver(history, seed=SEED, through=shards(records, 1))

    assert history.drift() == {}
    assert source.failure_queue == []
    parked = quarantine.parked(limit=100).items
    assert len(parked) == len(which)
    assert all(calls[number] in "".join(each.body for each in parked) for number in which)
    assert all('"poison"' in each.body for each in parked)


@pytest.mark.parametrize("interleaved", [False, True])
@_sizes(200, 10_000)
def test_figures_are_exact_when_shards_split_mid_stream(emulated: str, interleaved: bool, times: int) -> None:
    history = _history(times)
    stream = shards(history.records, 2)
    split_up = [part for shard in stream for part in split(shard, len(shard.records) // 3)]

    source = deliver(
        history, seed=SEED, through=split_up, lanes=2, chaos=Chaos(again=0.1, interleaved=interleaved)
    )

    assert source.failure_queue == []
    assert history.drift() == {}


def one_more(item: Image) -> list[Cell]:
    """Count an item in one of a few rows."""
    return [Cell("hot", str(item["row"]), {"count": 1, "sum": item["row"] + 1})]


@pytest.mark.parametrize("rows", [1, 8])
@pytest.mark.parametrize(("times", "workers"), [(160, 8), pytest.param(10_000, 32, marks=long)])
def test_a_hot_row_takes_every_increment_of_many_workers(
    emulated: str, times: int, workers: int, rows: int
) -> None:
    def add(number: int) -> int:
        item_id = ids.new("deal")
        item = {"id": item_id, "row": number % rows}
        aggregates.apply([Change("deal", item_id, 1, None, item, "")], {"deal": one_more})
        return guards.next_number("series")

    with ThreadPoolExecutor(workers) as threads:
        numbers = list(threads.map(add, range(times)))

    assert sorted(numbers) == list(range(1, times + 1))
    per_row = Counter(number % rows for number in range(times))
    assert recount.standing() == {
        ("hot", str(row), name): count * (1 if name == "count" else row + 1)
        for row, count in per_row.items()
        for name in ("count", "sum")
    }


def test_an_image_without_what_is_empty_counts_as_the_one_with_it() -> None:
    dice = random.Random(SEED)
    for kind, maker in MAKERS.items():
        image = {**maker(dice), "id": "x"}
        kept = {name: value for name, value in image.items() if value is not None}
        assert wire(image) == wire(kept)
        assert contribution(image, house.measures()[kind]) == contribution(kept, house.measures()[kind])
