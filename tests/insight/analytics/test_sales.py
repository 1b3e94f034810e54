"""Why deals are lost, against whom, and who has the credit of those won."""

from typing import Any

import pytest

from chalicelib.core.measures import Cell
from chalicelib.core.money import Money
from chalicelib.sales.opportunities import service as deals
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, Client
from tests.insight.analytics.boards import fill
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal_to_win
from tests.streams import Stream


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def test_every_line_says_what_deals_were_lost_for_the_most_frequent_reason_first(client: Client) -> None:
    why = {"lost_for.price.count": 1, "lost_for.price.amount": 50, "lost_for.timing.count": 2}
    fill([Cell("sales|team", f"2026-02|{NORTH}|CNY", {"lost_count": 4, "lost_for.-.count": 1, **why})])

    shown = client.get("/analytics/sales", by=MANAGER, query={"from": "2026-01"}).json

    for line in (*shown["rows"], *shown["totals"]):
        assert [(each["reason"], each["count"]) for each in line["lost_reasons"]] == [
            ("timing", 2),
            ("price", 1),
            (None, 1),
        ]
    assert shown["rows"][0]["lost_reasons"][1]["amount"] == {"amount": "0.50", "currency": "CNY"}


def test_sales_are_read_by_competitor_and_by_the_credit_that_people_have(
    client: Client, stream: Stream
) -> None:
    deal = a_deal_to_win(amount=Money(100_01, "CNY"))
    competitors = [{"name": "Acme"}]
    deals.amend(deal.id, competitors=competitors, version=None, by=REP)
    deals.set_member(deal.id, COLLEAGUE.id, role="PRESALES", split_percent=30, version=None, by=REP)
    deals.win(deal.id, version=None, by=REP)
    stream.drain()

    def read(by: str, who: Any) -> list[Any]:
        rows = client.get("/analytics/sales", by=who, query={"by": by}).json["rows"]
        return [(row["member"], row["won"], row["revenue"]["amount"]) for row in rows]

    assert read("competitor", OPERATIONS) == [("Acme", 1, "100.01")]
    assert read("split", COLLEAGUE) == [(COLLEAGUE.id, 1, "30.00")]
    assert read("split", MANAGER) == [(REP.id, 1, "70.01"), (COLLEAGUE.id, 1, "30.00")]
    assert client.get("/analytics/sales", by=MANAGER, query={"by": "competitor"}).status == 403
