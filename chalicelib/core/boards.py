"""Reading aggregates: a dashboard is a fixed number of these calls, whatever the number of records."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.core.attributes import plain
from chalicelib.core.settings import table_name
from chalicelib.core.table import client

BOOKKEEPING: Final = {"board", "row", "steps", "rank_board", "rank_by", "rank_value"}
#: Sorts behind every row, whatever the script that its member is written in.
_LAST: Final = "\U0010ffff"
Row = Mapping[str, int]


def read(board: str, *, first: str = "", last: str = _LAST) -> dict[str, Row]:
    """Return a board's rows between two row keys, by row key, in order.

    One Query as long as the rows fit 1 MB (some ten thousand), which they do by construction:
    rows grow with members and months, never with records.
    """
    query: dict[str, Any] = {
        "TableName": table_name("aggregates"),
        "KeyConditionExpression": "board = :board AND #row BETWEEN :first AND :last",
        "ExpressionAttributeNames": {"#row": "row"},
        "ExpressionAttributeValues": {
            ":board": {"S": board},
            ":first": {"S": first or "\x01"},
            ":last": {"S": last},
        },
    }
    rows: dict[str, Row] = {}
    while True:
        answer = client().query(**query)
        rows |= {raw["row"]["S"]: _numbers(raw) for raw in answer["Items"]}
        if "LastEvaluatedKey" not in answer:
            return rows
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def months(board: str, first: str, last: str) -> dict[str, Row]:
    """Return the rows ``<month>|…`` of a board from the first month to the last, both included."""
    return read(board, first=first, last=f"{last}|{_LAST}")


def top(board: str, *, limit: int) -> list[tuple[str, Row]]:
    """Return the rows of a ranked board with the largest rank, in falling order."""
    answer = client().query(
        TableName=table_name("aggregates"),
        IndexName="by_rank",
        KeyConditionExpression="rank_board = :board",
        ExpressionAttributeValues={":board": {"S": board}},
        ScanIndexForward=False,
        Limit=limit,
    )
    return [(raw["row"]["S"], _numbers(raw)) for raw in answer["Items"]]


def total(rows: Mapping[str, Row]) -> dict[str, int]:
    """Return the sum of rows, number by number."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows.values():
        for name, number in row.items():
            sums[name] += number
    return dict(sums)


def by_part(rows: Mapping[str, Row], part: int) -> dict[str, dict[str, int]]:
    """Return rows summed by one part of their ``a|b|c`` keys."""
    grouped: dict[str, dict[str, Row]] = defaultdict(dict)
    for key, row in rows.items():
        grouped[key.split("|")[part]][key] = row
    return {member: total(found) for member, found in grouped.items()}


def _numbers(raw: dict[str, Any]) -> Row:
    return {name: value for name, value in plain(raw).items() if name not in BOOKKEEPING}
