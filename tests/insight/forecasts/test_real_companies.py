"""Real months and real deals: the pass marks are those of the reference figures beside the data."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from statistics import fmean

import pytest

from chalicelib.insight.forecasts import accuracy
from chalicelib.insight.forecasts.automatic import Forecast, forecast, forecast_deals
from chalicelib.insight.forecasts.deals import Deal, last_day, month_of, won_by_month
from tests.insight.forecasts.data import Series, m3_monthly, maven_deals

MONTHS_AHEAD = 18
JUNE = month_of(date(2017, 6, 1))
CUTOFFS = range(JUNE, JUNE + 6)


@pytest.fixture(scope="module")
def m3() -> list[tuple[Series, Forecast]]:
    return [(series, forecast(series[0], horizon=MONTHS_AHEAD)) for series in m3_monthly().values()]


def mean(values: Iterable[float | None]) -> float:
    return fmean(value for value in values if value is not None)


def test_real_monthly_series_are_forecast_as_well_as_the_best_simple_methods(
    m3: list[tuple[Series, Forecast]],
) -> None:
    smape = mean(accuracy.smape(actuals, found.expected) for (_, actuals), found in m3)
    mase = mean(accuracy.mase(actuals, found.expected, past) for (past, actuals), found in m3)

    assert len(m3) >= 714
    assert smape <= 14.0
    assert mase <= 0.87


def test_the_range_holds_about_eight_of_ten_real_months(m3: list[tuple[Series, Forecast]]) -> None:
    held = mean(accuracy.coverage(actuals, found.p10, found.p90) for (_, actuals), found in m3)

    assert 0.75 <= held <= 0.85


def test_the_coverage_shown_is_about_the_coverage_had(m3: list[tuple[Series, Forecast]]) -> None:
    assert mean(found.backtest.coverage for _, found in m3) == pytest.approx(0.8, abs=0.05)


def test_the_deals_are_the_published_ones() -> None:
    first, revenue = won_by_month(maven_deals(), JUNE + 6)

    assert first == month_of(date(2017, 3, 1))
    assert sum(revenue) == 1_000_553_400
    assert revenue[:2] == [113_467_200, 72_193_200]


def test_next_months_revenue_is_missed_by_at_most_a_tenth() -> None:
    first, revenue = won_by_month(maven_deals(), JUNE + 6)
    found = [forecast_deals(maven_deals(), last_day(cutoff)) for cutoff in CUTOFFS]
    actuals = [revenue[cutoff + 1 - first] for cutoff in CUTOFFS]

    missed = accuracy.wape(actuals, [each.expected[0] for each in found])

    assert missed is not None
    assert missed <= 0.10
    assert [each.enough_history for each in found] == [False] * 5 + [True]


def test_the_pipeline_takes_part_once_it_has_two_quarters_behind_it() -> None:
    found = forecast_deals(maven_deals(), date(2017, 12, 31))

    tried = {each.method: each for each in found.candidates}

    assert tried["age_hazard"].cutoffs == tried["stage_conversion"].cutoffs == 4
    assert all((tried[name].wape or 1) < 0.5 for name in ("age_hazard", "stage_conversion"))


@pytest.mark.parametrize("cutoff", [JUNE, JUNE + 4])
def test_a_forecast_of_a_past_day_is_the_one_given_on_that_day(cutoff: int) -> None:
    day = last_day(cutoff)

    def as_known(deal: Deal) -> Deal:
        if deal.closed is None or deal.closed <= day:
            return deal
        return replace(deal, closed=None, won=False, won_minor=None)

    known = [as_known(d) for d in maven_deals() if d.opened is None or d.opened <= day]

    assert forecast_deals(known, day, horizon=3) == forecast_deals(maven_deals(), day, horizon=3)
