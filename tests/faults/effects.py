"""What a request did to the tables: told so that two requests of the same kind can be compared."""

import json
import os
import re
from collections.abc import Iterator
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.core.attributes import plain
from chalicelib.core.guards import Guard
from chalicelib.core.table import client, scan

#: What differs between two requests of the same kind: secrets, phones, ids, digests, steps, numbers of
#: documents and names, months of the last century.
_OWN: Final = (
    (re.compile(r"gAAAA[A-Za-z0-9_-]+=*"), "sealed"),
    (re.compile(r"\+861380013\d{4}"), "+#"),
    (re.compile(r"[0-9A-HJKMNP-TV-Z]{26}"), "^"),
    (re.compile(r"(?:[0-9a-f]{32}){1,2}|[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), "#"),
    (re.compile(r"-\d{6}\b"), "-#"),
    (re.compile(r"\b([Nn]o)\d+"), r"\1#"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z?"), "now"),
    (re.compile(r"\b19\d\d-\d\d\b"), "long ago"),
    (re.compile(r"X-Amz-[A-Za-z]+=[^&\"]+"), "signed"),
)
#: Guards whose state is no effect of a verb: that of the key itself; series may have gaps.
_ASIDE: Final = ("idempotency|", "number|")
_GUARDS: Final = Guard.Meta.table_name
#: What two equal effects may differ in: into how many steps changes went on their way into the figures.
_UNTOLD: Final = ("expires", "note", "steps", "writes")

Held = dict[tuple[str, str], dict[str, Any]]


def held() -> Held:
    """Return every item of every table, by table and key."""
    found: Held = {}
    for table, raw in _emulated() if "AWS_ENDPOINT_URL" in os.environ else _in_process():
        item = plain(raw)
        key = str(item.get("id") or (item["board"], item["row"]))
        if not (table == _GUARDS and key.startswith(_ASIDE)):
            found[table, key] = item
    return found


def _in_process() -> Iterator[tuple[str, dict[str, Any]]]:
    region = dynamodb_backends[DEFAULT_ACCOUNT_ID][os.environ["AWS_DEFAULT_REGION"]]
    for name, table in region.tables.items():
        for item in table.all_items():
            yield name, item.to_json()["Attributes"]


def _emulated() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in client().list_tables()["TableNames"]:
        for raw in scan(name):
            yield name, raw


def effect(before: Held, after: Held) -> list[str]:
    """Return what was written between two looks, without what is each request's own.

    Of what was there before, versions and counts are told by how much they grew.
    """
    told = [_told(table, key, {}, before[table, key]) for table, key in before.keys() - after.keys()]
    for (table, key), item in after.items():
        if item != before.get((table, key)):
            told.append(_told(table, key, item, before.get((table, key), {})))
    return sorted(told)


def _told(table: str, key: str, item: dict[str, Any], was: dict[str, Any]) -> str:
    grown = {name: item[name] - was.get(name, 0) for name in ("version", "n") if name in item}
    shown = {name: value for name, value in item.items() if name not in _UNTOLD}
    return neutral(json.dumps([table, key, shown | grown], sort_keys=True, default=str))


def neutral(text: str) -> str:
    """Return a text without what is each request's own."""
    for pattern, instead in _OWN:
        text = pattern.sub(instead, text)
    return text
