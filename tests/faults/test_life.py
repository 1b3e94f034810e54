"""Any life of any records, in any order, told in any way: the figures are those of a count by hand."""

import itertools
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib import house
from chalicelib.core.changes import House, deliver
from tests.faults import recount
from tests.faults.history import History
from tests.faults.makers import MAKERS

NAMES = itertools.count()


class Lives(RuleBasedStateMachine):
    """Records live; their changes are told in part, shuffled, twice, or not at all, and at last all.

    Each example counts on boards of its own, so that all of them can share the tables.
    """

    def __init__(self) -> None:
        super().__init__()
        measures = recount.apart(house.measures(), f"life {next(NAMES)}:")
        self.history = History(random.Random(0), measures=measures)
        self.house = House(measures, {})
        self.boards: set[str] = set()
        self.told = True

    @rule(kind=st.sampled_from(sorted(MAKERS)), seed=st.integers(0, 2**32))
    def create(self, kind: str, seed: int) -> None:
        """A record is made."""
        self.history.dice.seed(seed)
        self._happened(self.history.create(kind))

    @precondition(lambda self: self.history.alive())
    @rule(which=st.integers(0), seed=st.integers(0, 2**32), verb=st.sampled_from(("edit", "reassign")))
    def change(self, which: int, seed: int, verb: str) -> None:
        """A record is edited or moved, or given to somebody else."""
        self.history.dice.seed(seed)
        self._do(verb, which)

    @precondition(lambda self: self.history.alive())
    @rule(which=st.integers(0), verb=st.sampled_from(("void_or_restore", "void_or_restore", "remove")))
    def come_and_go(self, which: int, verb: str) -> None:
        """A record is voided, restored, or removed by hand."""
        self._do(verb, which)

    def _do(self, verb: str, which: int) -> None:
        alive = self.history.alive()
        item_id = alive[which % len(alive)]
        getattr(self.history, verb)(item_id)
        self._happened(item_id)

    def _happened(self, item_id: str) -> None:
        self.told = False
        self.boards |= {board for board, _, _ in self.history.expected()}

    @precondition(lambda self: self.history.records)
    @rule(data=st.data())
    def tell_some(self, data: Any) -> None:
        """Some records of the stream arrive, new and old, in any order."""
        last = len(self.history.records) - 1
        numbers = data.draw(st.lists(st.integers(0, last), min_size=1, max_size=8))
        self._deliver(numbers)

    @precondition(lambda self: not self.told)
    @rule(seed=st.integers(0, 2**32))
    def tell_all(self, seed: int) -> None:
        """Everything arrives that did not yet, in any order, in front of an invariant."""
        numbers = list(range(len(self.history.records)))
        random.Random(seed).shuffle(numbers)
        self._deliver(numbers)
        self.told = True

    def _deliver(self, numbers: list[int]) -> None:
        answer = deliver({"Records": [self.history.records[number] for number in numbers]}, self.house)
        assert answer == {"batchItemFailures": []}

    @precondition(lambda self: self.told and self.boards)
    @invariant()
    def figures_are_those_of_a_count_by_hand(self) -> None:
        """Once all is told, nothing differs."""
        assert recount.drift(self.history.expected(), recount.standing(sorted(self.boards))) == {}

    def teardown(self) -> None:
        """However it went, in the end all is told, and nothing differs."""
        if self.history.records:
            self._deliver(list(range(len(self.history.records))))
            assert recount.drift(self.history.expected(), recount.standing(sorted(self.boards))) == {}


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(12, 15), pytest.param(500, 50, marks=[pytest.mark.long, pytest.mark.timeout(3_000)])],
)
def test_every_life_of_records_is_counted_as_by_hand(emulated: str, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
