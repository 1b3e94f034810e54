"""Rows of the ledger and the aggregates, spoilt at random in every way that a repair must find."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.core.boards import BOOKKEEPING
from chalicelib.core.settings import table_name
from chalicelib.core.table import client, scan

Row = dict[str, Any]
Spoiling = Callable[[Row, random.Random], Row | None]

AGGREGATES, LEDGER = "aggregates", "ledger"


def _number(row: Row, dice: random.Random) -> Row:
    name = dice.choice(sorted(row.keys() - BOOKKEEPING))
    return {**row, name: {"N": str(int(row[name]["N"]) + dice.choice((-7, 1, 10**6)))}}


def _lost_number(row: Row, dice: random.Random) -> Row:
    gone = dice.choice(sorted(row.keys() - BOOKKEEPING))
    return {name: value for name, value in row.items() if name != gone}


def _text(row: Row, dice: random.Random) -> Row:
    return {**row, dice.choice(sorted(row.keys() - BOOKKEEPING)): {"S": "many"}}


def _strange_number(row: Row, dice: random.Random) -> Row:
    return {**row, "strange": {"N": "3"}}


def _steps(row: Row, dice: random.Random) -> Row:
    wrong = _number(row, dice)
    return {**wrong, "steps": {"S": "none"}}


def _rank(row: Row, dice: random.Random) -> Row:
    if "rank_by" not in row:
        return _number(row, dice)
    lost = dice.choice(("rank_by", "rank_board", "rank_value"))
    return {name: value for name, value in row.items() if name != lost}


def _cells(row: Row, dice: random.Random) -> Row:
    return {**row, "cells": {"M": {"strange\x1frow": {"M": {"count": {"N": "1"}}}}}}


def _no_cells(row: Row, dice: random.Random) -> Row:
    return {name: value for name, value in row.items() if name != "cells"}


def _no_writes(row: Row, dice: random.Random) -> Row:
    return {name: value for name, value in _cells(row, dice).items() if name != "writes"}


def _ahead(row: Row, dice: random.Random) -> Row:
    return {**_cells(row, dice), "version": {"N": str(int(row["version"]["N"]) + 9)}}


def _behind(row: Row, dice: random.Random) -> Row:
    return {**_cells(row, dice), "version": {"N": "0"}}


def _gone(row: Row, dice: random.Random) -> None:
    return None


WAYS: Final[Mapping[str, tuple[Spoiling, ...]]] = {
    AGGREGATES: (_number, _lost_number, _text, _strange_number, _steps, _rank, _gone),
    LEDGER: (_cells, _no_cells, _no_writes, _ahead, _behind, _gone),
}
_KEYS: Final = {AGGREGATES: ("board", "row"), LEDGER: ("id",)}


def rows(table: str) -> list[Row]:
    """Return every row of a table, as it is kept."""
    return list(scan(table_name(table)))


def spoil(table: str, share: float, dice: random.Random) -> list[str]:
    """Spoil a share of a table's rows, each way at least once; return the ways taken."""
    ways = WAYS[table]
    live = [row for row in rows(table) if _says_something(row)]
    chosen = dice.sample(live, max(len(ways), int(len(live) * share)))
    for number, row in enumerate(chosen):
        _put(table, row, ways[number % len(ways)](row, dice))
    return [ways[number % len(ways)].__name__ for number in range(len(chosen))]


def _says_something(row: Row) -> bool:
    if "cells" in row:
        return bool(row["cells"]["M"])
    return any(row[name]["N"] != "0" for name in row.keys() - BOOKKEEPING)


def _put(table: str, row: Row, spoilt: Row | None) -> None:
    if spoilt is None:
        client().delete_item(TableName=table_name(table), Key={name: row[name] for name in _KEYS[table]})
    else:
        client().put_item(TableName=table_name(table), Item=spoilt)


def wipe(table: str) -> None:
    """Remove every row of a table."""
    for row in rows(table):
        _put(table, row, None)
