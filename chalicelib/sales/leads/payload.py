"""What stands where in another system's post, by a path as data. Pure.

A path names members, parted by dots; a list on the way stands for each of its members, and
``[name=email]`` for those that have this value: ``field_data.[name=email].values``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: What a path may look like.
PATH: Final = (
    r"^(?:[\w\-]{1,60}|\[[\w\-]{1,40}=[^\]\.]{1,60}\])(?:\.(?:[\w\-]{1,60}|\[[\w\-]{1,40}=[^\]\.]{1,60}\]))*$"
)
_CHOICE: Final = re.compile(r"\[([^=]+)=(.*)\]")


def found(payload: Any, path: str) -> list[Any]:
    """Return all that a path leads to, in its order; nothing when it leads nowhere."""
    return [each for value in _led_to(payload, path) for each in _flat(value)]


def leads_nowhere(payload: Any, path: str) -> bool:
    """Return whether nothing stands where a path leads: not even an empty list."""
    return not _led_to(payload, path)


def text(payload: Any, path: str) -> str | None:
    """Return the first text or number that a path leads to, as a text; None when there is none."""
    for value in found(payload, path):
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


def details(record: Any, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what a mapping (attribute → path) finds in a record."""
    read = {name: text(record, path) for name, path in mapping.items()}
    return {name: value for name, value in read.items() if value is not None}


def _led_to(payload: Any, path: str) -> list[Any]:
    here = [payload]
    for step in path.split("."):
        here = [there for each in here for there in _reached(each, step)]
    return here


def _reached(value: Any, step: str) -> Iterator[Any]:
    if isinstance(value, list):
        for member in value:
            yield from _reached(member, step)
    elif isinstance(value, dict):
        if choice := _CHOICE.fullmatch(step):
            if str(value.get(choice[1])) == choice[2]:
                yield value
        elif step in value:
            yield value[step]


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for member in value:
            yield from _flat(member)
    else:
        yield value
