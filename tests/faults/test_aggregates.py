"""The figures stay right: duplicates, shuffles, crashes, contention. Drift is zero, to the unit."""

import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.core import changes
from tests.faults import deals
from tests.faults.deals import Deals
from tests.faults.event_source import EventSource, Record, shards
from tests.faults.injector import Injector, injected

HOUSE = changes.House(deals.MEASURES, {})


def _handle(records: list[Record]) -> Mapping[str, Any]:
    return changes.deliver({"Records": records}, HOUSE)


def _deliver(made: Deals, *, lanes: int, seed: int, **faults: Any) -> list[EventSource]:
    sources = [EventSource(_handle, random.Random(seed + lane), **faults) for lane in range(lanes)]
    with ThreadPoolExecutor(lanes) as threads:
        list(
            threads.map(
                lambda pair: pair[0].run(pair[1]), zip(sources, shards(made.records, lanes), strict=True)
            )
        )
    return sources


@pytest.fixture
def made() -> Callable[[int, int], Deals]:
    """Deals that changed a number of times, by seed."""

    def make(times: int, seed: int) -> Deals:
        found = Deals(random.Random(seed))
        found.change(times)
        return found

    return make


@pytest.mark.parametrize("times", [pytest.param(2_000), pytest.param(10_000, marks=pytest.mark.long)])
def test_figures_are_exact_after_duplicates_shuffles_and_crashes(
    emulated: str, made: Callable[[int, int], Deals], times: int
) -> None:
    seed = 20261122
    changed = made(times, seed)

    with injected(Injector(random.Random(seed), crash=0.01, throttle=0.03, conflict=0.05)) as faults:
        sources = _deliver(changed, lanes=4, seed=seed, batch=25, again=0.3, late=0.03)

    assert faults.happened.keys() >= {"crash before", "throttled", "conflict"}, (
        "the faults must have happened"
    )
    assert not [record for source in sources for record in source.failure_queue]
    assert deals.stored() == changed.expected()


def test_a_crash_before_or_after_any_single_write_leaves_no_trace(
    emulated: str, made: Callable[[int, int], Deals]
) -> None:
    changed = made(0, 7)
    number, happened = 0, True
    while happened:
        for moment in ("before", "after"):
            changed.records.clear()
            changed.change(60)
            with injected(Injector(random.Random(0), crash_at=(number, moment))) as faults:
                _deliver(changed, lanes=1, seed=7, batch=25)
            happened = bool(faults.happened)  # none: fewer writes than that, every one has been tried
            assert deals.stored() == changed.expected(), (number, moment)
        number += 1
    assert number > 6


def test_batches_delivered_wholly_shuffled_end_in_the_newest_state(
    emulated: str, made: Callable[[int, int], Deals]
) -> None:
    changed = made(500, 3)
    dice = random.Random(3)
    shuffled = dice.sample(changed.records, len(changed.records))

    for start in range(0, len(shuffled), 50):
        _handle(shuffled[start : start + 50])

    assert deals.stored() == changed.expected()
