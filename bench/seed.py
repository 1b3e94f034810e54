"""A company with any number of deals, written straight to the tables, and its boards as they would be.

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
from chalicelib.core.attributes import plain, to_wire
from chalicelib.core.measures import contribution
from chalicelib.core.money import Money
from chalicelib.core.settings import table_name
from chalicelib.core.table import client, scan
from chalicelib.sales.opportunities import service as opportunities
from tests.client import COLLEAGUE, NORTH, REP, SOUTH, STRANGER

OWNERS = ((REP.id, NORTH), (COLLEAGUE.id, NORTH), (STRANGER.id, SOUTH))
MONTHS = 24
#: What all deals share in, whatever their number: the sums have as many digits at every size, and
#: DynamoDB stores a byte for each two digits.
TURNOVER = 100_000_000
Item = dict[str, Any]


def seed(how_many: int) -> None:
    """Write deals of every stage, the closed ones over two years; and what the boards say of them."""
    dice, samples = random.Random(how_many), _samples()
    deals = [_deal(number, samples, dice, TURNOVER // how_many) for number in range(how_many)]
    _write(table_name("opportunities"), deals)
    _write(table_name("aggregates"), list(_boards(deals)))


def _samples() -> list[Item]:
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


def _boards(deals: Sequence[Item]) -> Iterator[Item]:
    measure = house.measures()["opportunity"]
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for deal in deals:
        for key, numbers in contribution(deal, measure).cells.items():
            for name, number in numbers.items():
                sums[key][name] += number
    for (board, row), numbers in sums.items():
        yield {"board": board, "row": row, "steps": 1, **numbers}


def _write(table: str, items: Sequence[Item]) -> None:
    batches = [items[start : start + 25] for start in range(0, len(items), 25)]

    def put(batch: Sequence[Item]) -> None:
        requests = [{"PutRequest": {"Item": to_wire(item)["M"]}} for item in batch]
        answer = client().batch_write_item(RequestItems={table: requests})
        if answer.get("UnprocessedItems"):
            raise RuntimeError("the emulator did not take a whole batch")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(put, batches))
