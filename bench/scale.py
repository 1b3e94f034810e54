"""DynamoDB calls and capacity units of what people do all day, with a thousand and with many records.

Those of `MUST_NOT_GROW` must cost the same at every size: what a dashboard, a page of a list or a
reservation reads does not grow with the data. Only the sums that it reads grow by a digit for each tenfold:
by that, what lies just below a step of 4 KB may cross it, once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.session import get_session

from bench import prices, stock
from bench.meter import Bill, metered
from bench.seed import seed
from chalicelib import house
from chalicelib.core import changes
from chalicelib.core.settings import table_name
from chalicelib.organisation.people import directory
from tests import emulator
from tests.client import OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import LI, a_form, token

Tell = Callable[[str], None]
Operation = Callable[[], Any]


def growth(address: str, sizes: tuple[int, ...], tell: Tell) -> bool:
    """Measure every operation at every size; return whether those that must not grow did not."""
    bills = {size: _at(address, size, tell) for size in sizes}
    small, large = bills[sizes[0]], bills[sizes[-1]]
    flat = True
    for name in small:
        must = name in MUST_NOT_GROW
        verdict = _verdict(small[name], large[name]) if must else ""
        flat = flat and verdict != GROWS
        for size in sizes:
            tell(f"  {name:16s} {size:>9,d} records  {bills[size][name]}  {verdict}")
    return flat


def _verdict(small: Bill, large: Bill) -> str:
    if large.total_calls != small.total_calls or large.reads > small.reads + STEP:
        return GROWS
    return "same at both" if large.reads == small.reads else "same but for digits"


GROWS = "GROWS"
#: What 4 KB more cost that are read as they stand by now, in capacity units.
STEP = 0.5
MUST_NOT_GROW = {
    "list of 50",
    "funnel",
    "sales dashboard",
    "forecast",
    "orders of a rep",
    "orders by month",
    "buyers",
    "ageing",
    "overdue",
    "order placement",
    "reservation",
    "availability",
    "stock movement",
    "price of 10",
    "quote of 10",
}


def _at(address: str, size: int, tell: Tell) -> dict[str, Bill]:
    with emulator.pointed_at(address), Client.open() as client:
        directory.forget()
        hire_everybody()
        tell(f"  loading {size:,d} deals, orders and receivables …")
        seed(size)
        bills = _measured(_operations(client))
        bills["change counted"] = _counted()
        return bills | _measured(stock.operations(client)) | _measured(prices.operations(client))


def _measured(operations: Mapping[str, Operation]) -> dict[str, Bill]:
    bills = {}
    for name, operation in operations.items():
        operation()  # warm: what a process keeps (people, forms) is not read again
        with metered() as bill:
            reply = operation()
        if reply.status >= 300:
            raise RuntimeError(f"{name}: {reply.status} {reply.text}")
        bills[name] = bill
    return bills


def _operations(client: Client) -> dict[str, Operation]:
    form = a_form(client)
    ready = iter([token(client, form) for _ in range(2)])
    board = {"by": "owner", "from": "2025-01", "to": "2026-12", "group": "month"}
    deals = iter(_open_deals(client))

    def move() -> Any:
        deal = next(deals)
        path = f"/opportunities/{deal['id']}/advance"
        return client.post(path, {"stage_id": "needs_analysis"}, by=REP, match=deal["version"])

    def post() -> Any:
        return client.post(f"/forms/{form['id']}/submissions", {**LI, "token": next(ready)})

    def get(path: str, **query: Any) -> Operation:
        return lambda: client.get(path, by=OPERATIONS, query=query)

    return {
        "form post": post,
        "stage move": move,
        "list of 50": lambda: client.get("/opportunities", by=REP, query={"limit": 50}),
        "funnel": get("/analytics/funnel", by="owner"),
        "sales dashboard": get("/analytics/sales", **board),
        "forecast": get("/forecasts/outlook"),
        "orders of a rep": lambda: client.get("/orders", by=REP, query={"limit": 50}),
        "orders by month": get("/analytics/orders", **board),
        "buyers": get("/analytics/orders/customers"),
        "ageing": get("/receivables/ageing"),
        "overdue": lambda: client.get("/receivables/overdue", by=OPERATIONS, query={"limit": 50}),
    }


def _open_deals(client: Client) -> list[dict[str, Any]]:
    found = client.get("/opportunities", by=REP, query={"limit": 200}).json["items"]
    return [deal for deal in found if deal["stage_id"] == "qualification"]


def _counted() -> Bill:
    """Return what the last stage move above costs to log, to count and to react to."""
    record = _last_move()
    with metered() as bill:
        answer = changes.deliver({"Records": [record]}, house.house())
    if answer["batchItemFailures"]:
        raise RuntimeError("the change was not counted")
    return bill


def _last_move() -> dict[str, Any]:
    streams: Any = get_session().create_client("dynamodbstreams")
    [stream] = streams.list_streams(TableName=table_name("opportunities"))["Streams"]
    at = {"StreamArn": stream["StreamArn"]}
    [shard] = streams.describe_stream(**at)["StreamDescription"]["Shards"]
    start = {**at, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    place, moves = streams.get_shard_iterator(**start)["ShardIterator"], []
    while place and (page := streams.get_records(ShardIterator=place))["Records"]:
        moves += [record for record in page["Records"] if record["dynamodb"].get("OldImage")]
        place = page.get("NextShardIterator")
    return {**moves[-1], "eventSourceARN": stream["StreamArn"]}
