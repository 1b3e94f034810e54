"""Which price book wins, and which promotions count."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.catalog.offers import Market, by_precedence, holds
from chalicelib.sales.catalog.promotions import MOST_STACKED, Bought, best
from tests.sales.catalog.builders import DAY, book, product_id, promotion

EAST_GOLD_WEB = Market("CNY", DAY, grade="GOLD", channel="WEB", region="East")


@pytest.mark.parametrize(
    ("terms", "fits"),
    [
        ({}, True),
        ({"grades": ["GOLD", "SILVER"]}, True),
        ({"grades": ["SILVER"]}, False),
        ({"channels": ["WEB"], "regions": ["East"]}, True),
        ({"channels": ["WEB"], "regions": ["West"]}, False),
        ({"valid_from": DAY, "valid_until": DAY}, True),
        ({"valid_from": DAY + timedelta(1)}, False),
        ({"valid_until": DAY - timedelta(1)}, False),
        ({"currency": "USD"}, False),
    ],
)
def test_a_book_holds_for_whom_and_when_it_says(terms: dict[str, Any], fits: bool) -> None:
    assert holds(book(**terms), EAST_GOLD_WEB) is fits


def test_a_book_for_a_grade_does_not_hold_for_a_customer_without() -> None:
    assert not holds(book(grades=["GOLD"]), Market("CNY", DAY))


def test_the_most_specific_book_wins() -> None:
    weaker_to_stronger = [
        book(0),
        book(1),
        book(2, valid_from=date(2026, 1, 1)),
        book(3, valid_until=date(2026, 12, 31)),
        book(4, regions=["East"]),
        book(5, channels=["WEB"]),
        book(6, grades=["GOLD"]),
        book(7, channels=["WEB"], regions=["East"]),
        book(8, grades=["GOLD"], regions=["East"]),
        book(9, grades=["GOLD"], channels=["WEB"]),
        book(10, grades=["GOLD"], channels=["WEB"], regions=["East"]),
        book(11, grades=["GOLD"], channels=["WEB"], regions=["East"], valid_until=DAY),
    ]

    order = by_precedence(weaker_to_stronger, EAST_GOLD_WEB)

    assert [each.name for each in order] == [each.name for each in reversed(weaker_to_stronger)]


def _bought(price: int = 10_000, quantity: int = 2, **details: Any) -> Bought:
    given: dict[str, Any] = {"parent_id": None, "family": "Presses", "pieces_in_all": quantity, **details}
    return Bought(product_id=product_id(0), quantity=quantity, price=Fraction(price), **given)


def _taken(*promotions: Any, line: Bought | None = None) -> list[tuple[int, Fraction | int]]:
    found = best(promotions, line or _bought())
    return [(int(each.promotion.id[-1]), each.taken) for each in found]


def test_those_that_stack_take_off_what_the_one_before_has_left() -> None:
    tenth, fifth = (
        promotion(1, percent_bps=1_000, stackable=True),
        promotion(2, percent_bps=2_000, stackable=True),
    )
    amount = promotion(3, amount_minor=100, stackable=True)

    assert _taken(amount, tenth, fifth) == [
        (2, 2_000),
        (1, 800),
        (3, 200),
    ]


def test_one_that_goes_alone_counts_when_it_takes_more() -> None:
    stacked = [promotion(n, percent_bps=1_000, stackable=True) for n in (1, 2)]

    assert _taken(*stacked, promotion(3, percent_bps=1_900)) == [(1, 1_000), (2, 900)]
    assert _taken(*stacked, promotion(3, percent_bps=1_901)) == [(3, 1_901)]


@pytest.mark.parametrize(
    ("terms", "line", "goes"),
    [
        ({"families": ["Presses"]}, {}, True),
        ({"families": ["Dies"]}, {}, False),
        ({"families": ["Dies"]}, {"family": None}, False),
        ({"product_ids": [product_id(0)]}, {}, True),
        ({"product_ids": [product_id(7)]}, {}, False),
        ({"product_ids": [product_id(7)]}, {"parent_id": product_id(7)}, True),
        ({"least_quantity": 3}, {}, False),
        ({"least_quantity": 3}, {"pieces_in_all": 3}, True),
        ({"least_amount_minor": 10_001}, {}, False),
        ({"least_amount_minor": 10_000}, {}, True),
    ],
)
def test_a_promotion_goes_for_what_it_names(terms: Any, line: Any, goes: bool) -> None:
    assert bool(_taken(promotion(percent_bps=100, **terms), line=_bought(**line))) is goes


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.booleans(), st.booleans()), max_size=9),
    st.integers(0, 10**9),
)
def test_promotions_never_take_more_than_the_price_nor_less_than_the_best_alone(
    drawn: list[tuple[int, bool, bool]], price: int
) -> None:
    promotions = [
        promotion(n, **({"percent_bps": number} if percent else {"amount_minor": number}), stackable=stacks)
        for n, (number, percent, stacks) in enumerate(drawn)
    ]
    line = _bought(price)

    found = best(promotions, line)

    taken = sum(each.taken for each in found)
    assert taken <= price
    assert all(taken >= each.taken for one in promotions for each in best([one], line))
    assert len(found) <= MOST_STACKED
    assert best(reversed(promotions), line) == found


def test_of_too_many_that_stack_those_that_take_most_off_are_taken() -> None:
    small = [promotion(n, percent_bps=1, stackable=True) for n in range(MOST_STACKED)]
    large = promotion(9, amount_minor=100, stackable=True)

    assert (9, 200) in _taken(*small, large)
