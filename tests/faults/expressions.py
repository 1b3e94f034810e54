"""Reading DynamoDB's expressions, as far as the guard must: which paths one names, and which it updates."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

Path = tuple[str, ...]

_CLAUSE: Final = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b", re.IGNORECASE)
_NAME: Final = r"#?[A-Za-z_][\w-]*|#\w+"
_PATH: Final = re.compile(rf"(?<![:\w])(?:{_NAME})(?:\.(?:{_NAME})|\[\d+\])*(?![\w-]|\s*\()")
_PART: Final = re.compile(rf"{_NAME}|\[\d+\]")
_WORDS: Final = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})


def paths_in(expression: str, names: Mapping[str, str]) -> Iterator[Path]:
    """Yield the attribute paths that a condition names, placeholders resolved."""
    for found in _PATH.finditer(expression):
        if found.group().upper() not in _WORDS:
            yield _resolved(found.group(), names)


def updated_paths(expression: str, names: Mapping[str, str]) -> Iterator[Path]:
    """Yield the attribute paths that an update writes to, placeholders resolved."""
    pieces = _CLAUSE.split(expression)
    for action in pieces[2::2]:
        for part in _apart(action):
            # SET path = value, REMOVE path, ADD path value, DELETE path value
            yield _resolved(re.split(r"[=\s]", part.strip(), maxsplit=1)[0], names)


def _apart(action: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, sign in enumerate(action):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield action[start:place]
            start = place + 1
    yield action[start:]


def _resolved(path: str, names: Mapping[str, str]) -> Path:
    return tuple(names.get(part, part) for part in _PART.findall(path))


def overlapping(paths: list[Path]) -> tuple[Path, Path] | None:
    """Return two paths of which one is the other, or lies inside it; None when there are none."""
    if len({path[0] for path in paths}) == len(paths):
        return None
    for one, other in combinations(paths, 2):
        length = min(len(one), len(other))
        if one[:length] == other[:length]:
            return one, other
    return None
