"""Figures are exact: they agree with what a statistician's tools say, and with themselves."""

import statistics
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.money import Money
from chalicelib.insight.analytics.figures import Mean, Share, decimal_text, mean_amount
from chalicelib.insight.analytics.spread import QUANTILES, distribution


def test_a_share_shows_its_two_numbers_and_four_decimals() -> None:
    assert Share(4238, 6711).percent == "63.1501"


def test_nothing_to_divide_by_is_no_figure() -> None:
    assert Share(0, 0).percent is None
    assert Mean(0, 0).value is None
    assert mean_amount(Money(0, "CNY"), 0) is None


def test_a_mean_amount_has_four_decimals_more_than_its_currency() -> None:
    yuan, yen = mean_amount(Money(1000, "CNY"), 3), mean_amount(Money(1000, "JPY"), 3)

    assert yuan is not None
    assert yuan.amount == "3.333333"
    assert yen is not None
    assert yen.amount == "333.3333"


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(0, 6))
def test_decimal_text_rounds_half_away_from_zero(number: int, divisor: int, places: int) -> None:
    exact = Fraction(number, divisor)

    shown = Fraction(decimal_text(exact, places))

    assert abs(shown - exact) <= Fraction(1, 2 * 10**places)
    assert not decimal_text(exact, places).startswith("-0.0000000")


@given(st.decimals(-(10**6), 10**6, places=6))
def test_decimal_text_is_what_commerce_rounds_to(number: Decimal) -> None:
    expected = number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    assert Decimal(decimal_text(Fraction(number), 2)) == expected


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=300))
def test_quantiles_interpolate_as_statistics_do(values: list[int]) -> None:
    spread = distribution(Counter(values))

    deciles = statistics.quantiles([Fraction(value) for value in values], n=20, method="inclusive")
    for name, place in {"p10": 1, "p25": 4, "median": 9, "p75": 14, "p90": 17}.items():
        assert spread.quantiles[name] == deciles[place]
    assert spread.mean == Fraction(sum(values), len(values))
    assert spread.quantiles["min"] == min(values)
    assert spread.quantiles["max"] == max(values)


def test_one_value_is_every_quantile() -> None:
    assert set(distribution({45: 1}).quantiles.values()) == {Fraction(45)}


@pytest.mark.parametrize("name", ["mean", *QUANTILES])
def test_no_values_have_no_quantile(name: str) -> None:
    assert distribution({}).points()[name] is None
