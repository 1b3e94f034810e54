"""Faults on the wire: calls that are throttled, in conflict, cut short, or never come back.

They are made where the SDK sends, so that its own retries are part of what is tried. A crash is a
BaseException: nothing in the house may catch it, as nothing survives a killed Lambda. What happens
when is decided by a dice with a seed.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from chalicelib.core import contention, table
from tests.faults.answers import held_back, refused, with_left_over

WRITES: Final = frozenset({"TransactWriteItems", "BatchWriteItem", "PutItem", "UpdateItem", "DeleteItem"})
BATCHES: Final = frozenset({"BatchWriteItem", "BatchGetItem"})
THROTTLES: Final = ("ThrottlingException", "ProvisionedThroughputExceededException")


class Crash(BaseException):
    """The process is gone."""


@dataclass
class Injector:
    """Decides call by call what goes wrong. Shares are of all sendings of the kind it can happen to.

    Of every call: `throttle`. Of writes: `crash` (before and, as often, after), `conflict`, `timeout`
    (before it happens), `lost` (the answer, after it happened). Of batch calls: `left_over`, and then
    half of the batch. `at` makes one fault alone: (the number of a write from 0, what happens to it), or
    `lasting` so many sendings from there. `sendings` are those of each call of the SDK, `tried` those of
    the same work in however many calls; `paused` and `waited` are the pauses of the SDK, and our own.
    """

    dice: random.Random
    crash: float = 0.0
    throttle: float = 0.0
    conflict: float = 0.0
    timeout: float = 0.0
    lost: float = 0.0
    left_over: float = 0.0
    at: tuple[int, str] | None = None
    lasting: int = 1
    writes: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    sendings: Counter[str] = field(default_factory=Counter)
    tried: Counter[tuple[str, ...]] = field(default_factory=Counter)
    paused: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _doomed: threading.local = field(default_factory=threading.local)

    def before_send(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        """Send it, or do not; answer, or do not."""
        operation = event_name.rpartition(".")[2]
        with self._lock:
            what = self._chosen(operation)
            self.sendings[str(request.headers["amz-sdk-invocation-id"])] += 1
            self.tried[operation, *about(operation, json.loads(request.body))] += 1
            if what:
                self.happened[what] += 1
        if what == "crash after":
            self._doomed.now = True
            return None
        return _HAPPENS[what](request, operation, self.dice) if what else None

    def after_call(self, model: Any, **_: Any) -> None:
        """Crash after what the thread sent has happened."""
        if getattr(self._doomed, "now", False):
            self._doomed.now = False
            raise Crash(f"after {model.name}")

    def _chosen(self, operation: str) -> str | None:
        if operation in WRITES:
            number, self.writes = self.writes, self.writes + 1
            if self.at and 0 <= number - self.at[0] < self.lasting:
                return self.at[1]
        shares = self._shares(operation)
        thrown = self.dice.random()
        for what, share in shares.items():
            thrown -= share
            if thrown < 0:
                return what
        return None

    def _shares(self, operation: str) -> Mapping[str, float]:
        shares: dict[str, float] = {"throttled": self.throttle}
        if operation in WRITES:
            shares |= {
                "crash before": self.crash,
                "crash after": self.crash,
                "timeout": self.timeout,
                "answer lost": self.lost,
            }
        if operation == "TransactWriteItems":
            shares["conflict"] = self.conflict
        if operation in BATCHES:
            shares["left over"] = self.left_over
        return shares


def about(operation: str, asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what tells a call from others that are sent again: what it reads or writes, and from where on.

    A transaction that is refused, or lost, is put together anew: it is the same as long as it writes the
    same rows of the ledger, each for the same time.
    """
    if operation == "TransactWriteItems":
        parts = [part.get("Item") or part["Key"] for each in asked["TransactItems"] for part in each.values()]
        kept = [part for part in parts if "writes" in part] or parts
        return tuple(sorted(f"{_key(part)} {part.get('writes', {}).get('N')}" for part in kept))
    if operation in BATCHES:
        found = [each for parts in asked["RequestItems"].values() for each in _parts(parts)]
        return tuple(sorted(map(_key, found)))
    return (str(asked.get("Key") or asked.get("Item", {}).get("id") or sorted(asked.items())),)


def _parts(parts: Any) -> list[Mapping[str, Any]]:
    return [each["PutRequest"]["Item"] for each in parts] if isinstance(parts, list) else parts["Keys"]


def _key(item: Mapping[str, Any]) -> str:
    named = (item[name] for name in ("id", "board", "row", "version") if name in item)
    return " ".join(next(iter(each.values())) for each in named)


def send(request: Any) -> AWSResponse:
    """Send a request as the SDK would; where moto answers in the SDK's place, to moto."""
    if botocore_stubber.enabled:
        answer = botocore_stubber("before-send", request)
    else:
        answer = table.client()._endpoint.http_session.send(request)
    assert isinstance(answer, AWSResponse)
    return answer


def _crash_before(request: Any, operation: str, dice: random.Random) -> AWSResponse:
    raise Crash(f"before {operation}")


def _throttled(request: Any, operation: str, dice: random.Random) -> AWSResponse:
    return refused(request, dice.choice(THROTTLES))


def _conflict(request: Any, operation: str, dice: random.Random) -> AWSResponse:
    return refused(request, "TransactionCanceledException", reasons=["TransactionConflict", "None"])


def _timeout(request: Any, operation: str, dice: random.Random) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=request.url)


def _lost(request: Any, operation: str, dice: random.Random) -> AWSResponse:
    send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def _left_over(request: Any, operation: str, dice: random.Random) -> AWSResponse:
    left = held_back(request, dice)
    sent = send(request) if request.body else None  # nothing but one, and that was held back
    return with_left_over(request, sent, operation, left)


_HAPPENS: Final[Mapping[str, Callable[[Any, str, random.Random], AWSResponse]]] = {
    "crash before": _crash_before,
    "throttled": _throttled,
    "conflict": _conflict,
    "timeout": _timeout,
    "answer lost": _lost,
    "left over": _left_over,
}
#: What can happen to a single write.
TO_A_WRITE: Final = ("crash before", "crash after", "throttled", "timeout", "answer lost")


@contextmanager
def injected(injector: Injector) -> Iterator[Injector]:
    """Have the shared client suffer these faults inside the block; the SDK's pauses are noted, not made."""

    def wait(seconds: float) -> None:
        injector.waited.append(seconds)
        time.sleep(seconds)

    events = table.client().meta.events
    hooks = {"before-send.dynamodb": injector.before_send, "after-call.dynamodb": injector.after_call}
    clock = botocore.endpoint.time  # type: ignore[attr-defined]
    contention.time = SimpleNamespace(sleep=wait)  # type: ignore[attr-defined, assignment]
    for event, hook in hooks.items():
        events.register_first(event, hook, unique_id=f"injector {event}")
    botocore.endpoint.time = SimpleNamespace(sleep=injector.paused.append)  # type: ignore[attr-defined]
    try:
        yield injector
    finally:
        botocore.endpoint.time = clock  # type: ignore[attr-defined]
        contention.time = time  # type: ignore[attr-defined]
        for event in hooks:
            events.unregister(event, unique_id=f"injector {event}")
