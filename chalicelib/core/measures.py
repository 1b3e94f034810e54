"""Measures: what one item contributes to which aggregates. Pure; used by the stream, by rebuild
and by reconcile alike.

A domain's ``measures.py`` maps its kinds to functions of an item's plain image:

    def sales(deal: Image) -> Iterator[Cell]:
        if deal["status"] == "WON":
            yield Cell("sales|owner", f"{month}|{deal['owner_id']}|{deal['currency']}",
                       {"won_count": 1, "won_amount": deal["amount"]})

    MEASURES = {"opportunity": sales}
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Image = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A contribution: whole numbers added to one row of one board.

    `board` is what a dashboard queries, `row` sorts inside it. `rank` names the number by which
    the board can be read from the top (a leaderboard, the largest customers).
    """

    board: str
    row: str
    numbers: Mapping[str, int]
    rank: str | None = None


Measure = Callable[[Image], Iterable[Cell]]
Measures = Mapping[str, Measure]

#: (board, row) → number → sum; how a ledger keeps an item's contribution.
Numbers = dict[str, int]


@dataclass(slots=True)
class Contribution:
    """All that one item contributes, summed by cell; `ranks` names the number that ranks a cell's board."""

    cells: dict[tuple[str, str], Numbers] = field(default_factory=dict)
    ranks: dict[tuple[str, str], str] = field(default_factory=dict)


def contribution(image: Image | None, measure: Measure | None) -> Contribution:
    """Return what an item contributes; nothing for none, or one that is VOIDED."""
    if image is None or measure is None or image.get("status") == "VOIDED":
        return Contribution()
    sums: dict[tuple[str, str], Numbers] = defaultdict(lambda: defaultdict(int))
    ranks = {}
    for cell in measure(image):
        for name, number in cell.numbers.items():
            sums[cell.board, cell.row][name] += number
        if cell.rank:
            ranks[cell.board, cell.row] = cell.rank
    kept = {key: {n: v for n, v in numbers.items() if v} for key, numbers in sums.items()}
    cells = {key: numbers for key, numbers in kept.items() if numbers}
    return Contribution(cells, {key: rank for key, rank in ranks.items() if key in cells})


def difference(new: Contribution, old: Contribution) -> dict[tuple[str, str], Numbers]:
    """Return what to add to each cell to go from old to new."""
    deltas: dict[tuple[str, str], Numbers] = {}
    for key in new.cells.keys() | old.cells.keys():
        now, then = new.cells.get(key, {}), old.cells.get(key, {})
        changed = {n: now.get(n, 0) - then.get(n, 0) for n in now.keys() | then.keys()}
        if kept := {n: delta for n, delta in changed.items() if delta}:
            deltas[key] = kept
    return deltas


def total(
    cells: Mapping[tuple[str, str], Numbers], deltas: Mapping[tuple[str, str], Numbers]
) -> dict[tuple[str, str], Numbers]:
    """Return cells after adding to them; what comes to nothing is left out."""
    sums: dict[tuple[str, str], Numbers] = {}
    for key in cells.keys() | deltas.keys():
        now, more = cells.get(key, {}), deltas.get(key, {})
        added = {n: now.get(n, 0) + more.get(n, 0) for n in now.keys() | more.keys()}
        if kept := {n: number for n, number in added.items() if number}:
            sums[key] = kept
    return sums
