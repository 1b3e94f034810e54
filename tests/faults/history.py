"""A company's records that change at random, as stream records, and what the figures must be at the end."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib import house
from chalicelib.core import clock, ids
from chalicelib.core.attributes import to_wire
from chalicelib.core.measures import Image, Measures
from chalicelib.core.table import Record as Kept
from chalicelib.core.table import client
from tests.faults import recount
from tests.faults.dice import owner
from tests.faults.event_source import Record
from tests.faults.makers import MAKERS

VOIDED: Final = "VOIDED"


@dataclass
class History:
    """The items as they are (None: removed), and the records of how they came to be so.

    `kept`: the items are in the tables too, and not only their changes in a stream.
    """

    dice: random.Random
    kinds: Sequence[str] = tuple(MAKERS)
    measures: Measures = field(default_factory=house.measures)
    kept: bool = False
    items: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)

    def change(self, times: int, *, most: int = 400) -> None:
        """Let something happen so many times."""
        for _ in range(times):
            alive = self.alive()
            if not alive or (len(alive) < most and self.dice.random() < 0.3):
                self.create()
            else:
                verb = self.dice.choices(
                    (self.edit, self.reassign, self.void_or_restore, self.remove), (6, 2, 2, 0.2)
                )
                verb[0](self.dice.choice(alive))

    def alive(self) -> list[str]:
        """Return the ids of what has not been removed."""
        return [item_id for item_id, item in self.items.items() if item is not None]

    def create(self, kind: str | None = None) -> str:
        """Make an item; return its id."""
        kind = kind or self.dice.choice(self.kinds)
        item_id = ids.new(kind)
        self.write(item_id, MAKERS[kind](self.dice))
        return item_id

    def edit(self, item_id: str) -> None:
        """Change everything about an item: its stage, its month, its amount, its owner."""
        self.write(item_id, MAKERS[ids.kind_of(item_id)](self.dice))

    def reassign(self, item_id: str) -> None:
        """Give an item to somebody else."""
        self.write(item_id, {**self.item(item_id), **owner(self.dice)})

    def void_or_restore(self, item_id: str) -> None:
        """Void an item, or restore it if it is voided."""
        item = self.item(item_id)
        if item.get("status") == VOIDED:
            self.write(item_id, {**item, "status": item["voided_from"]})
        else:
            self.write(item_id, {**item, "status": VOIDED, "voided_from": item.get("status")})

    def remove(self, item_id: str) -> None:
        """Remove an item by hand, row and all."""
        before = self.item(item_id)
        self.items[item_id] = None
        self._record("REMOVE", item_id, OldImage=before)
        if self.kept:
            client().delete_item(TableName=table_of(ids.kind_of(item_id)), Key={"id": {"S": item_id}})

    def item(self, item_id: str) -> dict[str, Any]:
        """Return an item as it is now."""
        item = self.items[item_id]
        assert item is not None, "nothing happens to what is removed"
        return item

    def write(self, item_id: str, values: Image) -> None:
        """Write the next version of an item."""
        before = self.items.get(item_id)
        version = before["version"] + 1 if before else 1
        after = {**values, "id": item_id, "version": version, "updated_at": clock.iso(clock.now())}
        self.items[item_id] = after
        if before:
            self._record("MODIFY", item_id, NewImage=after, OldImage=before)
        else:
            self._record("INSERT", item_id, NewImage=after)
        if self.kept:
            client().put_item(TableName=table_of(ids.kind_of(item_id)), Item=wire(after))

    def _record(self, name: str, item_id: str, **images: Mapping[str, Any]) -> None:
        stream: dict[str, Any] = {
            "SequenceNumber": f"{len(self.records):021d}",
            "Keys": {"id": {"S": item_id}},
            **{which: wire(image) for which, image in images.items()},
        }
        self.records.append({"eventName": name, "eventSource": "aws:dynamodb", "dynamodb": stream})

    def expected(self) -> recount.Figures:
        """Return what the figures must be now."""
        return recount.expected(self._living(), self.measures)

    def _living(self) -> Iterator[tuple[str, Image]]:
        for item_id, item in self.items.items():
            if item is not None:
                yield ids.kind_of(item_id), item

    def drift(self) -> Any:
        """Return every number in the tables that is not what it must be; empty when all are right."""
        return recount.drift(self.expected(), recount.standing())


def wire(image: Image) -> dict[str, Any]:
    """Return an image as it is kept: what is empty is not there, as a key of an index it could not be."""
    found: dict[str, Any] = to_wire({name: value for name, value in image.items() if value is not None})["M"]
    return found


def table_of(kind: str) -> str:
    """Return the table of a kind."""
    model = Kept._model(kind)
    assert model, kind
    return str(model.Meta.table_name)


def tables(kinds: Sequence[str] = tuple(MAKERS)) -> list[str]:
    """Return the tables of kinds."""
    return sorted({table_of(kind) for kind in kinds})
