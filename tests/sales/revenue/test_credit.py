"""What contracts bill by themselves counts as owed by their customer, and how it is paid as its conduct."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib import house
from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.core.table import client as dynamodb
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.credit import service as credit
from chalicelib.sales.credit.models import CreditHistory, history_id
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import service
from chalicelib.sales.revenue.models import RevenueSchedule
from infra.recount import recount
from tests.client import FINANCE, MANAGER, OPERATIONS, REP
from tests.sales.credit.builders import decided, limit
from tests.sales.orders.builders import Shop, approved, open_shop
from tests.sales.revenue.builders import MORNING, a_contract, an_order, receivables_of, schedule_of, sweep_at
from tests.streams import Stream

#: Of a contract over 12,000.00 CNY, what is billed on its first day; a milestone has the rest.
FIRST_BILL: Final = 400_000
MILESTONE: Final = 800_000


@pytest.fixture
def first_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


def owed(shop: Shop) -> int:
    return credit.standing(shop.account_id).exposure("CNY")


def pay(contract_id: str, minor: int, reference: str = "TT-1") -> RevenueSchedule:
    told: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK", "by": FINANCE}
    return service.pay(service.schedule_id(contract_id), reference=reference, keep_excess=True, **told)


def in_force(shop: Shop, stream: Stream, **terms: Any) -> str:
    """Return a contract whose first bill is out."""
    contract = a_contract(shop.account_id, **terms)
    stream.drain()
    return contract.id


def test_what_a_contract_has_billed_is_owed_until_it_is_paid(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    contract_id = in_force(shop, stream)
    assert owed(shop) == FIRST_BILL

    contracts.fulfil(contract_id, number=1, by=REP)
    stream.drain()
    assert owed(shop) == FIRST_BILL + MILESTONE

    pay(contract_id, 500_000)
    assert owed(shop) == FIRST_BILL + MILESTONE - 500_000


def test_an_instalment_is_owed_from_the_day_on_which_it_is_billed(shop: Shop, stream: Stream) -> None:
    plan = [{"bill_on": date(2026, 5, 1), "amount": Money(300_000, "CNY")}]
    with clock.at(MORNING):
        contract_id = in_force(shop, stream, milestones=[], billing_plan=plan)
        assert (owed(shop), schedule_of(contract_id).open) == (900_000, Money(1_200_000, "CNY"))
        pay(contract_id, 1_000_000)
        assert owed(shop) == 0

    for month in (4, 5):
        sweep_at(clock.start_of(date(2026, month, 1)))

    assert owed(shop) == 200_000


def test_an_order_has_no_room_where_a_contract_has_taken_it(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    decided(B=limit(FIRST_BILL + 150_000))
    contract_id = in_force(shop, stream)
    one, other = (approved(shop, lines=[{"product_id": shop.press_id, "quantity": 1}]) for _ in range(2))
    orders.activate(one.id, by=REP)

    with pytest.raises(errors.Blocked) as blocked:
        orders.activate(other.id, by=REP)
    assert blocked.value.missing[0].code == "credit_limit"

    pay(contract_id, 50_000)
    assert orders.activate(other.id, by=REP).status == "ACTIVATED"
    assert owed(shop) == FIRST_BILL + 150_000


def test_a_bill_paid_late_lowers_the_grade_as_an_order_does(shop: Shop, stream: Stream) -> None:
    decided()
    with clock.at(MORNING):
        contract_id = in_force(shop, stream)
    with clock.at(MORNING + timedelta(days=42)):
        pay(contract_id, FIRST_BILL)
        stream.drain()

    stands = credit.standing(shop.account_id)
    assert (stands.profile.facts.settled_late, stands.profile.facts.days_late, stands.grade) == (1, 12, "C")
    assert stands.profile.customer_since == clock.business_date(MORNING)


def test_a_bill_that_nobody_pays_is_overdue_by_itself(shop: Shop, stream: Stream) -> None:
    decided()
    with clock.at(MORNING):
        contract_id = in_force(shop, stream)
    [bill] = receivables_of(contract_id, count=1)

    sweep_at(clock.start_of(bill.due_on + timedelta(days=1)))

    assert credit.standing(shop.account_id).profile.facts.overdue == {"CNY": FIRST_BILL}


def test_a_contract_that_has_billed_nothing_says_nothing_of_its_customer(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    plan = [{"bill_on": date(2026, 5, 1), "amount": Money(1_200_000, "CNY")}]
    contract_id = in_force(shop, stream, milestones=[], billing_plan=plan)

    assert owed(shop) == 0
    assert CreditHistory.find(history_id(service.schedule_id(contract_id))) is None


def test_schedules_told_again_or_late_are_counted_once(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    contract_id = in_force(shop, stream)
    pay(contract_id, FIRST_BILL)
    stream.drain()
    paid = credit.standing(shop.account_id).profile

    for _ in range(2):
        stream.deliver(list(stream.delivered))

    assert credit.standing(shop.account_id).profile.version == paid.version
    assert paid.facts.paid == {"CNY": FIRST_BILL}


def test_the_schedule_of_an_order_says_nothing_that_the_order_does_not(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    order = an_order(shop)
    stream.drain()

    assert (schedule_of(order.id).credit_held, owed(shop)) == (0, order.total.minor)
    assert CreditHistory.find(history_id(service.schedule_id(order.id))) is None


def test_a_contract_from_before_bills_were_owed_is_counted_anew(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    contract_id = in_force(shop, stream)
    key = {"id": {"S": service.schedule_id(contract_id)}}
    dynamodb().update_item(
        TableName=RevenueSchedule.Meta.table_name,
        Key=key,
        UpdateExpression="REMOVE credit_held, payment_record",
    )
    [compare] = [work for work in house.nightly() if work.__name__ == "compare_exposures"]
    compare()
    assert owed(shop) == 0

    told = recount()["exposure"]

    assert (told["documents"], told["misstated"], told["drift"]) == (1, 1, 0)
    assert owed(shop) == FIRST_BILL == schedule_of(contract_id).credit_held
    assert recount(look=True)["exposure"] == {**told, "misstated": 0, "repaired": 0}


def test_a_stopped_customer_may_still_pay_what_a_contract_has_billed(
    shop: Shop, stream: Stream, first_morning: None
) -> None:
    contract_id = in_force(shop, stream)
    credit.stop(shop.account_id, reason="Late", by=FINANCE, version=None)

    pay(contract_id, FIRST_BILL)

    assert owed(shop) == 0


class Dealings(RuleBasedStateMachine):
    """Anything is done to two contracts and an order of one customer, as days pass."""

    shop: Shop
    stream: Stream

    @initialize(tax=st.integers(0, 200_000), ahead=st.integers(0, 40))
    def begin(self, tax: int, ahead: int) -> None:
        """Begin with a contract by milestones, one by a plan, and an order."""
        self.moment, self.before = MORNING, owed(self.shop)
        with clock.at(self.moment):
            plan = [{"bill_on": clock.today() + timedelta(days=ahead), "amount": Money(300_000, "CNY")}]
            account_id, taxed = self.shop.account_id, Money(tax, "CNY")
            planned = a_contract(account_id, milestones=[], billing_plan=plan, tax=taxed)
            self.contracts = [a_contract(account_id, tax=taxed).id, planned.id]
            self.order = an_order(self.shop).id
            self.stream.drain()

    def attempt(self, verb: Any, *which: str, **details: Any) -> None:
        with clock.at(self.moment):
            with suppress(errors.Invalid, errors.Conflict, errors.NotFound):
                verb(*which, **details)
            self.stream.drain()

    def schedule(self, at: int) -> str:
        return service.schedule_id(self.contracts[at])

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        """Let days pass, and what has come due be done."""
        self.moment += timedelta(days=days)
        for each in self.contracts:
            self.attempt(service.follow, each)

    @rule(at=st.integers(0, 1), reference=st.sampled_from("ab"), minor=st.integers(1, 900_000))
    def pay(self, at: int, reference: str, minor: int) -> None:
        """Pay something, perhaps too much."""
        told: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK", "keep_excess": True}
        self.attempt(service.pay, self.schedule(at), reference=reference, by=FINANCE, **told)

    @rule(at=st.integers(0, 1), reference=st.sampled_from("ab"))
    def take_back(self, at: int, reference: str) -> None:
        """Take a payment back."""
        self.attempt(service.take_back, self.schedule(at), reference=reference, reason="No", by=FINANCE)

    @rule(at=st.integers(0, 1), minor=st.integers(1, 900_000))
    def refund(self, at: int, minor: int) -> None:
        """Pay some of what is too much back."""
        told: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK", "reason": "Too much"}
        self.attempt(service.refund, self.schedule(at), reference="r", by=FINANCE, **told)

    @rule()
    def reach(self) -> None:
        """Reach the milestone."""
        self.attempt(contracts.fulfil, self.contracts[0], number=1, by=REP)

    @rule(at=st.integers(0, 1), minor=st.integers(1_200_000, 1_500_000))
    def change(self, at: int, minor: int) -> None:
        """Agree on another value."""
        value = Money(minor, "CNY")
        self.attempt(contracts.propose, self.contracts[at], reason="More", value=value, by=REP)
        for number in "123":
            self.attempt(contracts.approve_change, self.contracts[at], number, by=MANAGER)

    @rule(at=st.integers(0, 1))
    def terminate(self, at: int) -> None:
        """End it before its time."""
        self.attempt(contracts.terminate, self.contracts[at], reason="Moved away", by=MANAGER)

    @rule(minor=st.integers(1, 500_000))
    def pay_order(self, minor: int) -> None:
        """Pay something of the order."""
        told: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK", "reference": "o"}
        self.attempt(orders.pay, self.order, by=FINANCE, **told)

    @invariant()
    def what_is_owed_is_the_open_order_and_the_open_receivables_of_contracts(self) -> None:
        """No more and no less."""
        with clock.at(self.moment):
            receivables = [
                bill
                for each in self.contracts
                for bill in receivables_of(each, count=schedule_of(each).receivables)
            ]
            billed = sum(each.open.minor for each in receivables if each.billed_on <= clock.today())
            order = orders.order(self.order, who=OPERATIONS)
            assert owed(self.shop) - self.before == billed + order.open.minor


def test_what_a_customer_owes_is_what_is_open_of_orders_and_bills(tables: None, stream: Stream) -> None:
    with clock.at(MORNING):
        Dealings.shop, Dealings.stream = open_shop(), stream
    stream.keeps = False
    plan = settings(max_examples=3, stateful_step_count=12, deadline=None)

    run_state_machine_as_test(Dealings, settings=plan)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_what_a_customer_owes_holds_in_forty_long_lives(tables: None, stream: Stream) -> None:
    with clock.at(MORNING):
        Dealings.shop, Dealings.stream = open_shop(), stream
    stream.keeps = False
    plan = settings(max_examples=40, stateful_step_count=25, deadline=None)

    run_state_machine_as_test(Dealings, settings=plan)
