"""Items: what every record has, one client for all tables, reading by id and by page."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import Attribute, UnicodeAttribute, VersionAttribute
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.core import batches, errors, ids
from chalicelib.core.attributes import InstantAttribute
from chalicelib.core.contention import is_hopeless
from chalicelib.core.settings import table_name

#: SDK below function below gateway (29 s): three tries of at most 4 s each.
CONNECT_SECONDS, READ_SECONDS, RETRIES = 1, 3, 2
#: What a later try may get over, whoever is at work.
PASSING_ERRORS: Final = (BotoCoreError, ClientError, PynamoDBException, errors.Busy, errors.Stale)

T = TypeVar("T")


def may_pass(fault: Exception) -> bool:
    """Whether a later try may get over a fault: not what DynamoDB will refuse for ever."""
    refused = fault.cause if isinstance(fault, PynamoDBException) else fault
    hopeless = isinstance(refused, ClientError) and is_hopeless(refused)
    return isinstance(fault, PASSING_ERRORS) and not hopeless


@cache
def connection() -> Connection:
    """Return the one connection; its botocore client serves every table."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    made = Connection(region=region)
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1 + RETRIES, "mode": "standard"},
        max_pool_connections=25,
        # What is not used here and would be worked out anew for every call:
        parameter_validation=False,
        user_agent="salestream",
        disable_request_compression=True,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    shared: Any = made.session.create_client("dynamodb", region, config=config)
    made._client = shared
    return made


def client() -> Any:
    """Return the shared botocore DynamoDB client, for readers of raw items."""
    return connection().client


def scan(
    table: str, *, segment: int = 0, segments: int = 1, consistent: bool = True
) -> Iterator[dict[str, Any]]:
    """Yield every raw item of a table (or of one of its segments): of all kinds, none filtered out."""
    request: dict[str, Any] = {"TableName": table, "ConsistentRead": consistent}
    if segments > 1:
        request |= {"Segment": segment, "TotalSegments": segments}
    while True:
        answer = client().scan(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


class Table(Model):
    """A model on the shared client. Subclasses say ``class Meta(meta("leads")): …``."""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # PynamoDB makes a client for each model: dozens of them at cold start. One is enough.
        made = super()._get_connection()
        made.connection._client = client()
        return made

    @classmethod
    def many(cls, ids: Iterable[str], *, consistent: bool = False) -> Iterator[Self]:
        """Yield the rows that are there, of these ids, 100 a call. Busy when DynamoDB leaves some over."""
        for raw in batches.read(client(), cls.Meta.table_name, ids, consistent=consistent):
            yield cls.from_raw_data(raw)


def meta(domain: str) -> Any:
    """Return the PynamoDB ``Meta`` of a domain's table."""
    return type("Meta", (), {"table_name": table_name(domain)})


class Record(Table):
    """An item with an identity and a history: id, version, who and when.

    `kind` is the prefix of its ids. Versions only grow; deletion is a status (VOIDED).
    `step` names the write that made this version, so that a write whose answer was lost
    can recognise itself.
    """

    kind: ClassVar[str]

    _kinds: ClassVar[dict[str, type["Record"]]] = {}
    #: Brings in every kind there is; the house sets it. A request has only met its own domain's.
    introduce_all: ClassVar[Callable[[], Any]] = list

    id = UnicodeAttribute(hash_key=True)
    version = VersionAttribute()
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    updated_by = UnicodeAttribute()
    step = UnicodeAttribute(null=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "kind" in cls.__dict__:
            Record._kinds[cls.kind] = cls

    @staticmethod
    def anywhere(item_id: str) -> "Record | None":
        """Return the record of any kind with this id, or None."""
        model = Record._model(ids.kind_of(item_id))
        return model.find(item_id) if model else None

    @staticmethod
    def many_anywhere(item_ids: Iterable[str]) -> "dict[str, Record]":
        """Return the records of any kinds that exist, by id (batched, 100 a call and kind).

        What is no id names nothing, and is left out.
        """
        by_kind: dict[str, set[str]] = defaultdict(set)
        for item_id in item_ids:
            if ids.is_id(item_id):
                by_kind[ids.kind_of(item_id)].add(item_id)
        found: dict[str, Record] = {}
        for kind, wanted in by_kind.items():
            if model := Record._model(kind):
                found |= model.fetch_many(wanted)
        return found

    @staticmethod
    def _model(kind: str) -> "type[Record] | None":
        if kind not in Record._kinds:
            Record.introduce_all()
        return Record._kinds.get(kind)

    @classmethod
    def find(cls, item_id: str) -> Self | None:
        """Return the record as it is now (consistent), or None."""
        if not ids.is_id(item_id) or ids.kind_of(item_id) != cls.kind:
            return None
        try:
            return cls.get(item_id, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def fetch(cls, item_id: str) -> Self:
        """Return the record, or raise NotFound."""
        found = cls.find(item_id)
        if found is None:
            raise errors.NotFound
        return found

    @classmethod
    def fetch_many(cls, item_ids: Iterable[str]) -> dict[str, Self]:
        """Return the records that exist, by id (batched, 100 a call)."""
        wanted = {item_id for item_id in item_ids if ids.kind_of(item_id) == cls.kind}
        return {found.id: found for found in cls.many(wanted)}


def expect(record: Record, version: int | None) -> None:
    """Raise Stale unless the caller saw the present version (None: the caller does not care)."""
    if version is not None and record.version != version:
        raise errors.Stale


def index(hash_key: str, range_key: str, *, sorts: Attribute[Any] | None = None) -> GlobalSecondaryIndex[Any]:
    """Return a global index with all attributes, named by where it stands, for the question it answers:

    by_owner = index("owner_id", "listed")

    `sorts` is the attribute of `range_key` where that is no plain text of the same name.
    """
    keys = {
        hash_key: UnicodeAttribute(hash_key=True),
        range_key: sorts or UnicodeAttribute(range_key=True),
        "Meta": type("Meta", (), {"projection": AllProjection()}),
    }
    made: type[GlobalSecondaryIndex[Any]] = type("Index", (GlobalSecondaryIndex,), keys)
    return made()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `after` is the key to go on from, None at the end."""

    items: Sequence[T]
    after: dict[str, Any] | None = None


def page(
    query: Callable[..., Any],
    hash_key: str,
    *,
    limit: int,
    after: dict[str, Any] | None = None,
    between: Condition | None = None,
    newest_first: bool = True,
) -> Page[Any]:
    """Return one page of an index (``Lead.by_owner.query``): one query, and never a filter.

    A page is full, but where `limit` records are larger than one query reads (1 MB): so an answer
    stays far below what Lambda sends (6 MB). Invalid (field ``cursor``) when `after` is a place in
    another list than that of `hash_key`.
    """
    if after is not None and {"S": hash_key} not in after.values():
        raise errors.Invalid.one("cursor", "cursor")
    found = query(
        hash_key,
        range_key_condition=between,
        limit=limit,
        last_evaluated_key=after,
        scan_index_forward=not newest_first,
    )
    items = list(islice(found, 1))
    items += islice(found, max(0, found.total_count - 1))
    return Page(items, found.last_evaluated_key)


def all_of(query: Callable[..., Any], hash_key: str, **options: Any) -> list[Any]:
    """Return every item under one key of an index, for small sets (stages, rules, a team)."""
    return list(query(hash_key, **options))
