"""The fidelity guard: refuses, at the shared client, what DynamoDB refuses and emulators take.

A refusal is the error that DynamoDB would answer. What only a wrong program asks for is also kept
as a mistake, so that no `except` can hide it: the fixtures of the suite fail a test that made one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.core import table
from tests.faults.limits import ANSWERS, RULES, Refused, item_size

#: Shorter than this, no request can hold an item that is too large: JSON is never shorter than it.
SMALL: Final = 400_000
#: Calls whose only rule is the size of an item.
_SIZE_ONLY: Final = frozenset({"PutItem"})


class Unfaithful(AssertionError):
    """The emulator gave an answer that DynamoDB would have cut."""


@dataclass
class Guard:
    """What was asked wrongly so far, and how many calls were looked at."""

    mistakes: list[str] = field(default_factory=list)
    calls: int = 0

    def before(self, params: Mapping[str, Any], model: Any, **_: Any) -> Any:
        """Answer a wrong call as DynamoDB would; let any other pass."""
        self.calls += 1
        rules = RULES.get(model.name, ())
        body = params["body"]
        if not rules or (model.name in _SIZE_ONLY and len(body) < SMALL):
            return None
        asked = json.loads(body)
        for rule in rules:
            try:
                rule(asked)
            except Refused as refused:
                if refused.is_mistake:
                    self.mistakes.append(f"{model.name}: {refused}")
                return _answer(str(refused))
        return None

    def after(self, http_response: Any, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        """Raise Unfaithful for an answer larger than DynamoDB gives."""
        most = ANSWERS.get(model.name)
        if most is None or len(http_response.content) <= most:
            return
        size = sum(item_size(item) for item in _items(parsed))
        if size > most:
            raise Unfaithful(f"{model.name} answered {size} bytes of items, DynamoDB at most {most}")


def _items(parsed: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from parsed.get("Items", ())
    answers = parsed.get("Responses", ())
    if isinstance(answers, Mapping):
        for found in answers.values():
            yield from found
    else:
        yield from (answer["Item"] for answer in answers if "Item" in answer)


@dataclass
class _Http:
    status_code: int = 400
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


def _answer(message: str) -> tuple[_Http, dict[str, Any]]:
    return _Http(), {
        "Error": {"Code": "ValidationException", "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }


@contextmanager
def guarded() -> Iterator[Guard]:
    """Have the shared client refuse inside the block; AssertionError at its end for mistakes made."""
    with watching() as guard:
        yield guard
    assert not guard.mistakes, guard.mistakes


@contextmanager
def watching() -> Iterator[Guard]:
    """Have the shared client refuse inside the block, and leave the mistakes to the caller."""
    guard, events = Guard(), table.client().meta.events
    hooks: dict[str, Callable[..., Any]] = {
        "before-call.dynamodb": guard.before,
        "after-call.dynamodb": guard.after,
    }
    for event, hook in hooks.items():
        events.register_first(event, hook, unique_id=f"guard {event}")
    try:
        yield guard
    finally:
        for event in hooks:
            events.unregister(event, unique_id=f"guard {event}")
