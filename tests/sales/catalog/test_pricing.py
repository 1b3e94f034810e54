"""Prices, whatever is asked for: they are explained to the last minor unit, and nobody gains by tricks."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.catalog.pricing import MOST_LINES, reckoned
from chalicelib.sales.catalog.shelf import Shelf
from chalicelib.sales.catalog.steps import PricedLine
from tests.sales.catalog.builders import price, product, product_id, promotion, shelf

minors = st.integers(0, 10**9)
basis_points = st.integers(0, 10_000)
tiers = st.dictionaries(st.integers(2, 200), minors, max_size=4)


@st.composite
def shelves(draw: st.DrawFn) -> Shelf:
    """Draw three products, a fourth with options, a fifth that bundles them; prices and promotions."""
    plain = [product(n, draw(minors), cost=Money(draw(minors), "CNY")) for n in range(3)]
    choices = [{"product_id": product_id(n), "least": 1, "most": 9} for n in range(3)]
    group = {"id": "extras", "names": {"en": "Extras"}, "least": 0, "most": 3, "choices": choices}
    machine = product(3, draw(minors), option_groups=[group])
    parts = [
        {"product_id": product_id(n), "quantity": n + 1, "least": n + 1, "most": n + 1} for n in range(3)
    ]
    bundle = product(4, draw(minors), components=parts, price_from_components=draw(st.booleans()))
    priced = [n for n in range(5) if draw(st.booleans())]
    prices = {product_id(n): [price(product_id(n), {1: draw(minors), **draw(tiers)})] for n in priced}
    promotions = [
        promotion(n, percent_bps=draw(basis_points), stackable=draw(st.booleans()))
        if draw(st.booleans())
        else promotion(n, amount_minor=draw(minors), stackable=draw(st.booleans()), least_quantity=n * 3 + 1)
        for n in range(draw(st.integers(0, 4)))
    ]
    return shelf([*plain, machine, bundle], prices=prices, promotions=promotions)


@st.composite
def asked(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw lines: products, configured ones, bundles, services, each with or without a discount."""
    return [_asked(draw) for _ in range(draw(st.integers(1, 6)))]


def _asked(draw: st.DrawFn) -> dict[str, Any]:
    line: dict[str, Any] = {"quantity": draw(st.integers(1, 500)), "discount_bps": draw(basis_points)}
    number = draw(st.integers(0, 5))
    if number == 5:
        return line | {
            "name": draw(st.sampled_from(["Delivery 运费", "Training"])),
            "unit_price": _money(draw),
        }
    if number == 3:
        chosen = draw(st.sets(st.integers(0, 2)))
        line["options"] = [{"product_id": product_id(n), "quantity": n + 1} for n in sorted(chosen)]
    if draw(st.booleans()):
        line["unit_price"] = _money(draw)
    return line | {"product_id": product_id(number)}


def _money(draw: st.DrawFn) -> Money:
    return Money(draw(minors), "CNY")


def _net(lines: list[PricedLine]) -> int:
    return sum(line.net.minor for line in lines)


@given(shelves(), asked(), st.integers(0, 10_000))
def test_the_steps_sum_to_the_price_which_is_never_below_nothing(
    found: Shelf, lines: list[dict[str, Any]], part: int
) -> None:
    before = reckoned(lines, found)
    discount = Money(_net(before) * part // 10_000, "CNY")

    after = reckoned(lines, found, discount=discount)

    assert _net(after) == _net(before) - discount.minor
    for line in after:
        assert line.net.minor == sum(step.minor for step in line.steps) >= 0
        assert line.before_discount.minor >= 0
        assert all(abs(step.minor) <= len(line.steps) for step in line.steps if step.kind == "ROUNDING")
        if not {"DISCOUNT", "WHOLE_DISCOUNT"} & {step.kind for step in line.steps}:
            assert line.before_discount == line.net


@given(shelves(), asked(), st.randoms(use_true_random=False), st.integers(0, 10_000))
def test_the_order_of_lines_does_not_matter(
    found: Shelf, lines: list[dict[str, Any]], dice: Any, part: int
) -> None:
    discount = Money(_net(reckoned(lines, found)) * part // 10_000, "CNY")
    shuffled = list(lines)
    dice.shuffle(shuffled)

    def told(priced: list[PricedLine]) -> Counter[Any]:
        return Counter((line.product_id, line.name, line.quantity, line.net) for line in priced)

    assert told(reckoned(lines, found, discount=discount)) == told(
        reckoned(shuffled, found, discount=discount)
    )


@given(shelves(), asked())
def test_what_a_bundle_holds_sums_to_its_price(found: Shelf, lines: list[dict[str, Any]]) -> None:
    for line in reckoned(lines, found):
        if line.product_id == product_id(4):
            assert [part.quantity for part in line.contents] == [n * line.quantity for n in (1, 2, 3)]
            assert sum(part.amount.minor for part in line.contents) == line.net.minor


@given(tiers, minors, st.integers(1, 300), st.integers(1, 300))
def test_a_price_follows_its_tiers(steps: dict[int, int], first: int, one: int, other: int) -> None:
    configured = {1: first, **steps}
    found = shelf([product(0)], prices={product_id(0): [price(product_id(0), configured)]})
    fewer, more = sorted((one, other))

    def unit(quantity: int) -> int:
        [line] = reckoned([{"product_id": product_id(0), "quantity": quantity}], found)
        assert line.net.minor == line.unit_price.minor * quantity
        return line.unit_price.minor

    assert unit(fewer) == configured[max(start for start in configured if start <= fewer)]
    falling = [minor for _, minor in sorted(configured.items())]
    if falling == sorted(falling, reverse=True):
        assert unit(more) <= unit(fewer)


@given(st.integers(1, 100), st.integers(1, 100))
def test_cutting_a_line_in_two_changes_no_tier(one: int, other: int) -> None:
    found = shelf([product(0)], prices={product_id(0): [price(product_id(0), {1: 900, 50: 700, 120: 650})]})

    whole = reckoned([{"product_id": product_id(0), "quantity": one + other}], found)
    cut = reckoned([{"product_id": product_id(0), "quantity": n} for n in (one, other)], found)

    assert _net(cut) == _net(whole)


def test_a_price_is_explained_from_the_book_to_the_rounding() -> None:
    press = product(0, 120_000, family="Presses", cost=Money(60_000, "CNY"))
    tag = price(press.id, {1: 100_001, 10: 95_001})
    autumn = promotion(1, percent_bps=333, families=["Presses"])
    found = shelf([press], prices={press.id: [tag]}, promotions=[autumn])

    [line] = reckoned([{"product_id": press.id, "quantity": 10, "discount_bps": 1_250}], found)

    told = [(step.kind, step.minor, step.source_id) for step in line.steps]
    assert told == [
        ("BOOK", 1_000_010, tag.id),
        ("TIER", -50_000, tag.id),
        ("PROMOTION", -31_635, autumn.id),  # 31,635.333
        ("DISCOUNT", -114_796, None),  # 114,796.833…
        ("ROUNDING", -1, None),
    ]
    assert line.net == Money(803_578, "CNY")  # 803,577.8…
    assert line.cost == Money(600_000, "CNY")
    assert line.steps[3].detail == {"bps": 1_250}


def test_an_agreed_price_is_a_discount_from_everybodys_price() -> None:
    [line] = reckoned(
        [{"product_id": product_id(0), "quantity": 3, "unit_price": Money(9_000, "CNY")}],
        shelf([product(0, 10_000)]),
    )

    assert [(step.kind, step.minor) for step in line.steps] == [("LIST", 30_000), ("DISCOUNT", -3_000)]
    assert (line.before_discount.minor, line.net.minor) == (30_000, 27_000)


def test_a_bundle_may_cost_what_it_holds() -> None:
    parts = [{"product_id": product_id(n), "quantity": 2, "least": 0, "most": 5} for n in (0, 1)]
    kit = product(2, 1, components=parts, price_from_components=True)
    costs = [Money(300, "CNY"), Money(50, "CNY")]
    found = shelf([product(0, 1_000, cost=costs[0]), product(1, 100, cost=costs[1]), kit])
    wanted = [{"product_id": product_id(0), "quantity": 1}]

    [line] = reckoned([{"product_id": kit.id, "quantity": 3, "components": wanted}], found)

    assert line.unit_price.minor == 1_000 + 2 * 100
    assert [(step.kind, step.minor) for step in line.steps] == [("COMPONENT", 3_000), ("COMPONENT", 600)]
    assert [(part.quantity, part.amount.minor) for part in line.contents] == [(3, 3_000), (6, 600)]
    assert line.cost == Money(3 * (300 + 2 * 50), "CNY")


def test_what_has_no_price_in_the_currency_is_sold_at_a_price_agreed_which_nothing_measures() -> None:
    dollars = product(0, currency="USD", cost=Money(70, "USD"))
    found = shelf([dollars], promotions=[promotion(percent_bps=5_000)])

    [line] = reckoned(
        [
            {
                "product_id": product_id(0),
                "quantity": 3,
                "unit_price": Money(100, "CNY"),
                "discount_bps": 1_000,
            }
        ],
        found,
    )

    assert [(step.kind, step.minor) for step in line.steps] == [("GIVEN", 300), ("DISCOUNT", -30)]
    assert (line.uncompared, line.cost, line.before_discount.minor) == (("price", "cost"), None, 300)


def test_pieces_on_other_lines_of_the_document_count_to_a_tier() -> None:
    tiers = {product_id(0): [price(product_id(0), {1: 100, 10: 80})]}
    asked = [{"product_id": product_id(0), "quantity": 4}]

    for beside, net in ((5, 400), (6, 320)):
        [line] = reckoned(asked, shelf([product(0)], prices=tiers), beside={product_id(0): beside})
        assert line.net.minor == net


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = shelf([product(0), product(1, currency="USD"), product(2, axes=["colour"])])
    lines: list[dict[str, Any]] = [
        {"product_id": product_id(9), "quantity": 1},
        {"product_id": product_id(1), "quantity": 1},
        {"product_id": product_id(2), "quantity": 1},
        {"quantity": 1},
        {"product_id": product_id(0), "quantity": 1, "unit_price": Money(1, "USD")},
        {"product_id": product_id(0), "quantity": 1_000_000, "unit_price": Money(10**13, "CNY")},
        {
            "product_id": product_id(0),
            "quantity": 1,
            "options": [{"product_id": product_id(1), "quantity": 1}],
        },
    ]

    with pytest.raises(errors.Invalid) as refused:
        reckoned(lines, found)

    assert {(each.field, each.code) for each in refused.value.errors} == {
        ("lines.0.product_id", "unknown_reference"),
        ("lines.1.product_id", "no_price"),
        ("lines.2.product_id", "choose_variant"),
        ("lines.3.name", "missing"),
        ("lines.3.unit_price", "missing"),
        ("lines.4.unit_price", "currency_mismatch"),
        ("lines.5.quantity", "beyond_reckoning"),
        ("lines.6.options.0.product_id", "no_option"),
    }


@pytest.mark.parametrize(
    ("discount", "code"),
    [(Money(10_001, "CNY"), "more_than_price"), (Money(1, "USD"), "currency_mismatch")],
    ids=["more than all", "another currency"],
)
def test_no_more_comes_off_the_whole_than_it_costs(discount: Money, code: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        reckoned([{"product_id": product_id(0), "quantity": 1}], shelf([product(0)]), discount=discount)

    assert [(each.field, each.code) for each in refused.value.errors] == [("discount", code)]


def test_a_document_has_an_end() -> None:
    lines = [{"product_id": product_id(0), "quantity": 1}] * (MOST_LINES + 1)

    with pytest.raises(errors.Invalid) as refused:
        reckoned(lines, shelf([product(0)]))

    assert [each.code for each in refused.value.errors] == ["too_many_lines"]
