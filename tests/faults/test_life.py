"""Any life of any records, in any order, told in any way: the figures are those of a count by hand."""

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from chalicelib import house
from chalicelib.core.changes import House, deliver
from tests.faults import recount
from tests.faults.event_source import Record
from tests.faults.history import History
from tests.faults.makers import MAKERS
from tests.faults.telling import Telling, live

NAMES = itertools.count()


class Lives(Telling):
    """Records live.

    Each example counts on boards of its own, so that all of them can share the tables.
    """

    def __init__(self) -> None:
        super().__init__()
        measures = recount.apart(house.measures(), f"life {next(NAMES)}:")
        self.history = History(random.Random(0), measures=measures)
        self.house = House(measures, {})
        self.boards: set[str] = set()

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

    def records(self) -> Sequence[Record]:
        """Return what the history has told."""
        return self.history.records

    def hear(self, records: Sequence[Record]) -> None:
        """Let the house count; nothing may have to come again."""
        assert deliver({"Records": records}, self.house) == {"batchItemFailures": []}

    def at_rest(self) -> None:
        """The figures are those of a count by hand."""
        if self.boards:
            assert recount.drift(self.history.expected(), recount.standing(sorted(self.boards))) == {}


@pytest.mark.parametrize(
    ("lives", "steps"),
    [(12, 15), pytest.param(500, 50, marks=[pytest.mark.long, pytest.mark.timeout(3_000)])],
)
def test_every_life_of_records_is_counted_as_by_hand(emulated: str, lives: int, steps: int) -> None:
    live(Lives, lives=lives, steps=steps)
