"""The spread of amounts is exact although only few of them are read."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.core.measures import Cell
from chalicelib.insight.analytics import service
from chalicelib.insight.analytics.spread import MOST_BUCKETS, _ranks, distribution
from tests.client import OPERATIONS
from tests.insight.analytics.boards import calls, fill
from tests.memory import fresh_tables

SPAN = service.Span("2026-01", "2026-12")


def deal(minor: int, days: int, month: str) -> list[Cell]:
    """Return the cells of a deal won, as the board's layout has them."""
    bucket = f"{len(str(minor)):02d}{str(minor)[:2]}"
    return [
        Cell("sales|team", f"{month}|-|CNY", {"won_count": 1, "won_amount": minor}),
        Cell("spread|days|won", f"{month}|{days:05d}", {"count": 1}),
        Cell("spread|amount|CNY", f"{month}|{bucket}", {"count": 1}),
        Cell(f"spread|amount|CNY|{bucket}", f"{month}|{minor:015d}", {"count": 1}),
    ]


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 400), st.integers(1, 12)), max_size=25))
def test_amounts_read_by_bucket_spread_as_all_of_them_do(deals: list[tuple[int, int, int]]) -> None:
    with mock_aws():
        fresh_tables()
        for minor, days, month in deals:
            fill(deal(minor, days, f"2026-{month:02d}"))

        with calls() as counted:
            shown = service.spread(SPAN, who=OPERATIONS, currency="CNY")

    expected = distribution(Counter(minor for minor, _, _ in deals))
    assert shown.deal_value == expected.amounts("CNY")
    assert shown.cycle == distribution(Counter(days for _, days, _ in deals)).days()
    assert counted["Query"] <= 16
    assert counted.keys() <= {"Query"}


def test_another_month_is_another_spread(tables: None) -> None:
    fill([*deal(5, 1, "2025-12"), *deal(700_00, 40, "2026-01")])

    shown = service.spread(SPAN, who=OPERATIONS, currency="CNY")

    assert shown.deal_value["count"] == 1
    assert shown.won_cycle["median"] == "40.0000"
    assert shown.lost_cycle == {"count": 0} | dict.fromkeys(
        ("mean", "min", "p10", "p25", "median", "p75", "p90", "max")
    )


def test_whatever_the_number_of_deals_no_more_ranks_are_read_than_there_are_buckets_for() -> None:
    assert max(len(_ranks(count)) for count in range(400)) == MOST_BUCKETS
