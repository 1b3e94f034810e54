"""Faults at the wire: calls that are throttled, in conflict, or never return, by a seeded dice.

A crash is a BaseException: nothing in the house may catch it, as nothing survives a killed Lambda.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import table

WRITES = ("TransactWriteItems", "BatchWriteItem", "PutItem", "UpdateItem", "DeleteItem")


class Crash(BaseException):
    """The process is gone."""


@dataclass
class Injector:
    """Decides call by call what goes wrong. Shares are of all DynamoDB calls that write.

    `crash_at` crashes at one write alone: (its number from 0, "before" or "after" it happens).
    """

    dice: random.Random
    crash: float = 0.0
    throttle: float = 0.0
    conflict: float = 0.0
    crash_at: tuple[int, str] | None = None
    writes: int = 0
    happened: dict[str, int] = field(default_factory=dict)

    def before(self, params: Any, model: Any, **_: Any) -> Any:
        """Crash before the call, or answer it with a passing error without sending it."""
        if model.name not in WRITES:
            return None
        number, self.writes = self.writes, self.writes + 1
        if self.crash_at == (number, "before") or self.dice.random() < self.crash:
            self._note("crash before")
            raise Crash
        if self.dice.random() < self.throttle:
            self._note("throttled")
            return _refused("ThrottlingException", {})
        if model.name == "TransactWriteItems" and self.dice.random() < self.conflict:
            self._note("conflict")
            return _refused(
                "TransactionCanceledException", {"CancellationReasons": [{"Code": "TransactionConflict"}]}
            )
        return None

    def after(self, model: Any, **_: Any) -> None:
        """Crash after the call was carried out, before its answer is seen."""
        if model.name not in WRITES:
            return
        if self.crash_at == (self.writes - 1, "after") or self.dice.random() < self.crash:
            self._note("crash after")
            raise Crash

    def _note(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1


@dataclass
class _Answer:
    status_code: int = 400
    headers: dict[str, str] = field(default_factory=dict)


def _refused(code: str, more: dict[str, Any]) -> tuple[_Answer, dict[str, Any]]:
    parsed = {
        "Error": {"Code": code, "Message": "injected"},
        "ResponseMetadata": {"HTTPStatusCode": 400},
        **more,
    }
    return _Answer(), parsed


@contextmanager
def injected(injector: Injector) -> Iterator[Injector]:
    """Have the shared client suffer these faults inside the block."""
    events = table.client().meta.events
    events.register("before-call.dynamodb", injector.before, unique_id="fault-before")
    events.register("after-call.dynamodb", injector.after, unique_id="fault-after")
    try:
        yield injector
    finally:
        events.unregister("before-call.dynamodb", unique_id="fault-before")
        events.unregister("after-call.dynamodb", unique_id="fault-after")
