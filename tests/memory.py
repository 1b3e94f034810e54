"""The tables in this process's memory: moto, made quick where the suite spends its time.

The same answers, without what is worked out anew for each call though it never changes: a table is
made once and copied empty, a transaction keeps what it touches instead of copying whole tables, an
answer that is JSON already is sent as it is.
"""

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache, partial
from types import SimpleNamespace
from typing import Any, Final, cast

import moto.dynamodb.models as backends
from moto import backend_index
from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionContext, ActionResult
from moto.core.utils import method_names_from_class
from moto.dynamodb.comparisons import ConditionExpressionParser as Conditions
from moto.dynamodb.exceptions import DynamodbException, ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.models.utilities import bytesize
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from infra.tables import create_tables

REGION: Final = "us-east-1"
#: Services that are asked more than all others together: their addresses are looked at first.
_BUSY: Final = ("dynamodb",)
#: Calls whose answer has nothing that JSON does not have by itself, unless a record holds bytes.
_OF_ITEMS: Final = frozenset(
    {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}
)
#: moto's limit of an item, in bytes.
_MOST: Final = 405_000
#: Conditions that are remembered at a time.
_MOST_CONDITIONS: Final = 2_000

#: The tables of the house as CreateTable made them in this process.
_made: Final[dict[str, Table]] = {}


def fresh_tables() -> None:
    """Have every table of the house, empty, inside ``mock_aws``."""
    tables = _backend().tables
    if not _made:
        create_tables()
        _made.update(tables)
    tables.update({name: _emptied(table) for name, table in _made.items()})


def kept() -> Callable[[], None]:
    """Return how to put every table back to what it holds now, with nothing in its stream."""
    tables = _backend().tables
    held = {name: copy.deepcopy(table.items) for name, table in tables.items()}

    def again() -> None:
        for name, items in held.items():
            tables[name] = _emptied(tables[name])
            tables[name].items = copy.deepcopy(items)

    return again


def streams() -> dict[str, list[dict[str, Any]]]:
    """Return every stream's records since its table was made, oldest first, by the stream's ARN."""
    return {
        f"{table.table_arn}/stream/{table.latest_stream_label}": [each.record for each in shard.items]
        for table in _backend().tables.values()
        if (shard := table.stream_shard) is not None
    }


def holds(table: str, name: str, value: str) -> bool:
    """Whether an item of a table without a sort key has a text under a name."""
    items: Any = _backend().tables[table].items.values()
    return any(name in item.attrs and item.attrs[name].value == value for item in items)


def _backend() -> DynamoDBBackend:
    found: DynamoDBBackend = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]
    return found


def _emptied(table: Table) -> Table:
    empty = copy.copy(table)
    empty.items = defaultdict(dict)
    if table.stream_shard is not None:
        empty.stream_shard = StreamShard(table.account_id, empty)
    return empty


def install() -> None:
    """Make moto quick, for the rest of this process."""
    backend_index.backend_url_patterns.sort(key=lambda each: each[0] not in _BUSY)
    first_word = cache(partial(Conditions._lex_one_node, cast(Conditions, Conditions)))
    quick: list[tuple[Any, str, Any]] = [
        (responses, "method_names_from_class", cache(method_names_from_class)),
        (DynamoResult, "execute_result", _as_it_is),
        (LimitedSizeDict, "__setitem__", _limited),
        (backends, "copy", SimpleNamespace(deepcopy=_copied)),
        (DynamoDBBackend, "transact_write_items", _all_or_nothing),
        (DynamoHandler, "transact_write_items", _once_by_token),
        (Conditions, "_lex_one_node", lambda _, text: first_word(text)),
        (Conditions, "parse", _understood),
    ]
    for owner, name, instead in quick:
        assert hasattr(owner, name), f"moto has no {name} any more"
        setattr(owner, name, instead)


def _as_it_is(result: DynamoResult, context: ActionContext) -> Any:
    """Send an answer that is JSON already; leave any other to moto's serializer."""
    if context.operation_model.name not in _OF_ITEMS:
        return ActionResult.execute_result(result, context)
    told = cast(dict[str, Any], result.result)
    try:
        body = json.dumps({name: value for name, value in told.items() if value is not None})
    except TypeError:  # bytes
        return ActionResult.execute_result(result, context)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, body


def _limited(item: Any, name: str, value: Any) -> None:
    """Set an attribute; sum the item up only when it may have become too large."""
    bound = getattr(item, "bound", None)
    more = bytesize(name) + _size(value)
    if bound is None or bound + more > _MOST:
        bound = sum(bytesize(each) + _size(held) for each, held in item.items() if each != name)
        if bound + more > _MOST:
            raise ItemSizeTooLarge
    item.bound = bound + more
    dict.__setitem__(item, name, value)


def _size(value: Any) -> int:
    return int(value.size()) if type(value) is DynamoType else bytesize(str(value))


def _copied(thing: Any) -> Any:
    """Copy what moto would copy, but for tables, which `_all_or_nothing` puts back itself."""
    return thing if isinstance(thing, Table) else copy.deepcopy(thing)


#: Conditions as they were understood: what they ask, and the names and values that they use.
_conditions: Final[dict[str, tuple[Any, list[str], list[str]]]] = {}
_parse: Final = Conditions.parse


def _understood(parser: Conditions) -> Any:
    """Understand a condition once: moto asks twice in a transaction, and most tests ask alike."""
    names, values = parser.expression_attribute_names, parser.expression_attribute_values
    try:
        asked = json.dumps([parser.condition_expression, names, values])
    except TypeError:  # bytes
        return _parse(parser)
    if asked not in _conditions:
        if len(_conditions) >= _MOST_CONDITIONS:
            _conditions.clear()
        meant = _parse(parser)
        _conditions[asked] = (meant, [*parser.expr_attr_names_found], [*parser.expr_attr_values_found])
        return meant
    meant, names_found, values_found = _conditions[asked]
    parser.expr_attr_names_found.extend(names_found)
    parser.expr_attr_values_found.extend(values_found)
    return meant


_answer: Final = DynamoHandler.transact_write_items


def _once_by_token(handler: DynamoHandler) -> Any:
    """Answer a transaction that comes again with its token as DynamoDB does; moto would do it again."""
    done: dict[str, tuple[Any, Any]] = vars(handler.dynamodb_backend).setdefault("done_by_token", {})
    token, asked = handler.body.get("ClientRequestToken"), handler.body["TransactItems"]
    if token not in done:
        answer = _answer(handler)
        done |= {token: (asked, answer)} if token else {}
        return answer
    first, answer = done[token]
    if first != asked:
        raise DynamodbException("IdempotentParameterMismatchException", "the token came with other items")
    return answer


_transact: Final = DynamoDBBackend.transact_write_items


def _all_or_nothing(backend: DynamoDBBackend, actions: list[dict[str, Any]]) -> None:
    put_back = [_kept(backend, action) for action in actions]
    try:
        _transact(backend, actions)
    except Exception:
        for undo in reversed(put_back):
            undo()
        raise


def _kept(backend: DynamoDBBackend, action: Mapping[str, Any]) -> Callable[[], None]:
    """Return how to put back what an action is about, and the length of its table's stream."""
    (asked,) = action.values()
    table = backend.get_table(asked["TableName"])
    hash_key, range_key = backend.get_keys_value(table, asked.get("Key") or asked["Item"])
    rows: Any = table.items[hash_key] if range_key else table.items
    key = range_key or hash_key
    before = copy.deepcopy(rows.get(key))
    told = len(table.stream_shard.items) if table.stream_shard else 0

    def undo() -> None:
        if before is None:
            rows.pop(key, None)
        else:
            rows[key] = before
        if table.stream_shard:
            del table.stream_shard.items[told:]

    return undo
