"""The event source keeps to what Lambda documents for streams, so that what it finds is true."""

import random
import threading
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.event_source import (
    KEPT_SECONDS,
    Chaos,
    EventSource,
    Reading,
    Record,
    Shard,
    apart,
    checkpoint,
    shards,
    split,
)
from tests.faults.injector import Crash

Numbers = list[int]


def _records(how_many: int, *, items: int = 5, created: float = 0.0) -> list[Record]:
    return [
        {
            "eventSourceARN": "arn:stream",
            "dynamodb": {
                "SequenceNumber": f"{number:021d}",
                "Keys": {"id": {"S": f"item_{number % items}"}},
                "ApproximateCreationDateTime": created,
            },
        }
        for number in range(how_many)
    ]


def _number(record: Record) -> int:
    return int(record["dynamodb"]["SequenceNumber"])


def _failing(*numbers: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": f"{number:021d}"} for number in numbers]}


class Function:
    """A handler that remembers its batches; `answers` are given one after the other, then success."""

    def __init__(self, *answers: Any) -> None:
        self.batches: list[Numbers] = []
        self.answers = list(answers)

    def __call__(self, records: list[Record]) -> Any:
        self.batches.append([_number(record) for record in records])
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Exactly(random.Random):
    """A dice by which every batch is as large as it may be."""

    def randint(self, a: int, b: int) -> int:
        return b

    def random(self) -> float:
        return 0.999


def _run(function: Any, records: list[Record], chaos: Chaos | None = None, **reading: Any) -> EventSource:
    source = EventSource(function, random.Random(1), Reading(**reading), chaos or Chaos())
    source.run(Shard("shard-0", records))
    return source


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of full size."""
    monkeypatch.setattr("tests.faults.event_source.random.Random", Exactly)


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_nothing_reported_is_success(exact: None, answer: Any) -> None:
    function = Function(answer)

    source = _run(function, _records(6), batch=6)

    assert function.batches == [[0, 1, 2, 3, 4, 5]]
    assert not source.failure_queue


@pytest.mark.parametrize(
    ("reported", "again"),
    [
        ((0,), [0, 1, 2, 3, 4, 5]),
        ((3,), [3, 4, 5]),
        ((5,), [5]),
        ((4, 2), [2, 3, 4, 5]),
        ((5, 0, 3), [0, 1, 2, 3, 4, 5]),
    ],
)
def test_the_lowest_number_reported_is_the_checkpoint_and_all_after_it_come_again(
    exact: None, reported: tuple[int, ...], again: Numbers
) -> None:
    function = Function(_failing(*reported))

    _run(function, _records(6), batch=6)

    assert function.batches == [[0, 1, 2, 3, 4, 5], again]


@pytest.mark.parametrize(
    "failure",
    [
        {"itemIdentifier": ""},
        {"itemIdentifier": None},
        {"ItemIdentifier": f"{3:021d}"},
        {"itemIdentifier": "of another batch"},
        {},
        "no document",
    ],
)
def test_a_malformed_report_fails_the_whole_batch(exact: None, failure: Any) -> None:
    function = Function({"batchItemFailures": [{"itemIdentifier": f"{3:021d}"}, failure]})

    _run(function, _records(4), batch=4, bisect=False)

    assert function.batches == [[0, 1, 2, 3]] * 2


def test_reports_count_only_where_the_mapping_asks_for_them(exact: None) -> None:
    function = Function(_failing(2))

    _run(function, _records(4), batch=4, partial=False)

    assert function.batches == [[0, 1, 2, 3]]


def test_after_an_error_the_batch_is_cut_in_halves_whatever_is_reported(exact: None) -> None:
    function = Function(Crash(), None, RuntimeError("again"))

    _run(function, _records(5), batch=5)

    assert function.batches == [[0, 1, 2, 3, 4], [0, 1], [2, 3, 4], [2], [3, 4]]


def test_without_bisect_the_same_batch_comes_until_the_tries_are_used_up(exact: None) -> None:
    function = Function(*[Crash()] * 4)

    source = _run(function, _records(6), batch=3, bisect=False, retries=3)

    assert function.batches == [[0, 1, 2]] * 4 + [[3, 4, 5]]
    [told] = source.failure_queue
    assert told["requestContext"] == {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 5}
    assert told["DDBStreamBatchInfo"] == {
        "shardId": "shard-0",
        "startSequenceNumber": f"{0:021d}",
        "endSequenceNumber": f"{2:021d}",
        "batchSize": 3,
        "streamArn": "arn:stream",
    }
    assert "Keys" not in str(told), "the queue is told where, never what"


def test_bisect_leaves_only_the_poison_behind(exact: None) -> None:
    def poisoned(records: list[Record]) -> None:
        if any(_number(record) == 37 for record in records):
            raise Crash

    source = _run(poisoned, _records(100), batch=100)

    assert [told["DDBStreamBatchInfo"]["batchSize"] for told in source.failure_queue] == [1]
    assert source.failure_queue[0]["DDBStreamBatchInfo"]["startSequenceNumber"] == f"{37:021d}"


def test_what_is_too_old_goes_to_the_queue_instead_of_the_function(exact: None) -> None:
    function = Function()
    source = EventSource(function, random.Random(1), Reading(batch=10, max_age=60), now=61.0)

    source.run(Shard("shard-0", [*_records(2), *_records(4, created=1.0)[2:]]))

    assert function.batches == []
    assert [told["requestContext"]["condition"] for told in source.failure_queue] == ["RecordAgeExceeded"]


def test_a_record_grows_old_while_it_is_tried(exact: None) -> None:
    function = Function(*[_failing(0)] * 99)

    source = _run(function, _records(1), retries=-1, max_age=5)

    assert len(function.batches) == 6
    assert source.failure_queue


def test_after_a_day_a_record_is_gone_and_nobody_is_told(exact: None) -> None:
    function = Function()
    source = EventSource(function, random.Random(1), Reading(max_age=-1), now=KEPT_SECONDS + 1.0)

    source.run(Shard("shard-0", [*_records(3), *_records(5, created=2.0)[3:]]))

    assert function.batches == [[3, 4]]
    assert ([_number(r) for r in source.trimmed], source.failure_queue) == ([0, 1, 2], [])


@pytest.mark.parametrize("interleaved", [False, True])
def test_children_wait_for_their_parent_unless_told_otherwise(interleaved: bool) -> None:
    child_seen, seen = threading.Event(), list[str]()

    def function(records: list[Record]) -> None:
        if _number(records[0]) >= 50:
            seen.append("child")
            child_seen.set()
            return
        if interleaved:
            assert child_seen.wait(10), "no child runs beside its parent"
        seen.append("parent")

    parent, *children = split(Shard("s", _records(100)), 50)
    assert [child.parent for child in children] == ["s", "s"]
    source = EventSource(function, random.Random(1), chaos=Chaos(interleaved=interleaved))
    source.run(*children, parent)

    assert seen[0] == ("child" if interleaved else "parent")
    assert (seen == sorted(seen, reverse=True)) != interleaved
    assert not source.failure_queue


@given(st.integers(1, 10), st.integers(1, 200), st.integers(1, 20), st.integers(0, 2**32))
def test_an_item_keeps_its_order_in_every_number_of_lanes(
    lanes: int, how_many: int, items: int, seed: int
) -> None:
    seen: dict[int, Numbers] = defaultdict(list)

    def function(records: list[Record]) -> None:
        for record in records:
            seen[_number(record) % items].append(_number(record))

    source = EventSource(function, random.Random(seed), Reading(lanes=lanes, batch=7))
    source.run(*shards(_records(how_many, items=items), 2))

    assert sorted(number for numbers in seen.values() for number in numbers) == list(range(how_many))
    assert all(numbers == sorted(numbers) for numbers in seen.values())


@given(st.integers(0, 2**32))
def test_whatever_comes_again_every_record_comes_and_first_in_order(seed: int) -> None:
    function = Function()

    _run(function, _records(60), Chaos(again=0.5, late=0.5), batch=9)

    firsts = list(dict.fromkeys(number for batch in function.batches for number in batch))
    assert firsts == list(range(60))
    assert sum(len(batch) for batch in function.batches) > 60


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(1, 10))
def test_the_checkpoint_is_the_first_place_where_something_failed(failed: Numbers, how_many: int) -> None:
    records = _records(how_many)
    inside = [number for number in failed if number < how_many]

    expected = min(inside) if inside == failed else -1

    assert checkpoint(_failing(*failed), records) == expected


def test_parts_are_whole_and_items_stay_together() -> None:
    parts = apart(_records(100, items=17), 4)

    assert sorted(_number(record) for part in parts for record in part) == list(range(100))
    homes = [{_number(record) % 17 for record in part} for part in parts]
    assert sum(len(home) for home in homes) == 17
