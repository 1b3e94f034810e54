"""Deals that change at random, as stream records, and what the aggregates must be at the end."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import boards, clock, ids
from chalicelib.core.attributes import to_wire
from chalicelib.core.measures import Cell, Image
from tests.faults.event_source import Record

STAGES, OWNERS, MONTHS = ("new", "offer", "won"), 12, 6


def by_owner_and_stage(deal: Image) -> Iterator[Cell]:
    """Count deals and amounts by owner, by stage and by month."""
    numbers = {"count": 1, "amount": deal["amount"]}
    yield Cell("deals|owner", deal["owner_id"], numbers, rank="amount")
    yield Cell("deals|stage", deal["stage"], numbers)
    yield Cell("deals|month", deal["month"], {**numbers, f"{deal['stage']}.count": 1})


MEASURES = {"deal": by_owner_and_stage}


@dataclass
class Deals:
    """The table as it is, and the records of how it came to be so."""

    dice: random.Random
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)

    def change(self, times: int, *, most: int = 400) -> None:
        """Make, edit, move, void and restore deals at random."""
        for _ in range(times):
            if len(self.items) < most and self.dice.random() < 0.3:
                self._write(ids.new("deal"), {}, self._anything())
            elif self.items:
                item_id = self.dice.choice(list(self.items))
                self._write(item_id, self.items[item_id], {**self.items[item_id], **self._something()})

    def _anything(self) -> dict[str, Any]:
        dice = self.dice
        return {
            "owner_id": f"user_{dice.randrange(OWNERS)}",
            "stage": dice.choice(STAGES),
            "month": f"2026-{dice.randrange(MONTHS) + 1:02d}",
            "amount": dice.randrange(1_000_000),
            "status": "OPEN",
        }

    def _something(self) -> dict[str, Any]:
        if self.dice.random() < 0.1:
            return {"status": self.dice.choice(("OPEN", "VOIDED"))}
        name, value = self.dice.choice(list(self._anything().items()))
        return {name: value}

    def _write(self, item_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        version = before.get("version", 0) + 1
        image = {**after, "id": item_id, "version": version, "updated_at": clock.iso(clock.now())}
        stream = {"SequenceNumber": f"{len(self.records):021d}", "NewImage": to_wire(image)["M"]}
        if before:
            stream["OldImage"] = to_wire(before)["M"]
        self.items[item_id] = image
        self.records.append({"eventName": "MODIFY" if before else "INSERT", "dynamodb": stream})

    def expected(self) -> dict[tuple[str, str], dict[str, int]]:
        """Return every board's rows, counted anew: nothing shared with the aggregation but the measure."""
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for item in self.items.values():
            if item["status"] == "VOIDED":
                continue
            for cell in by_owner_and_stage(item):
                for name, number in cell.numbers.items():
                    sums[cell.board, cell.row][name] += number
        return {key: dict(numbers) for key, numbers in sums.items()}


def stored() -> dict[tuple[str, str], dict[str, int]]:
    """Return every board's rows as they stand, without what is zero."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for board in ("deals|owner", "deals|stage", "deals|month"):
        for row, numbers in boards.read(board).items():
            if kept := {name: number for name, number in numbers.items() if number}:
                found[board, row] = kept
    return found
