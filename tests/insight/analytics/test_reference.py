"""8,800 real deals: every figure equals the reference, computed with pandas, to its last digit."""

from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.core import boards
from chalicelib.insight.analytics import service
from chalicelib.insight.analytics.periods import Group
from chalicelib.sales.opportunities import service as opportunities
from tests.client import OPERATIONS
from tests.insight.analytics import maven

EVER = service.Span("2016-01", "2017-12")


@pytest.fixture(autouse=True)
def _boards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the boards from this process; nothing else of the figures is any different."""
    stages = [{"id": each, "type": "OPEN", "names": {"en": each}} for each in maven.OPEN_STAGES]
    pipeline = SimpleNamespace(id=maven.PIPELINE, stages=stages)
    monkeypatch.setattr(boards, "read", maven.read)
    monkeypatch.setattr(boards, "top", maven.top)
    monkeypatch.setattr(opportunities, "pipeline", lambda _: pipeline)


def sales(by: str = "team", group: Group = "none") -> service.Table[service.SalesLine]:
    """Return the sales of both years by a dimension."""
    return service.sales(service.Asked(by=by, span=EVER, group=group), who=OPERATIONS)


def dollars(line: service.SalesLine) -> int:
    """Return a line's revenue in whole dollars."""
    assert line.revenue.minor % 100 == 0
    return line.revenue.minor // 100


def rounded(figure: Any, places: int) -> str:
    """Return a decimal text with as many decimals as the reference shows."""
    return str(Decimal(figure).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def test_row_1_deals_by_stage() -> None:
    asked = service.Asked(by="team", span=EVER)

    funnel = service.funnel(None, asked, who=OPERATIONS, language="en")
    [total] = sales().totals

    standing = {stage.stage_id: stage.count for stage in funnel.stages}
    assert standing == {"Prospecting": 500, "Engaging": 1589}
    assert (total.won, total.lost) == (4238, 2473)
    assert sum(standing.values()) + total.won + total.lost == 8800


def test_row_2_win_rate() -> None:
    [total] = sales().totals

    assert (total.win_rate.part, total.win_rate.whole) == (4238, 6711)
    assert total.win_rate.percent == "63.1501"


def test_row_3_revenue_and_deal_value() -> None:
    [total] = sales().totals
    value = service.spread(EVER, who=OPERATIONS, currency="USD").deal_value
    shown = {name: getattr(point, "amount", point) for name, point in value.items()}

    assert total.revenue.amount == "10005534.00"
    assert total.mean_deal is not None
    assert rounded(total.mean_deal.amount, 3) == "2360.909"
    assert shown["count"] == 4238
    assert shown["mean"] == total.mean_deal.amount
    assert (shown["median"], shown["min"], shown["max"]) == ("1117.000000", "38.000000", "30288.000000")


def test_row_4_cycle_days() -> None:
    spread = service.spread(EVER, who=OPERATIONS, currency="USD")
    [total] = sales().totals

    assert [rounded(each["mean"], 3) for each in (spread.cycle, spread.won_cycle, spread.lost_cycle)] == [
        "47.985",
        "51.782",
        "41.479",
    ]
    assert (spread.cycle["median"], spread.won_cycle["median"], spread.lost_cycle["median"]) == (
        "45.0000",
        "57.0000",
        "14.0000",
    )
    assert (spread.cycle["min"], spread.cycle["max"]) == ("1.0000", "138.0000")
    quantiles = [spread.won_cycle[name] for name in ("p10", "p25", "p75", "p90")]
    assert quantiles == ["5.0000", "9.0000", "88.0000", "106.0000"]
    assert (total.won_cycle.value, total.lost_cycle.value) == (
        spread.won_cycle["mean"],
        spread.lost_cycle["mean"],
    )


def test_rows_5_and_6_quarters() -> None:
    quarters = sales(group="quarter").totals

    assert [(line.period, dollars(line), line.won) for line in quarters] == [
        ("2017-Q1", 1_134_672, 531),
        ("2017-Q2", 3_086_111, 1254),
        ("2017-Q3", 2_982_255, 1257),
        ("2017-Q4", 2_802_496, 1196),
    ]
    rates = [Decimal(line.win_rate.percent or 0) / 100 for line in quarters]
    assert [rounded(rate, 4) for rate in rates] == ["0.8207", "0.6171", "0.6141", "0.6025"]


def test_row_7_months() -> None:
    months = sales(group="month").totals

    assert [line.period for line in months] == [f"2017-{month:02d}" for month in range(3, 13)]
    revenue = "1134672 721932 1025713 1338466 696932 1050059 1235264 731980 938943 1131573"
    assert [dollars(line) for line in months] == [int(each) for each in revenue.split()]
    assert [line.won for line in months] == [531, 285, 438, 531, 308, 446, 503, 279, 406, 511]


def test_row_8_regions() -> None:
    regions = [
        (line.name, dollars(line), line.won, line.win_rate.whole, rounded(line.win_rate.percent, 2))
        for line in sales("region").rows
    ]

    assert regions == [
        ("West", 3_568_647, 1438, 2249, "63.94"),
        ("Central", 3_346_293, 1629, 2604, "62.56"),
        ("East", 3_090_594, 1171, 1858, "63.02"),
    ]


def test_row_9_managers() -> None:
    assert [(line.name, dollars(line)) for line in sales("team").rows] == [
        ("Melvin Marxen", 2_251_930),
        ("Summer Sewald", 1_964_750),
        ("Rocco Neubert", 1_960_545),
        ("Celia Rouche", 1_603_897),
        ("Cara Losch", 1_130_049),
        ("Dustin Brinkmann", 1_094_363),
    ]


def test_row_10_agents() -> None:
    agents = sales("owner").rows
    top = [(line.name, dollars(line), line.won, line.win_rate.whole) for line in agents[:3]]
    by_rate = sorted(agents, key=lambda line: Decimal(line.win_rate.percent or 0))

    assert top == [
        ("Darcel Schlecht", 1_153_214, 349, 553),
        ("Vicki Laflamme", 478_396, 221, 347),
        ("Kary Hendrixson", 454_298, 209, 335),
    ]
    worst, best = by_rate[0], by_rate[-1]
    assert (best.name, best.won, best.win_rate.whole) == ("Hayden Neloms", 107, 152)
    assert (worst.name, worst.won, worst.win_rate.whole) == ("Lajuana Vencill", 127, 231)
    assert [rounded(line.win_rate.percent, 2) for line in (agents[0], best, worst)] == [
        "63.11",
        "70.39",
        "54.98",
    ]


def test_row_11_products() -> None:
    assert [(line.name, dollars(line), line.won) for line in sales("product").rows] == [
        ("GTX Pro", 3_510_578, 729),
        ("GTX Plus Pro", 2_629_651, 479),
        ("MG Advanced", 2_216_387, 654),
        ("GTX Plus Basic", 705_275, 653),
        ("GTX Basic", 499_263, 915),
        ("GTK 500", 400_612, 15),
        ("MG Special", 43_768, 793),
    ]


def test_row_12_sectors() -> None:
    sectors = [(line.name, dollars(line)) for line in sales("industry").rows]

    assert sectors[:3] == [("retail", 1_867_528), ("technolgy", 1_515_487), ("medical", 1_359_595)]


@pytest.mark.parametrize("year", [None, "2017"])
def test_row_13_accounts(year: str | None) -> None:
    shown = service.customers(who=OPERATIONS, year=year, currency="USD", limit=3)

    assert [(row.account_id, row.revenue.minor // 100, row.won) for row in shown.rows] == [
        ("Kan-code", 341_455, 115),
        ("Konex", 269_245, 108),
        ("Condax", 206_410, 105),
    ]
    assert shown.customers_won == 85
