"""What happens by itself: payments are counted, customers graded, falls told, figures moved."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest

from chalicelib.core import boards, changelog, clock, due
from chalicelib.core.attributes import plain
from chalicelib.core.changelog import Change
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.sales.credit import service as credit
from chalicelib.sales.credit.models import CreditHistory, CreditProfile, history_id, profile_id
from chalicelib.sales.credit.reactions import order_moved
from chalicelib.sales.orders import service as orders
from chalicelib.sales.orders.models import Order
from tests import permissions
from tests.client import FINANCE, REP
from tests.sales.credit.builders import decided, limit
from tests.sales.orders.builders import Shop, activated, open_shop, paid
from tests.streams import Stream, sweep

FIRST: Final = clock.start_of(date(2026, 3, 2)) + timedelta(hours=9)
#: An order of one press: 1,000.00 CNY in two instalments.
HALF: Final = 50_000


@pytest.fixture
def shop(tables: None) -> Iterator[Shop]:
    with clock.at(FIRST):
        yield open_shop()


def day(number: int) -> Any:
    """Return the morning of a day, counted from the first."""
    return clock.at(FIRST + timedelta(days=number))


def in_two_parts(shop: Shop) -> Order:
    """Return an order that is due in halves, 30 and 60 days from now."""
    parts = [
        {"due_on": clock.today() + timedelta(days=days), "amount": Money(HALF, "CNY")} for days in (30, 60)
    ]
    lines = [{"product_id": shop.press_id, "quantity": 1}]
    return activated(shop, lines=lines, payment_schedule=parts)


def night() -> None:
    """Let the night's work of credit be done, by whom it is done."""
    with permissions.acting_as("nightly"):
        credit.regrade_everybody()


def grade(shop: Shop) -> str:
    return credit.standing(shop.account_id).grade


def tell(order: Order) -> Change:
    """Tell credit of an order as it is now, as the stream does."""
    image = plain(order.serialize())
    change = Change("order", order.id, image["version"], None, image, image["updated_at"])
    order_moved(change)
    return change


def test_an_instalment_paid_late_lowers_the_grade_and_the_owner_is_told(shop: Shop, stream: Stream) -> None:
    decided(B=limit(300_000), C=limit(20_000))
    order = in_two_parts(shop)
    stream.drain()
    assert board() == {"B|CNY": {"profiles": 1, "exposure": 2 * HALF, "limit": 300_000}}

    with day(42):
        paid(order, HALF)
        stream.drain()
        [told] = activities.tasks(who=REP, owner_id=REP.id, limit=50).items

    profile = credit.standing(shop.account_id).profile
    assert profile.facts.counts == {
        "settled": 1, "settled_late": 1, "days_late": 12,
        "paid": {"CNY": HALF}, "paid_late": {"CNY": HALF}, "open": {"CNY": HALF},
    }  # fmt: skip
    late = next(each for each in profile.reasons if each["values"]["grade"] == "B")
    assert late == {"code": "credit_days_late", "values": {"found": 12, "bound": 10, "grade": "B"}}
    assert ("B 降为 C" in told.title, told.account_id) == (True, shop.account_id)
    assert board() == {"C|CNY": {"profiles": 1, "exposure": HALF, "limit": 20_000}}

    log = changelog.history(profile.id, limit=10).items
    fall = next(each for each in log if "grade" in each.fields and each.before)
    assert {"reasons", "facts"} <= set(fall.fields)
    assert (fall.before["grade"], fall.after["grade"], fall.by) == ("B", "C", "system")


def board() -> dict[str, Any]:
    return {row: numbers for row, numbers in boards.read("credit|grade").items() if any(numbers.values())}


def test_what_is_not_paid_is_overdue_from_the_next_morning_and_lowers_the_grade_by_itself(
    shop: Shop,
) -> None:
    order = in_two_parts(shop)
    tell(order)
    expected = due.minute(clock.start_of(order.payment_schedule[0].due_on + timedelta(days=1)))
    assert CreditHistory.fetch(history_id(order.id)).due_minute == expected

    morning_after(30)

    with day(31):
        assert credit.standing(shop.account_id).profile.facts.overdue == {"CNY": HALF}
        assert grade(shop) == "C"


def morning_after(number: int) -> None:
    """Let the schedule run as the day after begins."""
    sweep(clock.start_of(date(2026, 3, 2) + timedelta(days=number + 1)))


def test_the_night_counts_overdue_days_until_it_is_paid_and_writes_nothing_else(shop: Shop) -> None:
    order = paid(in_two_parts(shop), HALF)
    for each in (order, paid(in_two_parts(shop), 2 * HALF)):
        tell(each)
    morning_after(60)
    with day(61):
        night()
        version = credit.standing(shop.account_id).profile.version
        night()
        assert credit.standing(shop.account_id).profile.version == version
        assert grade(shop) == "D"  # all of what is open is overdue

    with day(75):
        tell(paid(order, HALF, "bank-2"))
        assert grade(shop) == "B"  # fifteen days late in four instalments

        decided(B={"most_days_late": 3})
        night()
        assert grade(shop) == "C"


def test_a_change_that_comes_again_or_late_is_counted_once(shop: Shop) -> None:
    order = in_two_parts(shop)
    first = tell(order)
    with day(42):
        second = tell(paid(order, HALF))
        before = CreditProfile.fetch(profile_id(shop.account_id))

        for change in (second, first, second):
            order_moved(change)

    assert CreditProfile.fetch(before.id).version == before.version
    assert CreditHistory.fetch(history_id(order.id)).source_version == second.version


def test_what_the_account_says_of_the_company_moves_the_grade_at_once(shop: Shop, stream: Stream) -> None:
    decided(A={"fewest_years": 10}, B={"fewest_employees": 10})
    assert grade(shop) == "C"
    in_two_parts(shop)
    stream.drain()

    accounts.change_account(shop.account_id, employees=10, by=REP, version=None)
    stream.drain()
    assert (grade(shop), CreditProfile.fetch(profile_id(shop.account_id)).grade) == ("B", "B")

    accounts.change_account(shop.account_id, employees=9, by=REP, version=None)
    stream.drain()
    assert grade(shop) == "C"
    before = CreditProfile.fetch(profile_id(shop.account_id)).version
    night()
    assert CreditProfile.fetch(profile_id(shop.account_id)).version == before


def test_an_order_that_is_cancelled_speaks_neither_for_nor_against(shop: Shop) -> None:
    order = in_two_parts(shop)
    tell(order)

    with day(31):
        tell(orders.cancel(order.id, reason="Agreed", by=REP))

    assert credit.standing(shop.account_id).profile.facts.counts == {}
    assert CreditHistory.fetch(history_id(order.id)).due_minute is None


def test_a_review_gives_way_to_conduct_the_night_after_its_last_day(shop: Shop) -> None:
    last = clock.today() + timedelta(days=3)
    credit.review(shop.account_id, grade="A", until=last, reason="Bank guarantee", by=FINANCE, version=None)
    kept = []
    for number in (3, 4):
        with day(number):
            night()
            kept.append((grade(shop), CreditProfile.fetch(profile_id(shop.account_id)).grade))

    assert kept == [("A", "A"), ("B", "B")]
