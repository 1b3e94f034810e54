"""A process that is interrupted at one write, in a test that has its tables in the same process.

It dies there, or somebody else comes in between. For what happens on the wire, retries of the SDK
included, see `tests.faults.injector`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core import files, table
from tests.faults.injector import WRITES, Crash

_WRITES: Final = {*WRITES, "PutObject"}


@dataclass
class Interruption:
    """At which write, counted from 0, and whether "before" or "after" it is carried out; and what then."""

    at: int
    moment: str
    then: Callable[[], None]
    writes: int = 0
    happened: bool = False

    def before(self, model: Any, **_: Any) -> None:
        """Interrupt before the call is sent."""
        if model.name in _WRITES:
            self._look("before")

    def after(self, model: Any, **_: Any) -> None:
        """Interrupt after the call was carried out, before its answer is seen."""
        if model.name in _WRITES:
            self._look("after")
            self.writes += 1

    def _look(self, moment: str) -> None:
        if (self.at, self.moment) == (self.writes, moment) and not self.happened:
            self.happened = True
            self.then()


@contextmanager
def interrupted(at: int, moment: str, then: Callable[[], None]) -> Iterator[Interruption]:
    """Let something happen at a write, to a table or a file, of whatever runs inside."""
    interruption = Interruption(at, moment, then)
    hooks = {"before-call": interruption.before, "after-call": interruption.after}
    services = {"dynamodb": table.client().meta.events, "s3": files._client().meta.events}
    places = [(events, f"{call}.{name}") for name, events in services.items() for call in hooks]
    for events, event in places:
        events.register(event, hooks[event.partition(".")[0]], unique_id=f"{event} {id(interruption)}")
    try:
        yield interruption
    finally:
        for events, event in places:
            events.unregister(event, unique_id=f"{event} {id(interruption)}")


@contextmanager
def dying(at: int, moment: str) -> Iterator[Interruption]:
    """Let whatever runs inside die at a write; the block ends with it, and tells whether it came so far."""

    def die() -> None:
        raise Crash(f"{moment} write {at}")

    with interrupted(at, moment, die) as death, suppress(Crash):
        yield death
