"""The fidelity guard: refuses, in every client, what DynamoDB refuses and emulators take.

A refusal is the error that DynamoDB would answer. What only a wrong program asks for is also kept
as a mistake, so that no `except` can hide it: every test that made one fails (`tests/conftest.py`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from botocore import handlers

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


#: Who looks at calls now: the suite's own guard, unless a test of the guard has one in its place.
_watching: list[Guard] = [Guard()]


def install() -> None:
    """Have every botocore client made from now on ask the present guard, before all other hooks."""
    handlers.BUILTIN_HANDLERS += [("before-call.dynamodb", _before), ("after-call.dynamodb", _after)]


def _before(**call: Any) -> Any:
    return _watching[-1].before(**call)


def _after(**call: Any) -> None:
    _watching[-1].after(**call)


def mistakes() -> list[str]:
    """Return what was asked wrongly since this was asked last, by tests or by what they stand on."""
    found = [*_watching[-1].mistakes]
    _watching[-1].mistakes.clear()
    return found


@contextmanager
def watching() -> Iterator[Guard]:
    """Have another guard refuse inside the block, and leave its mistakes to the caller."""
    guard = Guard()
    _watching.append(guard)
    try:
        yield guard
    finally:
        _watching.remove(guard)
