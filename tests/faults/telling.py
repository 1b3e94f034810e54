"""Machines whose changes are told as no stream tells them: in part, in any order, again and again."""

import random
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.faults.event_source import Record

#: More rounds than any chain of reactions is long.
ROUNDS: Final = 25


class Telling(RuleBasedStateMachine):
    """Something happens now and then; its changes are told in part, shuffled, twice, and at last all.

    A subclass says what there is to tell (`records`, which only grows), who hears it (`hear`), and
    what must hold once all is told (`at_rest`); it sets `told` to False when something happened.
    """

    told = True

    def records(self) -> Sequence[Record]:
        """Return all that the streams have told since the beginning."""
        raise NotImplementedError

    def hear(self, records: Sequence[Record]) -> None:
        """Take a batch in, to its end."""
        raise NotImplementedError

    def at_rest(self) -> None:
        """Check what must hold once all is told."""
        raise NotImplementedError

    @precondition(lambda self: self.records())
    @rule(data=st.data())
    def tell_some(self, data: Any) -> None:
        """Some records of the stream arrive, new and old, in any order."""
        records = self.records()
        numbers = data.draw(st.lists(st.integers(0, len(records) - 1), min_size=1, max_size=8))
        self.hear([records[number] for number in numbers])

    @precondition(lambda self: not self.told)
    @rule(seed=st.integers(0, 2**32))
    def tell_all(self, seed: int) -> None:
        """Everything arrives, in any order, and what it causes, in front of an invariant."""
        dice, heard = random.Random(seed), 0
        for _ in range(ROUNDS):
            new = list(self.records()[heard:])
            if not new:
                self.told = True
                return
            heard += len(new)
            dice.shuffle(new)
            self.hear(new)
        raise AssertionError(f"changes still cause changes after {ROUNDS} rounds")

    @precondition(lambda self: self.told)
    @invariant()
    def all_is_right_at_rest(self) -> None:
        """Once all is told, nothing differs."""
        self.at_rest()

    def teardown(self) -> None:
        """However it went, in the end all is told, and nothing differs."""
        self.tell_all(0)
        self.at_rest()


def live(machine: type[RuleBasedStateMachine], *, lives: int, steps: int) -> None:
    """Let a machine live so many lives of so many steps each."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
