"""A company with any number of deals, orders and receivables, written straight to the tables, and its
boards as they would be.

Members and months are the same at every size: what may grow with the records is only the records.
"""

import copy
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from chalicelib import house
from chalicelib.core import clock, ids
from chalicelib.core.access import SYSTEM
from chalicelib.core.attributes import plain, to_wire
from chalicelib.core.measures import contribution
from chalicelib.core.money import Money
from chalicelib.core.settings import table_name
from chalicelib.core.table import client, scan
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import service as revenue
from tests.client import COLLEAGUE, NORTH, REP, SOUTH, STRANGER

OWNERS = ((REP.id, NORTH), (COLLEAGUE.id, NORTH), (STRANGER.id, SOUTH))
CUSTOMERS = tuple(ids.derived("account", f"account_{0:026d}", str(number)) for number in range(40))
MONTHS = 24
#: What all deals share in, whatever their number: the sums have as many digits at every size, and
#: DynamoDB stores a byte for each two digits.
TURNOVER = 100_000_000
Item = dict[str, Any]


def seed(how_many: int) -> None:
    """Write deals of every stage, the closed ones over two years, as many orders and what is owed of them."""
    dice, share = random.Random(how_many), TURNOVER // how_many
    deals, sold = _deals(), _orders()
    owed = _receivables()
    _fill("opportunities", "opportunity", (_deal(n, deals, dice, share) for n in range(how_many)))
    _fill("orders", "order", (_order(n, sold, dice, share) for n in range(how_many)))
    _fill("revenue", "receivable", (_receivable(n, owed, dice, share) for n in range(how_many)))


def _fill(table: str, kind: str, made: Iterator[Item]) -> None:
    items = list(made)
    _write(table_name(table), items)
    _write(table_name("aggregates"), list(_boards(items, kind)))


def _deals() -> list[Item]:
    """Return deals as the house itself writes them: won, lost and open, one of each stage."""
    pipeline = opportunities.pipeline(None)
    today = clock.today()
    for number, stage in enumerate(pipeline.stages):
        closed = stage["type"] != "OPEN"
        opportunities.bring_in(
            external_id=f"sample:{number}",
            name="Press line 压力机",
            stage_id=stage["id"],
            owner_id=REP.id,
            team_id=NORTH,
            amount=Money(100_00, "CNY"),
            opened_on=today - timedelta(days=60),
            closed_on=today if closed else None,
            close_on=today,
            through=[(pipeline.stages[0]["id"], today - timedelta(days=60))] if closed else [],
            region="North",
            industry="retail",
            source="Web Site",
        )
    written = scan(table_name("opportunities"))
    return [plain(raw) for raw in written if raw["id"]["S"].startswith("opportunity_")]


def _deal(number: int, samples: Sequence[Item], dice: random.Random, share: int) -> Item:
    """Return a deal. Owners, stages and months take turns: a thousand deals already fill every row."""
    number, owner = divmod(number, len(OWNERS))
    number, stage = divmod(number, len(samples))
    deal, (owner_id, team_id) = copy.deepcopy(samples[stage]), OWNERS[owner]
    amount = {"minor": dice.randrange(100, 9_999) * share, "currency": "CNY"}
    item_id = ids.new("opportunity")
    listed = deal["listed"].replace(deal["id"], item_id)
    deal |= {"id": item_id, "owner_id": owner_id, "team_id": team_id, "amount": amount, "listed": listed}
    if "closed_on" in deal:
        closed = clock.today() - timedelta(days=30 * (number % MONTHS))
        opened = closed - timedelta(days=dice.randrange(5, 90))
        deal |= {"closed_on": closed.isoformat(), "opened_on": opened.isoformat()}
    return deal


def _orders() -> list[Item]:
    """Return orders as the house itself writes them: one paid, one still owed."""
    today = clock.today()
    for number, paid_on in enumerate((today, None)):
        orders.bring_in(
            external_id=f"sample:{number}",
            account_id=CUSTOMERS[0],
            currency="CNY",
            ordered_on=today,
            lines=[orders.PastLine(None, "Press line 压力机", 1, "100")],
            by=SYSTEM,
            paid_on=paid_on,
            owner_id=REP.id,
            team_id=NORTH,
        )
    written = scan(table_name("orders"))
    return [plain(raw) for raw in written if raw["id"]["S"].startswith("order_0")]


def _order(number: int, samples: Sequence[Item], dice: random.Random, share: int) -> Item:
    """Return an order. Owners, customers and months take turns, as with deals."""
    number, owner = divmod(number, len(OWNERS))
    number, paid = divmod(number, len(samples))
    order, (owner_id, team_id) = copy.deepcopy(samples[paid]), OWNERS[owner]
    minor, day = dice.randrange(100, 9_999) * share, clock.today() - timedelta(days=30 * (number % MONTHS))
    order |= {"id": ids.new("order"), "owner_id": owner_id, "team_id": team_id}
    order |= {"ordered_on": day.isoformat(), "account_id": CUSTOMERS[number % len(CUSTOMERS)]}
    order["listed"] = order["id"]
    for line in order["lines"]:
        line |= {"unit_price_minor": minor, "total_minor": minor}
    for part in (*order["payment_schedule"], *order["payments"]):
        part["amount_minor"] = minor
    return order


def _receivables() -> list[Item]:
    """Return what the house itself notes as owed of those orders: one paid, one open."""
    for raw in scan(table_name("orders")):
        revenue.follow(raw["id"]["S"])
    written = scan(table_name("revenue"))
    return [plain(raw) for raw in written if raw["id"]["S"].startswith("receivable_")]


def _receivable(number: int, samples: Sequence[Item], dice: random.Random, share: int) -> Item:
    """Return a receivable; due in any month from a year ago to a year to come."""
    number, owner = divmod(number, len(OWNERS))
    number, paid = divmod(number, len(samples))
    owed, (owner_id, team_id) = copy.deepcopy(samples[paid]), OWNERS[owner]
    due_on = (clock.today() + timedelta(days=30 * (number % MONTHS - MONTHS // 2))).isoformat()
    place = f"{due_on}_{number:09d}{owner}"
    owed |= {"id": ids.new("receivable"), "owner_id": owner_id, "team_id": team_id, "due_on": due_on}
    owed |= {"listed": f"receivable_{place}", "account_id": CUSTOMERS[number % len(CUSTOMERS)]}
    owed["amount"]["minor"] = dice.randrange(100, 9_999) * share
    if "open_since" in owed:
        owed["open_since"] = place
    else:
        owed["paid"] = owed["amount"]
    return owed


def _boards(items: Sequence[Item], kind: str) -> Iterator[Item]:
    measure = house.measures()[kind]
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    ranks: dict[tuple[str, str], str] = {}
    for item in items:
        counted = contribution(item, measure)
        ranks |= counted.ranks
        for key, numbers in counted.cells.items():
            for name, number in numbers.items():
                sums[key][name] += number
    for (board, row), numbers in sums.items():
        by = ranks.get((board, row))
        ranked = {"rank_board": board, "rank_by": by, "rank_value": numbers[by]} if by else {}
        yield {"board": board, "row": row, "steps": 1, **numbers, **ranked}


def _write(table: str, items: Sequence[Item]) -> None:
    batches = [items[start : start + 25] for start in range(0, len(items), 25)]

    def put(batch: Sequence[Item]) -> None:
        requests = [{"PutRequest": {"Item": to_wire(item)["M"]}} for item in batch]
        answer = client().batch_write_item(RequestItems={table: requests})
        if answer.get("UnprocessedItems"):
            raise RuntimeError("the emulator did not take a whole batch")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(put, batches))
