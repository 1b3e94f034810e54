from datetime import date
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.forecasts.automatic import forecast, forecast_deals
from chalicelib.insight.forecasts.deals import Deal
from chalicelib.insight.forecasts.selection import Candidate

QUARTER = [900.0, 500.0, 1300.0]


def test_a_young_company_gets_a_range_and_is_told_why() -> None:
    young = forecast([1000.0, 700.0, 1200.0, 900.0])

    assert not young.enough_history
    assert young.shortage == "too_few_cutoffs"
    assert young.p50 is None
    assert young.p10[0] < young.expected[0] < young.p90[0]
    assert young.backtest.cutoffs == 1


def test_a_company_without_a_finished_month_gets_no_figure_at_all() -> None:
    newborn = forecast([], horizon=3)

    assert newborn.shortage == "no_finished_month"
    assert newborn.p10 == newborn.p90 == newborn.expected == ()
    assert newborn.p50 is None
    assert newborn.total is None


def test_a_company_that_sells_by_the_quarter_is_forecast_by_the_quarter() -> None:
    found = forecast(QUARTER * 5, horizon=3)

    assert found.method == "same_month_last_quarter"
    assert found.p50 == pytest.approx(QUARTER)
    assert found.backtest.wape == 0


def test_a_full_year_of_history_is_enough() -> None:
    found = forecast([1000.0 + 50 * (month % 5) for month in range(12)])

    assert found.enough_history
    assert found.backtest.cutoffs >= 6
    assert found.p50 == found.expected


def test_the_chosen_method_and_every_rival_show_their_backtest() -> None:
    found = forecast(QUARTER * 8)

    assert found.backtest in found.candidates
    assert {each.cutoffs for each in found.candidates} == {12}
    assert all(each.wape is not None and each.coverage is not None for each in found.candidates)


def test_a_pipeline_that_is_always_right_is_chosen() -> None:
    future = [float(month * month % 97) for month in range(1, 26)]
    oracle = Candidate("pipeline", lambda known, h: future[known : known + h], needs=3)

    found = forecast(future[:24], rivals=[oracle])

    assert found.method == "pipeline"
    assert found.p50 == (future[24],)


def test_a_forecast_of_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        forecast([1.0] * 12, horizon=0)


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=40), st.integers(1, 6))
def test_the_middle_lies_between_the_ends_and_nothing_below_zero(history: list[float], horizon: int) -> None:
    found = forecast(history, horizon)

    assert len(found.p10) == len(found.expected) == len(found.p90) == horizon
    for low, middle, high in zip(found.p10, found.expected, found.p90, strict=True):
        assert 0 <= low <= middle <= high
        assert isfinite(high)
    assert found.total is not None
    assert 0 <= found.total.p10 <= found.total.expected <= found.total.p90


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_next_months_figure_does_not_depend_on_how_far_one_looks(history: list[float]) -> None:
    one, three = forecast(history, 1), forecast(history, 3)

    assert one.method == three.method
    assert (one.p10, one.expected, one.p90) == (three.p10[:1], three.expected[:1], three.p90[:1])


def test_deals_won_make_the_history_and_open_ones_the_rivals() -> None:
    deals = [
        Deal(date(2024 + m // 12, m % 12 + 1, 3), date(2024 + m // 12, m % 12 + 1, 20), True, 5000)
        for m in range(18)
    ]

    found = forecast_deals(deals, date(2025, 6, 30), horizon=2)

    assert found.expected == pytest.approx((5000, 5000))
    assert {"age_hazard", "stage_conversion"} <= {each.method for each in found.candidates}


def test_a_month_that_is_not_over_is_not_history() -> None:
    deals = [Deal(date(2025, m, 1), date(2025, m, 9), True, 1000) for m in range(1, 8)]
    on_the_10th = forecast_deals(deals, date(2025, 7, 10))

    assert on_the_10th == forecast_deals(deals[:6], date(2025, 6, 30))
