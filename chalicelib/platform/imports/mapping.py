"""Mapping: from a file's row to the fields of what it becomes, with its repairs told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Repair:
    """One value that the mapping replaced."""

    field: str
    was: str
    is_now: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row as fields: the empty ones are left out."""

    values: dict[str, str]
    repairs: list[Repair] = field(default_factory=list)


def apply(mapping: Mapping[str, Any], row: Mapping[str, str]) -> Mapped:
    """Return a row as the mapping reads it.

    `columns`: column → field. `blanks`: values that mean nothing ("Select"). `replace`: field →
    {value in the file → value meant}, each use of which is a repair. `constants`: field → value
    for every row. Fields named ``answers.x`` are gathered by the target.
    """
    blanks = set(mapping.get("blanks", ()))
    replaced: Mapping[str, Mapping[str, str]] = mapping.get("replace", {})
    values: dict[str, str] = dict(mapping.get("constants", {}))
    repairs: list[Repair] = []
    for column, name in mapping["columns"].items():
        given = (row.get(column) or "").strip()
        if not given or given in blanks:
            continue
        meant = replaced.get(name, {}).get(given, given)
        if meant != given:
            repairs.append(Repair(name, given, meant))
        values[name] = meant
    return Mapped(values, repairs)


def check(mapping: Mapping[str, Any], *, fields: set[str]) -> None:
    """Raise Invalid for a mapping that names fields which the target has not."""
    named = {f"mapping.columns.{column}": name for column, name in mapping["columns"].items()}
    named |= {f"mapping.replace.{name}": name for name in mapping.get("replace", {})}
    named |= {f"mapping.constants.{name}": name for name in mapping.get("constants", {})}
    wrong = [
        FieldError(place, "import_field", {"name": name, "fields": ", ".join(sorted(fields))})
        for place, name in named.items()
        if name not in fields and not (name.startswith("answers.") and "answers" in fields)
    ]
    if wrong:
        raise Invalid(*wrong)


def check_columns(mapping: Mapping[str, Any], columns: list[str]) -> None:
    """Raise Invalid when the file lacks a column that the mapping reads."""
    missing = [column for column in mapping["columns"] if column not in columns]
    if missing:
        raise Invalid(*(FieldError(column, "import_column") for column in missing))
