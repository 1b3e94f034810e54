"""A process that dies at one write, in a test that has its tables in the same process.

For what happens on the wire, retries of the SDK included, see `tests.faults.injector`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalicelib.core import table
from tests.faults.injector import WRITES, Crash


@dataclass
class Death:
    """At which write, counted from 0, and whether "before" or "after" it is carried out."""

    at: int
    moment: str
    writes: int = 0
    happened: bool = False

    def before(self, model: Any, **_: Any) -> None:
        """Die before the call is sent."""
        if model.name in WRITES:
            self._die("before")

    def after(self, model: Any, **_: Any) -> None:
        """Die after the call was carried out, before its answer is seen."""
        if model.name in WRITES:
            self._die("after")
            self.writes += 1

    def _die(self, moment: str) -> None:
        if (self.at, self.moment) == (self.writes, moment):
            self.happened = True
            raise Crash(f"{moment} write {self.at}")


@contextmanager
def dying(at: int, moment: str) -> Iterator[Death]:
    """Let whatever runs inside die at a write; the block ends with it, and tells whether it came so far."""
    death, events = Death(at, moment), table.client().meta.events
    events.register("before-call.dynamodb", death.before, unique_id="death-before")
    events.register("after-call.dynamodb", death.after, unique_id="death-after")
    try:
        yield death
    except Crash:
        pass
    finally:
        events.unregister("before-call.dynamodb", unique_id="death-before")
        events.unregister("after-call.dynamodb", unique_id="death-after")
