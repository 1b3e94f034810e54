"""What a request did to the tables: told so that two requests of the same kind can be compared."""

import json
import os
import re
from typing import Any, Final

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.core.attributes import plain
from chalicelib.core.guards import Guard

#: What differs between two requests of the same kind: ids, digests, numbers of documents, of names.
_OWN: Final = (
    (re.compile(r"[0-9A-HJKMNP-TV-Z]{26}"), "^"),
    (re.compile(r"[0-9a-f]{64}|[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), "#"),
    (re.compile(r"-\d{6}\b"), "-#"),
    (re.compile(r"\b([Nn]o)\d+"), r"\1#"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z"), "now"),
    (re.compile(r"X-Amz-[A-Za-z]+=[^&\"]+"), "signed"),
)
#: Guards whose state is no effect of a verb: that of the key itself; series may have gaps.
_ASIDE: Final = ("idempotency|", "number|")
_GUARDS: Final = Guard.Meta.table_name

Held = dict[tuple[str, str], dict[str, Any]]


def held() -> Held:
    """Return every item of every table of this process, by table and key."""
    found: Held = {}
    for name, table in dynamodb_backends[DEFAULT_ACCOUNT_ID][os.environ["AWS_DEFAULT_REGION"]].tables.items():
        for stored in table.all_items():
            item = plain(stored.to_json()["Attributes"])
            key = str(item.get("id") or (item["board"], item["row"]))
            if not (name == _GUARDS and key.startswith(_ASIDE)):
                found[name, key] = item
    return found


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
    shown = {name: value for name, value in item.items() if name not in ("expires", "note")}
    return neutral(json.dumps([table, key, shown | grown], sort_keys=True, default=str))


def neutral(text: str) -> str:
    """Return a text without what is each request's own."""
    for pattern, instead in _OWN:
        text = pattern.sub(instead, text)
    return text
