"""Money: exact whatever the currency, and no part of it lost or made."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from chalicelib.core.money import Money, allocate, exponent, exponents, times

minors = st.integers(-(10**17), 10**17)
currencies = st.sampled_from(sorted(exponents()))


def test_currencies_are_those_of_iso_4217() -> None:
    official = {each.code: each.exponent for each in Currency if each.exponent is not None}

    assert exponents() == official


@pytest.mark.parametrize(("code", "decimals"), [("CNY", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_a_currency_has_its_decimals(code: str, decimals: int) -> None:
    assert exponent(code) == decimals


@pytest.mark.parametrize("code", ["", "cny", "XXX", "RMB", "EURO"])
def test_what_is_no_currency_is_told_so(code: str) -> None:
    with pytest.raises(ValueError, match="no ISO 4217 currency"):
        exponent(code)


@given(minors, currencies)
def test_an_amount_is_written_and_read_without_loss(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.of(money.amount, currency) == money
    assert len(money.amount.partition(".")[2]) == exponent(currency)
    assert Fraction(money.amount) * 10 ** exponent(currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.005", "CNY"), ("1.5", "JPY"), ("NaN", "CNY"), ("Infinity", "CNY"), ("a lot", "CNY"), ("", "CNY")],
)
def test_what_is_no_exact_amount_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        Money.of(amount, currency)


@given(minors, minors, currencies)
def test_sums_are_exact(one: int, other: int, currency: str) -> None:
    assert Money(one, currency) + Money(other, currency) == Money(one + other, currency)


def test_two_currencies_make_no_sum() -> None:
    with pytest.raises(ValueError, match="USD cannot be added to CNY"):
        Money(1, "CNY") + Money(1, "USD")


@given(st.integers(-(10**15), 10**15), st.decimals(-1000, 1000, allow_nan=False, places=4))
def test_products_are_rounded_half_up_by_less_than_one_unit(minor: int, factor: Decimal) -> None:
    exact = Fraction(minor) * Fraction(factor)

    assert abs(times(minor, factor) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("minor", "factor", "rounded"), [(5, "0.5", 3), (-5, "0.5", -3), (15, "0.1", 2), (14, "0.1", 1)]
)
def test_a_half_goes_up_as_on_invoices(minor: int, factor: str, rounded: int) -> None:
    assert times(minor, Decimal(factor)) == rounded


@given(minors, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_shares_sum_to_the_whole_and_each_is_fair_to_a_unit(minor: int, weights: list[int]) -> None:
    shares = allocate(minor, weights)

    assert sum(shares) == minor
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(minor * weight, sum(weights))) < 1
        assert weight or not share


@pytest.mark.parametrize("weights", [[], [0, 0]])
def test_nothing_is_shared_among_nobody(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        allocate(100, weights)


@given(minors, st.decimals(0, 1, places=6))
def test_the_largest_amounts_are_rounded_exactly_too(minor: int, factor: Decimal) -> None:
    with localcontext() as wide:
        wide.prec = 60
        expected = int((minor * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    assert times(minor, factor) == expected
