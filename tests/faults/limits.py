"""What DynamoDB refuses, as rules about a request's body. Numbers are those of its service quotas."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from infra.tables import table_properties
from tests.faults.expressions import overlapping, paths_in, updated_paths

KB: Final = 1024
MOST_WRITES, MOST_GETS, MOST_ACTIONS = 25, 100, 100
ITEM, TRANSACTION, BATCH, PAGE = 400 * KB, 4 * KB * KB, 16 * KB * KB, KB * KB
EXPRESSION: Final = 4 * KB

Asked = Mapping[str, Any]
Rule = Callable[[Asked], None]


class Refused(Exception):
    """A request that DynamoDB refuses. A mistake: no data makes it right, the program is wrong."""

    def __init__(self, message: str, *, is_mistake: bool = True) -> None:
        super().__init__(message)
        self.is_mistake = is_mistake


def item_size(item: Mapping[str, Any]) -> int:
    """Return an item's size in bytes as DynamoDB counts it, at least."""
    return sum(len(name.encode("utf-8", "surrogatepass")) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode("utf-8", "surrogatepass"))
        case "N":
            return (len(held.strip("-").replace(".", "")) + 1) // 2 + 1
        case "B":
            return len(held) * 3 // 4
        case "M":
            return 3 + len(held) + item_size(held)
        case "L":
            return 3 + sum(1 + _size(member) for member in held)
        case "SS" | "NS" | "BS":
            return sum(_size({kind[0]: member}) for member in held)
    return 1


def _item_fits(item: Mapping[str, Any]) -> None:
    if item_size(item) > ITEM:
        raise Refused("Item size has exceeded the maximum allowed size", is_mistake=False)


def put(asked: Asked) -> None:
    """An item has at most 400 KB."""
    _item_fits(asked["Item"])


def expression(asked: Asked) -> None:
    """No expression is longer than 4 KB."""
    for name in ("UpdateExpression", "ConditionExpression", "FilterExpression", "KeyConditionExpression"):
        if len(asked.get(name, "").encode()) > EXPRESSION:
            raise Refused(f"Invalid {name}: Expression size has exceeded the maximum allowed size")


def update(asked: Asked) -> None:
    """An update names no path twice, nor one inside another, and no part of the key."""
    paths = list(updated_paths(asked.get("UpdateExpression", ""), asked.get("ExpressionAttributeNames", {})))
    if pair := overlapping(paths):
        raise Refused(f"Invalid UpdateExpression: Two document paths overlap with each other; {pair}")
    for path in paths:
        if path[0] in asked["Key"]:
            raise Refused(f"Cannot update attribute {path[0]}. This attribute is part of the key")
    _item_fits(asked["Key"] | asked.get("ExpressionAttributeValues", {}))


def query(asked: Asked) -> None:
    """A query's filter names no key attribute of what is queried. (A scan's may.)"""
    filtered = asked.get("FilterExpression")
    if not filtered:
        return
    keys = _keys(asked["TableName"], asked.get("IndexName"))
    for path in paths_in(filtered, asked.get("ExpressionAttributeNames", {})):
        if path[0] in keys:
            raise Refused(f"Filter Expression can only contain non-primary key attributes: {path[0]}")


def batch_write(asked: Asked) -> None:
    """A batch has 1 to 25 writes of different items."""
    writes = [(name, write) for name, found in asked["RequestItems"].items() for write in found]
    if not 0 < len(writes) <= MOST_WRITES:
        raise Refused(f"Too many items requested for the BatchWriteItem call: {len(writes)}")
    for _, write in writes:
        if "PutRequest" in write:
            _item_fits(write["PutRequest"]["Item"])
    _once(_written_key(name, write) for name, write in writes)


def _written_key(name: str, write: Asked) -> tuple[str, str]:
    if "DeleteRequest" in write:
        return name, _as_text(write["DeleteRequest"]["Key"])
    return name, _key_of(name, write["PutRequest"]["Item"])


def batch_get(asked: Asked) -> None:
    """A batch has 1 to 100 different keys."""
    keys = [(name, _as_text(key)) for name, found in asked["RequestItems"].items() for key in found["Keys"]]
    if not 0 < len(keys) <= MOST_GETS:
        raise Refused(f"Too many items requested for the BatchGetItem call: {len(keys)}")
    _once(keys)


def transact(asked: Asked) -> None:
    """A transaction has 1 to 100 actions on different items, and 4 MB at most."""
    actions = [next(iter(each.items())) for each in asked["TransactItems"]]
    if not 0 < len(actions) <= MOST_ACTIONS:
        raise Refused(f"Member must have length less than or equal to {MOST_ACTIONS}: {len(actions)}")
    for kind, action in actions:
        expression(action)
        if kind == "Update":
            update(action)
        elif kind == "Put":
            put(action)
    _once(_action_key(action) for _, action in actions)
    size = sum(item_size(_weight(action)) for _, action in actions)
    if size > TRANSACTION:
        raise Refused(f"Transaction request is larger than 4 MB: {size}", is_mistake=False)


def _weight(action: Asked) -> Asked:
    weight: Asked = action.get("Item") or action["Key"] | action.get("ExpressionAttributeValues", {})
    return weight


def _action_key(action: Asked) -> tuple[str, str]:
    name = action["TableName"]
    return name, _as_text(action["Key"]) if "Key" in action else _key_of(name, action["Item"])


def _once(keys: Iterable[tuple[str, str]]) -> None:
    seen: set[tuple[str, str]] = set()
    for key in keys:
        if key in seen:
            raise Refused(f"One request cannot include multiple operations on one item: {key}")
        seen.add(key)


def _as_text(key: Asked) -> str:
    return json.dumps(key, sort_keys=True)


def _key_of(name: str, item: Asked) -> str:
    keys = _keys(name, None) or item.keys()
    return _as_text({part: item[part] for part in keys if part in item})


@cache
def _schemas() -> dict[tuple[str, str | None], frozenset[str]]:
    return dict(_described())


def _described() -> Iterator[tuple[tuple[str, str | None], frozenset[str]]]:
    for name, properties in table_properties().items():
        yield (name, None), _names(properties)
        for index in properties.get("GlobalSecondaryIndexes", ()):
            yield (name, index["IndexName"]), _names(index)


def _names(described: Asked) -> frozenset[str]:
    return frozenset(part["AttributeName"] for part in described["KeySchema"])


def _keys(name: str, index: str | None) -> frozenset[str]:
    # A table that is none of the house's has keys that nobody told us.
    return _schemas().get((name, index), frozenset())


#: Operation → what its requests must keep to.
RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "PutItem": (put,),
    "UpdateItem": (expression, update),
    "Query": (expression, query),
    "Scan": (expression,),
    "BatchWriteItem": (batch_write,),
    "BatchGetItem": (batch_get,),
    "TransactWriteItems": (transact,),
    "TransactGetItems": (transact,),
}
#: Operation → bytes of items in one answer. A page ends with the item that goes beyond 1 MB.
ANSWERS: Final[Mapping[str, int]] = {
    "Query": PAGE + ITEM,
    "Scan": PAGE + ITEM,
    "BatchGetItem": BATCH,
    "TransactGetItems": TRANSACTION,
}
