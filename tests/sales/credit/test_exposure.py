"""What an account owes: exactly what is open of its orders, never more than it may, whoever asks at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step, change
from chalicelib.sales.credit import service as credit
from chalicelib.sales.credit.models import CreditProfile
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, MANAGER, REP
from tests.sales.credit.builders import ACCOUNT, decided, limit, owe, owed
from tests.sales.orders.builders import Shop, approved, open_shop

AT_ONCE: Final = 16
REFUSED: Final = (errors.Invalid, errors.Conflict)
LIMIT: Final = 400_000


class Debts(RuleBasedStateMachine):
    """Anything is done to some orders of one customer with a limit."""

    shop: Shop

    @initialize(prices=st.lists(st.integers(1, 4), min_size=2, max_size=3))
    def begin(self, prices: list[int]) -> None:
        """Begin with orders for one to four presses each, approved."""
        self.before = owed(self.shop.account_id)
        self.orders = [self.approved(quantity) for quantity in prices]

    def approved(self, quantity: int) -> str:
        line = {"product_id": self.shop.press_id, "quantity": quantity}
        order = service.draft(by=REP, account_id=self.shop.account_id, currency="CNY", lines=[line])
        service.submit(order.id, by=REP)
        service.approve(order.id, by=MANAGER)
        return order.id

    def attempt(self, verb: str, at: int, **details: Any) -> None:
        who = FINANCE if verb in ("pay", "take_back", "refund") else REP
        with suppress(*REFUSED):
            getattr(service, verb)(self.orders[at % len(self.orders)], by=who, **details)

    @rule(at=st.integers(0, 2))
    def activate(self, at: int) -> None:
        """Activate one, if there is room."""
        self.attempt("activate", at)

    @rule(at=st.integers(0, 2), reference=st.sampled_from("ab"), minor=st.integers(1, 400_000))
    def pay(self, at: int, reference: str, minor: int) -> None:
        """Pay something of one."""
        self.attempt("pay", at, reference=reference, amount=Money(minor, "CNY"), method="BANK")

    @rule(at=st.integers(0, 2), reference=st.sampled_from("ab"))
    def take_back(self, at: int, reference: str) -> None:
        """Take a payment back."""
        self.attempt("take_back", at, reference=reference, reason="Mistake")

    @rule(at=st.integers(0, 2))
    def ship(self, at: int) -> None:
        """Send one out."""
        self.attempt("ship", at, reference="s")

    @rule(at=st.integers(0, 2))
    def send_back(self, at: int) -> None:
        """Send a press back."""
        self.attempt("return_goods", at, reference="r", reason="Bent", lines=[{"number": 1, "quantity": 1}])

    @rule(at=st.integers(0, 2), minor=st.integers(1, 100_000))
    def refund(self, at: int, minor: int) -> None:
        """Pay something back."""
        paid_back = {"amount": Money(minor, "CNY"), "method": "BANK", "reason": "Bent"}
        self.attempt("refund", at, reference="b", **paid_back)

    @rule(at=st.integers(0, 2), quantity=st.integers(1, 5))
    def amend(self, at: int, quantity: int) -> None:
        """Order more or fewer after all."""
        change = [{"number": 1, "quantity": quantity}]
        self.attempt("amend", at, reason="Second thoughts", change=change)

    @rule(at=st.integers(0, 2))
    def cancel(self, at: int) -> None:
        """Cancel one."""
        self.attempt("cancel", at, reason="No")

    @invariant()
    def what_is_owed_is_what_is_open(self) -> None:
        """No more and no less, by each order and together."""
        found = [reached(Order, each, who=REP) for each in self.orders]
        opened = [order.open.minor if order.status in IN_FORCE else 0 for order in found]
        assert [order.credit_held for order in found] == opened
        assert owed(self.shop.account_id) - self.before == sum(opened)


IN_FORCE: Final = ("ACTIVATED", "PARTIALLY_SHIPPED", "SHIPPED", "COMPLETED")


def test_what_an_account_owes_is_what_is_open_of_its_orders(tables: None) -> None:
    Debts.shop = open_shop()
    decided(B=limit(LIMIT))

    run_state_machine_as_test(Debts, settings=settings(max_examples=6, stateful_step_count=16, deadline=None))


def test_an_account_owes_up_to_its_limit_and_not_a_cent_more(tables: None) -> None:
    decided(B=limit(1_000))

    owe(600)
    with pytest.raises(errors.Blocked) as blocked:
        owe(401)
    owe(400)

    [reason] = blocked.value.missing
    assert (reason.code, reason.values["free"]) == ("credit_limit", Money(400, "CNY"))
    assert owed() == 1_000


def test_what_somebody_approved_goes_beyond_the_limit_and_counts(tables: None) -> None:
    decided(B=limit(1_000))

    owe(1_500, allowed=True)

    assert credit.standing(ACCOUNT).free("CNY") == -500
    with pytest.raises(errors.Blocked):
        owe(1)


def test_a_limit_lowered_between_the_look_and_the_commit_holds(tables: None) -> None:
    owe(1)
    until, seen = clock.today() + timedelta(days=9), credit.standing(ACCOUNT)
    profile = CreditProfile.fetch(seen.profile.id)
    lowered = {"grade": None, "limits": {"CNY": 5}, "until": until.isoformat()}
    change(profile, by=FINANCE.id, review=lowered)

    step = Step(by=REP.id)
    credit.hold(step, seen, Money(10, "CNY"))
    with pytest.raises(errors.Stale):
        step.commit()

    with pytest.raises(errors.Blocked):
        owe(10)
    owe(4)
    assert owed() == 5


def test_until_a_policy_is_set_nobody_is_limited(tables: None) -> None:
    owe(10**15)

    assert credit.standing(ACCOUNT).limit("CNY") is None


def test_a_currency_without_a_limit_has_none_to_give_where_another_has_one(tables: None) -> None:
    decided(B=limit(1_000, "EUR"))

    with pytest.raises(errors.Blocked):
        owe(1)


def test_a_limit_of_its_own_in_one_currency_leaves_the_others_as_the_grade_has_them(tables: None) -> None:
    found = credit.standing(ACCOUNT)
    until = "2999-12-31"

    for limits, others in (([], None), ([Money(1_000, "CNY")], 0)):
        decided(B={"limits": limits})
        found.profile.review = {"grade": None, "limits": {"EUR": 500}, "until": until}
        stands = credit.Standing(found.profile, credit.policy())
        assert (stands.limit("EUR"), stands.limit("JPY")) == (500, others)


def attempt(minor: int) -> int:
    """Owe more as an order does: again when somebody else was faster. Return what went through."""
    while True:
        try:
            owe(minor)
        except errors.Blocked:
            return 0
        except (errors.Stale, errors.Busy):
            continue
        return minor


def ask_at_once(number: int, most: int) -> None:
    """Let so many ask at once for one to nine; nobody is refused what there is room for."""
    decided(B=limit(most))
    chance = random.Random(number)
    wanted = [chance.randint(1, 9) for _ in range(number)]

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        got = list(visitors.map(attempt, wanted))

    assert owed() == sum(got) <= most
    refused = [asked for asked, given in zip(wanted, got, strict=True) if not given]
    assert refused
    assert most - owed() < min(refused)


def test_the_limit_holds_exactly_however_many_ask_at_once(emulated: str) -> None:
    ask_at_once(120, 400)


def test_of_orders_activated_at_once_as_many_go_through_as_the_limit_has_room_for(emulated: str) -> None:
    shop = open_shop()
    decided(B=limit(LIMIT))
    lines = [{"product_id": shop.press_id, "quantity": 1}]
    ready = [approved(shop, lines=lines).id for _ in range(9)]

    with ThreadPoolExecutor(len(ready)) as sellers:
        done = list(sellers.map(activate, ready))

    assert sorted(done) == ["ACTIVATED"] * 4 + ["credit_limit"] * 5
    assert owed(shop.account_id) == LIMIT


def activate(order_id: str) -> str:
    """Activate an order as somebody does who tries again; return its status, or why it was refused."""
    while True:
        try:
            return service.activate(order_id, by=REP).status
        except errors.Blocked as blocked:
            return blocked.missing[0].code
        except (errors.Stale, errors.Busy):
            continue


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_limit_holds_exactly_when_five_thousand_ask_at_once(emulated: str) -> None:
    ask_at_once(5_000, 20_000)
