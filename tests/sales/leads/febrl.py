"""Labelled people: records with typing errors, of which it is known which are of one person.

From the FEBRL generator (real Australian name and address frequencies), see the data's SOURCE.md.
The e-mail, phone and identity number of a CRM are absent: only names, addresses and birth dates.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[4] / "shared/data/febrl_dedupe"

Pair = tuple[int, int]


def people(number: int) -> tuple[list[dict[str, Any]], set[Pair]]:
    """Return the records of a set as details of leads, and which pairs of them are one person."""
    with (DATA / f"dataset{number}.csv").open(newline="") as file:
        rows = [{name.strip(): value.strip() for name, value in row.items()} for row in csv.DictReader(file)]
    by_person = defaultdict(list)
    for at, row in enumerate(rows):
        by_person[row["rec_id"].split("-")[1]].append(at)
    return [_details(row) for row in rows], pairs(by_person.values())


def pairs(groups: Iterable[Iterable[int]]) -> set[Pair]:
    """Return every pair within a group, the smaller number first."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _details(row: dict[str, str]) -> dict[str, Any]:
    parts = {
        "name": ("given_name", "surname"),
        "street": ("street_number", "address_1", "address_2"),
        "city": ("suburb",),
        "postcode": ("postcode",),
        "region": ("state",),
    }
    details: dict[str, Any] = {field: " ".join(_told(row, names)) for field, names in parts.items()}
    details["born_on"] = _day(row["date_of_birth"])
    return {field: value for field, value in details.items() if value}


def _told(row: dict[str, str], names: Iterable[str]) -> Iterator[str]:
    return (row[name] for name in names if row[name])


def _day(text: str) -> date | None:
    # A day that is none, by a typing error, is one that the API would have refused.
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
