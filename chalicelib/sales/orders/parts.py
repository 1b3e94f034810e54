"""Parts that are recorded under a reference of the caller's: the same one again changes nothing. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import errors


def known(parts: Sequence[Any], reference: str, asked: Mapping[str, Any]) -> bool:
    """Whether the part with this reference is recorded. Conflict when it is another one."""
    found = next((part for part in parts if part.reference == reference), None)
    if found is None:
        return False
    if any(getattr(found, name) != value for name, value in asked.items()):
        raise errors.Conflict("reference_taken", reference=reference)
    return True


def given(**asked: Any) -> dict[str, Any]:
    """Return what was said, without what was left out."""
    return {name: value for name, value in asked.items() if value is not None}


def added(rows: Sequence[Any], part: Any, *, beside: Sequence[Any], most: int) -> list[Any]:
    """Return rows with one more part. Conflict when, with those beside, there are as many as may be."""
    if len(rows) + len(beside) >= most:
        raise errors.Conflict("too_many_parts", most=most)
    return [*rows, part.row()]
