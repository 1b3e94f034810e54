"""How old what is owed is: every amount in its bucket, whatever the day, from the same few reads."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import boards, clock
from chalicelib.core.errors import Forbidden, NotFound
from chalicelib.core.measures import contribution
from chalicelib.core.money import Money
from chalicelib.sales.revenue import ageing as ages
from chalicelib.sales.revenue import service
from chalicelib.sales.revenue.measures import receivables
from tests.client import FINANCE, MANAGER, NORTH, REP, SOUTH, STRANGER
from tests.sales.orders.builders import Shop, paid
from tests.sales.revenue.builders import MORNING, an_order, open_shop
from tests.streams import Stream

TODAY = date(2026, 7, 15)


@given(
    days=st.lists(st.tuples(st.integers(-300, 300), st.integers(0, 10**9)), max_size=12),
    on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_buckets_from_months_and_days_are_those_of_each_amount(days: list[tuple[int, int]], on: date) -> None:
    rows: dict[str, dict[str, dict[str, int]]] = {}
    expected = [0] * 5
    for late, minor in days:
        due_on = on - timedelta(days=late)
        expected[sum(late > most for most in ages.BOUNDS)] += minor
        money = {"minor": minor, "currency": "CNY"}
        image = {
            "due_on": due_on.isoformat(),
            "amount": money,
            "paid": {**money, "minor": 0},
            "team_id": NORTH,
            "account_id": "account_1",
        }
        for (board, row), numbers in contribution(image, receivables).cells.items():
            kept = rows.setdefault(board, {}).setdefault(row, {"open": 0})
            kept["open"] += numbers.get("open", 0)
    reads: list[str] = []

    def months(board: str, first: str, last: str) -> dict[str, dict[str, int]]:
        reads.append(board)
        return {key: row for key, row in rows.get(board, {}).items() if first <= key <= f"{last}|~"}

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(boards, "months", months)
        found = service.ageing(who=FINANCE, on=on)

    assert [each.minors for each in found] == ([tuple(expected)] if any(expected) else [])
    assert len(reads) == 3


@pytest.fixture
def owed(stream: Stream) -> Shop:
    shop = open_shop()
    with clock.at(MORNING):
        paid(an_order(shop), 500_000)
        stream.drain()
    return shop


def test_what_is_open_is_told_by_team_owner_and_account(owed: Shop) -> None:
    on = date(2026, 6, 2)

    for by, member, who in [
        ("team", NORTH, FINANCE),
        ("owner", REP.id, REP),
        ("account", owed.account_id, REP),
    ]:
        [row] = service.ageing(who=who, by=by, member=member, on=on)
        assert (row.member, row.days_1_30, row.days_31_60) == (
            member,
            Money(191_384, "CNY"),
            Money(300_000, "CNY"),
        )
        assert (row.total, row.overdue) == (Money(491_384, "CNY"), Money(491_384, "CNY"))
    [debtor] = service.ageing(who=FINANCE, by="account", on=date(2026, 4, 1))
    assert (debtor.member, debtor.not_due) == (owed.account_id, Money(491_384, "CNY"))


def test_one_reads_what_is_in_ones_reach_and_no_more(owed: Shop) -> None:
    assert service.ageing(who=STRANGER) == []
    assert [row.member for row in service.ageing(who=MANAGER)] == [NORTH]
    with pytest.raises(NotFound):
        service.ageing(who=MANAGER, by="team", member=SOUTH)
    with pytest.raises(NotFound):
        service.ageing(who=STRANGER, by="account", member=owed.account_id)
    with pytest.raises(Forbidden):
        service.ageing(who=REP, by="account")


def test_the_overdue_come_oldest_first_and_go_when_they_are_paid(owed: Shop) -> None:
    with clock.at(MORNING + timedelta(days=100)):
        page = service.overdue(who=REP, limit=10, after=None)

    assert [each.number for each in page.items] == [2, 3]
    with clock.at(MORNING):
        assert not service.overdue(who=FINANCE, limit=10, after=None).items
