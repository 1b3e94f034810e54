"""Rounding: never more than half a unit away, and one rule for each currency."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.rounding import WHOLE, rounded, share
from chalicelib.core.settings import settings

exact = st.fractions(min_value=-(10**20), max_value=10**20, max_denominator=10**9)


@pytest.fixture
def swedish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that rounds kronor to the even neighbour."""
    monkeypatch.setenv("SALESTREAM_HALF_EVEN", "SEK, ILS")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@given(exact)
def test_rounding_moves_an_amount_by_half_a_unit_at_most(amount: Fraction) -> None:
    assert abs(rounded(amount, "CNY") - amount) <= Fraction(1, 2)


@given(st.integers(-(10**18), 10**18))
def test_halves_go_away_from_zero(whole: int) -> None:
    assert rounded(whole + Fraction(1, 2), "CNY") == (whole + 1 if whole >= 0 else whole)


@given(whole=st.integers(-(10**18), 10**18))
def test_halves_go_to_the_even_neighbour_where_the_installation_says_so(swedish: None, whole: int) -> None:
    assert rounded(whole + Fraction(1, 2), "SEK") % 2 == 0
    assert rounded(Fraction(5, 2), "SEK") == 2
    assert rounded(Fraction(5, 2), "CNY") == 3


@given(st.integers(0, 10**18), st.integers(0, WHOLE))
def test_a_share_is_never_more_than_the_whole(minor: int, bps: int) -> None:
    assert 0 <= share(minor, bps, "CNY") <= minor
    assert share(minor, WHOLE, "CNY") == minor
