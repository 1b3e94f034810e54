"""Many items in a call. What DynamoDB leaves over, busy as it is, is asked for again after a pause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.contention import tries

#: DynamoDB's limits of keys and of writes in a call.
MOST_KEYS, MOST_WRITES = 100, 25
TRIES: Final = 8

RawItem = dict[str, Any]


def read(client: Any, table: str, ids: Iterable[str], *, consistent: bool) -> Iterator[RawItem]:
    """Yield the items of a table that are there, of these ids. Busy when some are left over to the end."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), MOST_KEYS):
        keys = [{"id": {"S": item_id}} for item_id in wanted[start : start + MOST_KEYS]]
        request: Mapping[str, Any] = {table: {"Keys": keys, "ConsistentRead": consistent}}
        for _ in tries(TRIES):
            answer = client.batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(table, ())
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                break
        else:
            raise errors.Busy


def write(client: Any, table: str, items: Iterable[RawItem]) -> None:
    """Put items, each with a key of its own, into a table. Busy when some are left over to the end."""
    waiting = iter(items)
    while puts := [{"PutRequest": {"Item": item}} for item in islice(waiting, MOST_WRITES)]:
        _write(client, table, puts)


def _write(client: Any, table: str, puts: Sequence[Mapping[str, Any]]) -> None:
    request: Mapping[str, Any] = {table: puts}
    for _ in tries(TRIES):
        request = client.batch_write_item(RequestItems=request).get("UnprocessedItems") or {}
        if not request:
            return
    raise errors.Busy
