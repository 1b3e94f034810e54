"""The tables in memory do what moto's do, only sooner."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.core.settings import table_name
from chalicelib.core.table import client
from tests import memory

#: A table with a stream, and one with a sort key.
LEADS, ROWS = table_name("leads"), table_name("aggregates")


def _put(item_id: str, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": LEADS, "Item": {"id": {"S": item_id}, **more}}}


def _add(row: str) -> dict[str, Any]:
    key = {"board": {"S": "b"}, "row": {"S": row}}
    return {
        "Update": {
            "TableName": ROWS,
            "Key": key,
            "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        }
    }


def _held() -> tuple[Any, ...]:
    items = [client().scan(TableName=name)["Items"] for name in (LEADS, ROWS)]
    return (*items, {arn: len(records) for arn, records in memory.streams().items()})


def test_a_transaction_that_is_refused_leaves_nothing_behind(tables: None) -> None:
    client().transact_write_items(TransactItems=[_put("a", n={"N": "1"}), _add("1")])
    before = _held()
    gone = {"Delete": {"TableName": LEADS, "Key": {"id": {"S": "a"}}}}
    never = _put("c")
    never["Put"]["ConditionExpression"] = "attribute_exists(id)"

    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        client().transact_write_items(TransactItems=[_add("1"), _add("2"), gone, _put("b"), never])

    assert _held() == before
    assert before[1] == [{"board": {"S": "b"}, "row": {"S": "1"}, "n": {"N": "1"}}]


def test_an_item_beyond_the_limit_is_refused_however_it_grew(tables: None) -> None:
    client().transact_write_items(TransactItems=[_put("a", x={"S": "x" * 300_000})])

    for name in ("x", "y"):
        for _ in range(3):  # the same attribute again is no growth
            grown = {
                "TableName": LEADS,
                "Key": {"id": {"S": "a"}},
                "UpdateExpression": f"SET {name} = :v",
                "ExpressionAttributeValues": {":v": {"S": "v" * 300_000}},
            }
            if name == "x":
                client().update_item(**grown)
            else:
                with pytest.raises(ClientError, match="size"):
                    client().update_item(**grown)


def test_tables_are_empty_and_share_nothing_with_those_before(tables: None) -> None:
    put_back = memory.kept()
    client().transact_write_items(TransactItems=[_put("a"), _add("1")])

    put_back()
    assert (client().scan(TableName=LEADS)["Items"], client().scan(TableName=ROWS)["Items"]) == ([], [])
    client().transact_write_items(TransactItems=[_put("b")])
    memory.fresh_tables()

    assert client().scan(TableName=LEADS)["Items"] == []
    assert not any(memory.streams().values())


def test_a_transaction_that_comes_again_with_its_token_is_done_once(tables: None) -> None:
    for _ in range(2):
        client().transact_write_items(TransactItems=[_put("a"), _add("1")], ClientRequestToken="once")
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        client().transact_write_items(TransactItems=[_add("1")], ClientRequestToken="once")
    client().transact_write_items(TransactItems=[_add("1")], ClientRequestToken="another")

    assert _held()[1] == [{"board": {"S": "b"}, "row": {"S": "1"}, "n": {"N": "2"}}]
