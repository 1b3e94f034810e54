"""Stock 库存 as it stands: units and value, by warehouse or by product."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.core import boards
from chalicelib.core.money import Money
from chalicelib.core.table import Record


@dataclass(frozen=True, slots=True)
class StockLine:
    """Units of one warehouse or product, and what those on hand cost, in one currency.

    `value` is None for those whose cost operations have not decided; what is `expected` from suppliers
    stands there too, it has none yet.
    """

    member: str
    name: str | None
    on_hand: int
    reserved: int
    waiting: int
    expected: int
    value: Money | None


def stock(by: str) -> list[StockLine]:
    """Return what stands by warehouse or by product, rows that have come to nothing left out. One Query."""
    rows = {key: row for key, row in boards.read(f"stock|{by}").items() if any(row.values())}
    named = Record.many_anywhere({key.partition("|")[0] for key in rows})
    return [_line(key, row, named) for key, row in rows.items()]


def _line(key: str, row: boards.Row, named: Mapping[str, Record]) -> StockLine:
    member, _, currency = key.partition("|")
    return StockLine(
        member=member,
        name=getattr(named.get(member), "name", None),
        on_hand=row.get("on_hand", 0),
        reserved=row.get("reserved", 0),
        waiting=row.get("waiting", 0),
        expected=row.get("expected", 0),
        value=None if currency == "-" else Money(row.get("value", 0), currency),
    )
