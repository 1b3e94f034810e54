"""The guard refuses each wrong call that an emulator takes, and lets the right one beside it pass."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.core.settings import table_name
from chalicelib.core.table import client
from tests import permissions
from tests.faults import guard as faithful
from tests.faults.expressions import overlapping, paths_in, updated_paths
from tests.faults.limits import KB, item_size
from tests.memory import fresh_tables

GUARDS, LEADS = table_name("guards"), table_name("leads")


@pytest.fixture(scope="module", autouse=True)
def _tables() -> Iterator[None]:
    """Tables of this module's own: nothing here depends on what is in them."""
    with mock_aws():
        fresh_tables()
        yield


@pytest.fixture
def guard() -> Iterator[faithful.Guard]:
    """A guard whose mistakes are those of the test alone."""
    with faithful.watching() as watching:
        yield watching


@pytest.fixture(scope="module")
def set_up_wrongly(_tables: None) -> list[list[Any]]:
    """What is found wrong with a module whose setting-up swallows two refusals; nobody is told of them."""
    with suppress(ClientError):
        client().batch_get_item(**_gets([1, 2, 1]))
    with suppress(ClientError), permissions.acting_as("authorizer"):
        client().delete_item(TableName=LEADS, Key=_row(1))
    return [faithful.mistakes(), permissions.denials()]


def _row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": {"S": f"row {number}"}, **more}


def _puts(how_many: int, size: int = 1) -> dict[str, Any]:
    items = [{"Put": {"TableName": GUARDS, "Item": _row(n, note={"S": "x" * size})}} for n in range(how_many)]
    return {"TransactItems": items}


def _writes(numbers: list[int]) -> dict[str, Any]:
    return {"RequestItems": {GUARDS: [{"PutRequest": {"Item": _row(n)}} for n in numbers]}}


def _gets(numbers: list[int]) -> dict[str, Any]:
    return {"RequestItems": {GUARDS: {"Keys": [_row(n) for n in numbers]}}}


def _update(expression: str, **names: str) -> dict[str, Any]:
    values = {f":{n}": {"N": "1"} for n in "ab" if f":{n}" in expression}
    named = {f"#{name}": path for name, path in names.items()}
    asked: dict[str, Any] = {"TableName": GUARDS, "Key": _row(1), "UpdateExpression": expression}
    return (
        asked
        | ({"ExpressionAttributeNames": named} if named else {})
        | ({"ExpressionAttributeValues": values} if values else {})
    )


def _query(filtered: str, index: str | None = "by_owner") -> dict[str, Any]:
    key = "owner_id" if index else "id"
    asked = {
        "TableName": LEADS,
        "KeyConditionExpression": f"{key} = :k",
        "FilterExpression": filtered,
        "ExpressionAttributeNames": {"#s": "listed"} if "#s" in filtered else {"#s": "status"},
        "ExpressionAttributeValues": {":k": {"S": "user_1"}, ":v": {"S": "x"}},
    }
    if "#s" not in filtered:
        del asked["ExpressionAttributeNames"]
    return asked | ({"IndexName": index} if index else {})


WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("26 writes in a batch", "batch_write_item", _writes(list(range(26)))),
    ("no write in a batch", "batch_write_item", _writes([])),
    ("an item twice in a batch of writes", "batch_write_item", _writes([1, 1])),
    ("101 keys in a batch", "batch_get_item", _gets(list(range(101)))),
    ("a key twice in a batch", "batch_get_item", _gets([1, 2, 1])),
    ("101 actions", "transact_write_items", _puts(101)),
    ("no action", "transact_write_items", {"TransactItems": []}),
    ("an item twice", "transact_write_items", {"TransactItems": _puts(1)["TransactItems"] * 2}),
    ("101 items in a transactional read", "transact_get_items", {
        "TransactItems": [{"Get": {"TableName": GUARDS, "Key": _row(n)}} for n in range(101)]}),
    ("a path set twice", "update_item", _update("SET n = :a, n = :b")),
    ("a path set and removed", "update_item", _update("SET n = :a REMOVE n")),
    ("a path under two names", "update_item", _update("SET #x = :a ADD #y :b", x="n", y="n")),
    ("a path inside another", "update_item", _update("SET note = :a, note.#x[2] = :b", x="deep")),
    ("a path of the key", "update_item", _update("SET id = :a")),
    ("an expression over 4 KB", "update_item", _update(f"SET n = {'if_not_exists(n, :a) + ' * 200} :a")),
    ("a filter on an index's partition key", "query", _query("owner_id = :v")),
    ("a filter on an index's sort key by another name", "query", _query("contains(#s, :v)")),
    ("a filter on the table's key", "query", _query("begins_with(id, :v)", index=None)),
]  # fmt: skip


@pytest.mark.parametrize(("call", "asked"), [pytest.param(c, a, id=what) for what, c, a in WRONG])
def test_a_wrong_call_is_refused_and_kept_as_a_mistake(
    guard: faithful.Guard, call: str, asked: dict[str, Any]
) -> None:
    before = len(guard.mistakes)

    with pytest.raises(ClientError, match="ValidationException"):
        getattr(client(), call)(**asked)

    assert len(guard.mistakes) == before + 1


TOO_LARGE: list[tuple[str, str, dict[str, Any]]] = [
    ("an item over 400 KB", "put_item", {"TableName": GUARDS, "Item": _row(1, note={"S": "王" * 140_000})}),
    ("an item over 400 KB in a batch", "batch_write_item", {
        "RequestItems": {GUARDS: [{"PutRequest": {"Item": _row(1, note={"S": "x" * 410_000})}}]}}),
    ("a value over 400 KB", "update_item", {
        "TableName": GUARDS, "Key": _row(1), "UpdateExpression": "SET note = :v",
        "ExpressionAttributeValues": {":v": {"S": "x" * 410_000}}}),
    ("a transaction over 4 MB", "transact_write_items", _puts(11, 390_000)),
]  # fmt: skip


@pytest.mark.parametrize(("call", "asked"), [pytest.param(c, a, id=what) for what, c, a in TOO_LARGE])
def test_what_is_too_large_is_refused_without_being_a_mistake(
    guard: faithful.Guard, call: str, asked: dict[str, Any]
) -> None:
    before = list(guard.mistakes)

    with pytest.raises(ClientError, match="ValidationException"):
        getattr(client(), call)(**asked)

    assert guard.mistakes == before


RIGHT: list[tuple[str, str, dict[str, Any]]] = [
    ("25 writes in a batch", "batch_write_item", _writes(list(range(25)))),
    ("100 keys in a batch", "batch_get_item", _gets(list(range(100)))),
    ("100 actions", "transact_write_items", _puts(100)),
    ("just under 4 MB", "transact_write_items", _puts(10, 390_000)),
    ("an item of 390 KB", "put_item", {"TableName": GUARDS, "Item": _row(1, note={"S": "王" * 130_000})}),
    ("different paths", "update_item", _update("SET n = :a ADD holders :b")),
    ("a function of commas", "update_item", _update("SET n = if_not_exists(n, :a), holder = :b")),
    ("neighbours in a document", "update_item", _update("REMOVE note.a, note.b, note.parts[1]")),
    ("a filter on another attribute", "query", _query("score > :v")),
    ("a filter of an index on the table's key", "query", _query("begins_with(id, :v)")),
    ("a scan's filter on a key", "scan", {
        "TableName": GUARDS, "FilterExpression": "begins_with(id, :v)",
        "ExpressionAttributeValues": {":v": {"S": "x"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "asked"), [pytest.param(c, a, id=what) for what, c, a in RIGHT])
def test_a_right_call_passes(guard: faithful.Guard, call: str, asked: dict[str, Any]) -> None:
    before, looked_at = list(guard.mistakes), guard.calls
    note = {"M": {"a": {"N": "1"}, "b": {"N": "2"}, "parts": {"L": [{"N": "3"}, {"N": "4"}]}}}
    client().put_item(TableName=GUARDS, Item=_row(1, note=note))

    getattr(client(), call)(**asked)

    assert guard.mistakes == before
    assert guard.calls == looked_at + 2


def test_an_answer_larger_than_a_page_is_the_emulators_fault(guard: faithful.Guard) -> None:
    class _Sent:
        content = b" " * 2 * KB * KB

    class _Query:
        name = "Query"

    pages = {"Items": [{"note": {"S": "x" * 300 * KB}}] * 5}
    with pytest.raises(faithful.Unfaithful):
        guard.after(_Sent, pages, _Query)

    guard.after(_Sent, {"Items": pages["Items"][:4]}, _Query)


def test_what_a_module_is_set_up_with_is_watched_too(set_up_wrongly: list[list[Any]]) -> None:
    [mistake], [(function, (action, _))] = set_up_wrongly

    assert mistake.startswith("BatchGetItem")
    assert (function, action) == ("authorizer", "dynamodb:DeleteItem")


def test_what_was_found_wrong_is_told_once() -> None:
    with faithful.watching() as inner:
        inner.mistakes.append("UpdateItem: a path twice")

        assert faithful.mistakes() == ["UpdateItem: a path twice"]
        assert faithful.mistakes() == []


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple), min_size=1, max_size=4))
def test_paths_overlap_when_one_begins_with_another(paths: list[tuple[str, ...]]) -> None:
    text = "SET " + ", ".join(f"{'.'.join(path)} = :v" for path in paths)

    begins = [
        (one, other)
        for place, one in enumerate(paths)
        for other in paths[place + 1 :]
        if one[: len(other)] == other or other[: len(one)] == one
    ]

    assert list(updated_paths(text, {})) == paths
    assert bool(overlapping(paths)) == bool(begins)


def test_a_condition_names_its_paths_and_not_its_functions() -> None:
    condition = "begins_with(#a, :p) AND (size(b.c[0]) > :n OR NOT d IN (:x, :y)) AND e BETWEEN :l AND :h"

    assert list(paths_in(condition, {"#a": "first"})) == [("first",), ("b", "c", "[0]"), ("d",), ("e",)]


def test_sizes_are_counted_in_bytes_of_utf_8_and_halves_of_digits() -> None:
    item = {
        "id": {"S": "王"},
        "n": {"N": "-12345"},
        "list": {"L": [{"BOOL": True}, {"M": {"k": {"NULL": True}}}]},
    }

    assert item_size(item) == (2 + 3) + (1 + 4) + (4 + 3 + (1 + 1) + (1 + 3 + 1 + 1 + 1))
