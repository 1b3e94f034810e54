"""Merge fields in the text of a clause: ``{{customer_name}}``. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_FIELD: Final = re.compile(r"\{\{ {0,3}([a-z][a-z0-9_]{0,39}) {0,3}\}\}")


def fields(text: str) -> set[str]:
    """Return the names of a text's merge fields."""
    return set(_FIELD.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its fields filled; what has no value stays as it is, for everybody to see.

    A value that looks like a field is taken as it is: it is not filled again.
    """
    return _FIELD.sub(lambda field: values.get(field[1]) or field[0], text)


def lay_out(clauses: Iterable[tuple[str, str]]) -> str:
    """Return clauses, each a title and a body, as one numbered text."""
    numbered = (f"{number}. {title}\n\n{body}" for number, (title, body) in enumerate(clauses, start=1))
    return "\n\n".join(numbered)
