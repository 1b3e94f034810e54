from math import isfinite, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.forecasts.methods import (
    METHODS,
    Method,
    damped_trend,
    mean_of_last_3,
    same_month_last_quarter,
    same_month_last_year,
    theta,
    theta_and_damped,
)
from chalicelib.insight.forecasts.seasons import is_seasonal, season_of

EVERY_METHOD = [pytest.param(method.forecast, id=name) for name, method in METHODS.items()]
amounts = st.floats(0, 1e12)
histories = st.lists(amounts, max_size=60)


def yearly(months: int, swing: float = 0.4) -> list[float]:
    return [1000 * (1 + swing * sin(2 * pi * month / 12)) for month in range(months)]


@pytest.mark.parametrize("method", EVERY_METHOD)
@pytest.mark.parametrize("months", range(1, 12))
def test_a_company_in_its_first_year_gets_an_answer(method: Method, months: int) -> None:
    figures = method([100.0 + 10 * month for month in range(months)], 6)

    assert len(figures) == 6
    assert all(isfinite(figure) and figure >= 0 for figure in figures)


@pytest.mark.parametrize("method", EVERY_METHOD)
def test_a_company_that_never_sold_is_forecast_to_sell_nothing(method: Method) -> None:
    assert method([], 3) == method([0.0], 3) == method([0.0] * 40, 3) == [0.0] * 3


@pytest.mark.parametrize("method", EVERY_METHOD)
@pytest.mark.parametrize("months", [1, 2, 7, 24, 50])
def test_steady_sales_stay_steady(method: Method, months: int) -> None:
    assert method([500.0] * months, 4) == pytest.approx([500.0] * 4)


@pytest.mark.parametrize("method", EVERY_METHOD)
@given(history=histories, horizon=st.integers(1, 18))
def test_no_history_makes_a_forecast_negative(method: Method, history: list[float], horizon: int) -> None:
    figures = method(history, horizon)

    assert len(figures) == horizon
    assert all(isfinite(figure) and figure >= 0 for figure in figures)


@pytest.mark.parametrize("method", EVERY_METHOD)
@given(history=st.lists(st.floats(1, 1e6), min_size=1, max_size=40))
def test_cents_and_euros_give_the_same_forecast(method: Method, history: list[float]) -> None:
    in_cents = method([100 * euros for euros in history], 3)

    assert in_cents == pytest.approx([100 * euros for euros in method(history, 3)], rel=1e-6)


def test_falling_sales_end_at_nothing_rather_than_below() -> None:
    falling = [float(value) for value in range(200, 0, -20)]

    assert min(theta(falling, 18)) == 0


def test_the_same_month_comes_from_a_year_or_a_quarter_ago() -> None:
    history = [float(month) for month in range(1, 25)]

    assert same_month_last_year(history, 14) == [*history[12:], 13.0, 14.0]
    assert same_month_last_quarter(history, 4) == [22.0, 23.0, 24.0, 22.0]
    assert mean_of_last_3(history, 2) == [23.0, 23.0]


def test_the_combination_is_the_mean_of_its_parts() -> None:
    history = yearly(40)
    parts = zip(theta(history, 6), damped_trend(history, 6), strict=True)

    assert theta_and_damped(history, 6) == pytest.approx([sum(pair) / 2 for pair in parts])


@pytest.mark.parametrize("method", [theta, damped_trend, theta_and_damped])
def test_a_season_of_four_years_is_carried_on(method: Method) -> None:
    future = yearly(54)[48:]

    assert method(yearly(48), 6) == pytest.approx(future, rel=0.05)


def test_a_season_of_two_years_is_believed_by_half() -> None:
    young, old = season_of(yearly(24), 12), season_of(yearly(60), 12)

    assert young is not None
    assert old is not None
    assert max(young.index) == pytest.approx(max(old.index) ** 0.5, rel=0.02)


def test_no_season_is_claimed_below_two_years() -> None:
    assert season_of(yearly(23), 12) is None


def test_months_without_sales_are_given_a_season_to_add() -> None:
    december_only = [0.0] * 11 + [1200.0]

    season = season_of(december_only * 4, 12)

    assert season is not None
    assert season.additive
    assert max(range(12), key=lambda month: season.index[month]) == 11


@given(st.lists(st.floats(0, 1e6), min_size=24, max_size=60))
def test_a_season_taken_out_and_put_back_changes_nothing(history: list[float]) -> None:
    season = season_of(history, 12)

    assert season is not None
    assert season.restore(season.remove(history), start=0) == pytest.approx(history, abs=1e-3)


def test_a_trend_alone_is_not_a_season() -> None:
    assert not is_seasonal([5.0] * 48, 12)
    assert is_seasonal(yearly(48), 12)
