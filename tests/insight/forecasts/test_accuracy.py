import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.forecasts import accuracy

amounts = st.floats(0, 1e9)
pairs = st.lists(st.tuples(amounts, amounts), min_size=1, max_size=24)


def test_a_month_without_a_sale_still_counts_in_the_weighted_error() -> None:
    assert accuracy.wape([100, 0, 300], [80, 40, 300]) == pytest.approx(60 / 400)
    assert accuracy.mape([100, 0, 300], [80, 40, 300]) == pytest.approx(0.1)


def test_too_high_a_forecast_has_a_bias_above_zero() -> None:
    assert accuracy.bias([100, 100], [130, 90]) == pytest.approx(0.1)
    assert accuracy.bias([100, 100], [70, 110]) == pytest.approx(-0.1)


def test_forecasting_half_is_no_more_accurate_than_forecasting_half_too_much() -> None:
    assert accuracy.accuracy(100, 50) == accuracy.accuracy(100, 150) == 0.5


def test_accuracy_never_falls_below_zero() -> None:
    assert accuracy.accuracy(100, 500) == 0


def test_what_cannot_be_measured_is_not_known_rather_than_perfect() -> None:
    assert accuracy.wape([0, 0], [10, 10]) is None
    assert accuracy.bias([0, 0], [10, 10]) is None
    assert accuracy.mape([0], [1]) is None
    assert accuracy.accuracy(0, 10) is None
    assert accuracy.smape([], []) is None
    assert accuracy.mase([1], [2], history=[5] * 24) is None
    assert accuracy.mase([1], [2], history=[5, 6]) is None
    assert accuracy.coverage([], [], []) is None


def test_repeating_last_year_scores_one_against_itself() -> None:
    history = [float(month % 12 + 10 * (month // 12)) for month in range(36)]
    actuals = [value + 10 for value in history[-12:]]

    assert accuracy.mase(actuals, history[-12:], history) == pytest.approx(1)


def test_symmetric_error_follows_the_competition_formula() -> None:
    assert accuracy.smape([100, 0], [300, 0]) == pytest.approx((200 * 200 / 400 + 0) / 2)


def test_the_ends_of_a_range_lie_inside_it() -> None:
    assert accuracy.coverage([1, 2, 3, 4], [1, 1, 1, 1], [3, 3, 3, 3]) == 0.75


def test_figures_and_forecasts_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        accuracy.wape([1, 2], [1])


@given(pairs)
def test_no_bias_is_larger_than_the_error(figures: list[tuple[float, float]]) -> None:
    actuals, forecasts = zip(*figures, strict=True)
    error, bias = accuracy.wape(actuals, forecasts), accuracy.bias(actuals, forecasts)

    assert (error is None) == (bias is None)
    if error is not None and bias is not None:
        assert abs(bias) <= error * (1 + 1e-9)


@given(pairs)
def test_symmetric_error_stays_between_0_and_200(figures: list[tuple[float, float]]) -> None:
    actuals, forecasts = zip(*figures, strict=True)
    error = accuracy.smape(actuals, forecasts)

    assert error is not None
    assert 0 <= error <= 200 + 1e-9
