"""The arithmetic of orders: lines, parts that go out, parts that come in."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders import pricing
from chalicelib.sales.orders.balance import Balance, balance, filled, payment_status, settlement
from chalicelib.sales.orders.collecting import one_instalment
from chalicelib.sales.orders.lifecycle import ORDER, status_of
from chalicelib.sales.orders.lines import Line, totals
from chalicelib.sales.orders.returns import Return, first_day, returnable
from chalicelib.sales.orders.shipping import Shipment, open_quantities, require_within, shipped

BPS = st.integers(0, 10_000)
LINES = st.builds(
    Line,
    number=st.just(1),
    product_id=st.none(),
    name=st.just("Press"),
    quantity=st.integers(1, 1_000_000),
    unit_price=st.builds(Money, st.integers(0, 10**15), st.just("CNY")),
    discount_bps=BPS,
    tax_bps=BPS,
)


def line(number: int, quantity: int, minor: int = 100) -> Line:
    return Line(number, None, "Press", quantity, Money(minor, "CNY"))


def test_a_line_is_rounded_half_up_once_for_discount_and_once_for_tax() -> None:
    seven = Line(1, None, "Die", 7, Money(333, "CNY"), discount_bps=1_250, tax_bps=1_300)

    assert seven.discount.minor == 291  # 12.5 % of 23.31 is 2.91375
    assert seven.net.minor == 2_040
    assert seven.tax.minor == 265  # 13 % of 20.40 is 2.652
    assert seven.total == Money(2_305, "CNY")


def test_half_a_minor_unit_goes_up() -> None:
    assert Line(1, None, "Die", 1, Money(5, "JPY"), tax_bps=1_000).tax.minor == 1


@given(LINES)
def test_a_line_is_exact_and_never_negative(one: Line) -> None:
    gross = one.unit_price.minor * one.quantity

    assert 0 <= one.discount.minor <= gross
    assert one.net.minor + one.discount.minor == gross
    assert one.total.minor == one.net.minor + one.tax.minor
    assert one.discount.minor == floor(Fraction(gross * one.discount_bps, 10_000) + Fraction(1, 2))
    assert Line.of_row(one.row(), "CNY") == one


@given(st.lists(LINES, max_size=20))
def test_totals_are_the_sums_of_the_lines(lines: list[Line]) -> None:
    sums = totals(lines, "CNY")

    assert sums.total.minor == sum(one.total.minor for one in lines)
    assert sums.net + sums.tax == sums.total


@given(
    st.integers(0, 10**12),
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10**9)), min_size=1, max_size=16),
)
def test_the_order_of_a_deal_has_its_amount_and_its_pieces_to_the_last_unit(
    amount: int, sold: list[tuple[int, int]]
) -> None:
    asked = [{"product_id": "product_1", "quantity": pieces, "amount_minor": minor} for pieces, minor in sold]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalog, "known", lambda _: {})
        lines = pricing.of_deal(name="Deal", amount=Money(amount, "CNY"), lines=asked)

    assert sum(one["unit_price"].minor * one["quantity"] for one in lines) == amount
    assert sum(one["quantity"] for one in lines) == sum(pieces for pieces, _ in sold)


def test_a_deal_without_lines_is_one_line() -> None:
    [only] = pricing.of_deal(name="Maintenance", amount=Money(500, "CNY"), lines=[])

    assert only == {"name": "Maintenance", "quantity": 1, "unit_price": Money(500, "CNY")}


def test_what_is_open_is_what_was_ordered_and_has_not_gone_out() -> None:
    lines = [line(1, 10), line(2, 5)]
    gone = [Shipment("s-1", date(2026, 11, 1), {1: 4, 2: 5}), Shipment("s-2", date(2026, 11, 2), {1: 1})]

    assert shipped(gone) == {1: 5, 2: 5}
    assert open_quantities(lines, gone) == {1: 5}
    require_within({1: 5}, {1: 5}, code="more_than_open")
    with pytest.raises(errors.Invalid) as refused:
        require_within({1: 5}, {1: 6, 2: 1, 9: 1}, code="more_than_open")
    assert [(wrong.field, wrong.values["left"]) for wrong in refused.value.errors] == [
        ("lines.0.quantity", 5),
        ("lines.1.quantity", 0),
        ("lines.2.quantity", 0),
    ]


@given(st.lists(st.integers(0, 10**9), max_size=12), st.integers(0, 10**10))
def test_money_settles_the_first_instalments_first(due: list[int], paid: int) -> None:
    parts = list(filled(due, paid))

    assert sum(parts) == min(paid, sum(due))
    assert all(part <= amount for part, amount in zip(parts, due, strict=True))
    short = [position for position, part in enumerate(parts) if part < due[position]]
    assert not any(parts[position] for position in range(len(parts)) if short and position > short[0])


def test_without_an_agreed_schedule_all_of_it_is_due_on_one_day() -> None:
    [only] = one_instalment(Money(500, "CNY"), start=date(2026, 11, 22), days=30)

    assert (only.due_on, only.amount) == (date(2026, 12, 22), Money(500, "CNY"))


@pytest.mark.parametrize(
    ("owed", "came_in", "went_back", "status"),
    [
        (100, 0, 0, "UNPAID"),
        (100, 1, 0, "PARTLY_PAID"),
        (100, 100, 0, "PAID"),
        (100, 101, 0, "OVERPAID"),
        (100, 101, 1, "PAID"),
        (0, 0, 0, "PAID"),
        (0, 100, 0, "OVERPAID"),
        (0, 100, 100, "REFUNDED"),
    ],
)
def test_the_payment_status_follows_from_the_money(
    owed: int, came_in: int, went_back: int, status: str
) -> None:
    sums = Balance(owed, came_in, went_back)

    assert payment_status(sums, active=True, cancelled=False) == status
    assert payment_status(sums, active=False, cancelled=False) == "UNPAID"


MINOR = st.integers(0, 10**9)
PAYMENT = st.fixed_dictionaries(
    {
        "amount_minor": MINOR,
        "taken_back_on": st.sampled_from([None, None, None, "2026-11-22"]),
        "instalment": st.none() | st.integers(1, 5),
    }
)


@given(
    st.lists(MINOR, min_size=5, max_size=8),
    st.lists(PAYMENT, max_size=8),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_every_minor_unit_that_came_in_settles_an_instalment_or_is_the_customers(
    agreed: list[int], payments: list[dict[str, Any]], kept: int, back: int
) -> None:
    came = sum(row["amount_minor"] for row in payments if not row["taken_back_on"])
    owed = sum(agreed) * kept // 100
    sums = Balance(owed, came, refunded=max(0, came - owed) * back // 100)

    made = settlement(instalments=[{"amount_minor": minor} for minor in agreed], payments=payments, sums=sums)

    assert sum(made.due) == sums.owed
    assert sum(made.paid) == sums.settled
    assert sum(made.spare) == sums.credit
    assert sums.received == sums.settled + sums.refunded + sums.credit
    assert sums.owed == sums.settled + sums.open
    assert all(0 <= paid <= due for paid, due in zip(made.paid, made.due, strict=True))
    given_by = [sum(part.values()) + spare for part, spare in zip(made.parts, made.spare, strict=True)]
    assert all(
        minor <= (0 if row["taken_back_on"] else row["amount_minor"])
        for minor, row in zip(given_by, payments, strict=True)
    )


@given(LINES, st.lists(st.integers(0, 10**6), max_size=5))
def test_part_by_part_a_line_is_owed_less_by_all_of_it(one: Line, parts: list[int]) -> None:
    lines, returns, left = [one.row()], [], one.quantity
    owed = [one.total.minor]
    for part in (*parts, one.quantity):
        returns.append({"lines": [{"number": 1, "quantity": min(part, left)}]})
        left -= min(part, left)
        sums = balance(lines=lines, returns=returns, payments=(), refunds=(), cancelled=False)
        owed.append(sums.owed)

    assert owed == sorted(owed, reverse=True)
    assert owed[-1] == 0


@dataclass
class Facts:
    """An order's facts, nothing happened yet."""

    submitted_at: Any = None
    approved_at: Any = None
    activated_on: Any = None
    completed_on: Any = None
    is_cancelled: bool = False
    balance: Balance = field(default_factory=lambda: Balance(1_000, 0, 0))
    lines: list[Line] = field(default_factory=lambda: [line(1, 10)])
    shipments: list[Shipment] = field(default_factory=list)


HALF, REST = (Shipment(name, date(2026, 11, 1), {1: 5}) for name in ("s-1", "s-2"))
STORY: list[tuple[str, dict[str, Any]]] = [
    ("DRAFT", {}),
    ("IN_APPROVAL", {"submitted_at": 1}),
    ("APPROVED", {"approved_at": 1}),
    ("ACTIVATED", {"activated_on": 1}),
    ("PARTIALLY_SHIPPED", {"shipments": [HALF]}),
    ("SHIPPED", {"shipments": [HALF, REST]}),
    ("COMPLETED", {"completed_on": 1}),
]


def test_each_fact_leads_to_the_next_status() -> None:
    facts = Facts()
    for status, happened in STORY:
        for name, value in happened.items():
            setattr(facts, name, value)
        assert status_of(facts) == status


def test_every_status_of_the_vocabulary_is_drawn() -> None:
    drawn = {
        status
        for move in ORDER.moves.values()
        for status in f"{move.origin} {move.target}".replace("=", "").split()
    }

    assert drawn == {status for status, _ in STORY} | {"CANCELLED"}


def test_what_has_come_back_counts_as_the_oldest_that_went_out() -> None:
    sent = [Shipment("s-1", date(2026, 11, 1), {1: 5}), Shipment("s-2", date(2026, 11, 20), {1: 5})]
    back = [Return("r-1", date(2026, 11, 21), {1: 3}, Money(300, "CNY"), "Broken", restocked=True)]

    assert returnable(sent, back) == {1: 7}
    assert returnable(sent, back, since=date(2026, 11, 20)) == {1: 5}
    assert returnable(sent, back, since=date(2026, 11, 21)) == {}


def test_the_days_for_a_return_begin_with_the_delivery_and_end_when_it_is_told() -> None:
    sent = [Shipment("s-1", date(2026, 11, 1), {1: 5}, delivered_on=date(2026, 11, 9))]
    last, monday = date(2026, 11, 16), date(2026, 11, 19)

    assert returnable(sent, [], since=first_day(last, 7, today=monday)) == {1: 5}
    assert returnable(sent, [], since=first_day(last, 7, today=date(2026, 11, 20))) == {}
    assert returnable(sent, [], since=first_day(date(2026, 11, 17), 7, today=monday)) == {}
    assert first_day(date(2026, 11, 17), None, today=monday) is None
