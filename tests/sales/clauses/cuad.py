"""The `cuad` contracts with what lawyers marked in them, and how well the review finds it."""

import ast
import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from chalicelib.sales.clauses.finder import find

DATA: Final = Path(__file__).parents[3] / "../shared/data/cuad"
#: What the lawyers' table calls our kinds.
COLUMNS: Final = {
    "GOVERNING_LAW": "Governing Law",
    "ANTI_ASSIGNMENT": "Anti-Assignment",
    "CHANGE_OF_CONTROL": "Change Of Control",
    "RENEWAL": "Renewal Term",
    "TERMINATION_FOR_CONVENIENCE": "Termination For Convenience",
    "LICENSE_GRANT": "License Grant",
    "EXCLUSIVITY": "Exclusivity",
    "NON_COMPETE": "Non-Compete",
    "MOST_FAVOURED_CUSTOMER": "Most Favored Nation",
    "MINIMUM_COMMITMENT": "Minimum Commitment",
    "LIABILITY_CAP": "Cap On Liability",
    "UNCAPPED_LIABILITY": "Uncapped Liability",
    "LIQUIDATED_DAMAGES": "Liquidated Damages",
    "WARRANTY_DURATION": "Warranty Duration",
    "INSURANCE": "Insurance",
    "AUDIT_RIGHTS": "Audit Rights",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A contract: the kinds that lawyers marked in it, and those that the review finds."""

    name: str
    marked: frozenset[str]
    found: frozenset[str]

    @property
    def is_held_out(self) -> bool:
        """Whether it is of the half that nobody looked at while the cues were written."""
        return int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 2 == 1


@dataclass(slots=True)
class Score:
    """How often both say yes (`hits`), only the review does (`extra`), only the lawyers do (`missed`)."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / max(1, 2 * self.hits + self.extra + self.missed)

    def add(self, *, found: bool, marked: bool) -> None:
        """Count one contract."""
        self.hits += found and marked
        self.extra += found and not marked
        self.missed += marked and not found


def contracts() -> list[Marked]:
    """Return every contract of the folder. Skips the test where the data is not there."""
    if not DATA.is_dir():
        pytest.skip("the data set cuad is not at shared/data beside this checkout")
    return list(_read())


def _read() -> Iterator[Marked]:
    with (DATA / "master_clauses.csv").open(encoding="utf-8") as table:
        rows = {_key(row["Filename"]): row for row in csv.DictReader(table)}
    for file in sorted((DATA / "contracts").iterdir()):
        row = rows[_key(file.name)]
        marked = {kind for kind, column in COLUMNS.items() if ast.literal_eval(row[column])}
        text = file.read_bytes().decode("utf-8", "replace")
        yield Marked(file.name, frozenset(marked), frozenset(place.kind for place in find(text)))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().rpartition(".")[0])


def by_kind(chosen: Iterable[Marked]) -> dict[str, Score]:
    """Return the score of each kind over contracts."""
    scores = {kind: Score() for kind in COLUMNS}
    for contract in chosen:
        for kind, score in scores.items():
            score.add(found=kind in contract.found, marked=kind in contract.marked)
    return scores


def macro(scores: dict[str, Score]) -> float:
    """Return the mean F1 of the kinds."""
    return sum(score.f1 for score in scores.values()) / len(scores)


def micro(scores: dict[str, Score]) -> float:
    """Return the F1 of all decisions together."""
    everything = Score()
    for score in scores.values():
        everything.hits += score.hits
        everything.extra += score.extra
        everything.missed += score.missed
    return everything.f1
