"""Put items back: ``python -m infra.restore --stage S --table leads --from COPY [--missing] [--item ID …]``.

COPY is a table restored from a backup or a point in time under a name of its own. Without a choice
it only tells which items are missing and which differ. ``--missing`` puts back what is gone,
``--item`` one that was damaged. Each comes back as a new version, so that the streams log and
count it like any other change; nothing that changes meanwhile is overwritten.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.acting import act_for, asked

RawItem = Mapping[str, Any]


def main() -> None:
    """Run the command. Exit status 1 when something chosen was not put back."""
    parser = asked(__doc__)
    parser.add_argument("--table", required=True, help="the domain's: leads, orders, …")
    parser.add_argument("--from", required=True, dest="copy", help="the table that was restored beside it")
    parser.add_argument("--missing", action="store_true", help="put back every item that is gone")
    parser.add_argument(
        "--item", action="append", default=[], metavar="ID", help="put back this item as it was"
    )
    given = parser.parse_args()
    act_for(given.stage)

    from chalicelib.core.settings import table_name  # heavy: read from the stage

    failed = 0
    for each in differences(table_name(given.table), given.copy):
        chosen = each.id in given.item or (given.missing and each.now is None)
        done = put_back(table_name(given.table), each) if chosen else None
        failed += done is False
        what = "missing" if each.now is None else "differs"
        print(f"{each.id}  {what}{'' if done is None else '  put back' if done else '  changed meanwhile'}")
    raise SystemExit(1 if failed else 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """An item as the copy has it (`then`), and as it is `now`; None when it is gone."""

    id: str
    then: RawItem
    now: RawItem | None


def differences(table: str, copy: str) -> Iterator[Difference]:
    """Yield the items of the copy that the table has not, or has otherwise."""
    from chalicelib.core.table import client, scan  # heavy: reads the stage's settings

    for then in scan(copy):
        key = {"id": then["id"]}
        now = client().get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        if now != then:
            yield Difference(then["id"]["S"], then, now)


def put_back(table: str, found: Difference) -> bool:
    """Write an item as it was, as its next version; False when it changed since it was looked at."""
    from chalicelib.core import access, clock  # heavy: likewise
    from chalicelib.core.table import client  # heavy: likewise

    item = {name: value for name, value in found.then.items() if name != "step"}
    item |= {
        "version": {"N": str(_last_version(found) + 1)},
        "updated_at": {"S": clock.iso(clock.now())},
        "updated_by": {"S": access.SYSTEM.id},
    }
    request: dict[str, Any] = {"TableName": table, "Item": item}
    if found.now is None:
        request["ConditionExpression"] = "attribute_not_exists(id)"
    else:
        request["ConditionExpression"] = "version = :seen"
        request["ExpressionAttributeValues"] = {":seen": found.now["version"]}
    try:
        client().put_item(**request)
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _last_version(found: Difference) -> int:
    """Return the highest version the item ever had: the log may know of one after the copy's."""
    from chalicelib.core.changelog import history  # heavy: likewise

    known = [int(each["version"]["N"]) for each in (found.then, found.now) if each]
    logged = [int(line.version) for line in history(found.id, limit=1).items]
    return max(known + logged)


if __name__ == "__main__":
    main()
