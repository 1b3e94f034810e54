"""What comes round again in a contract's life: reminders, numbers of milestones, terms, what is checked."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.customers.activities import service as activities
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract
from tests.client import ADMIN, REP
from tests.sales.contracts.builders import MORNING, a_customer, activated, signed
from tests.streams import sweep

END: Final = date(2026, 12, 31)
LATER: Final = date(2027, 6, 30)
RENEWING: Final[dict[str, Any]] = {"renewal": "AUTOMATIC", "renewal_months": 12, "milestones": []}


@pytest.fixture
def customer(tables: None) -> Iterator[str]:
    with clock.at(MORNING):
        yield a_customer()


def _on(day: str) -> datetime:
    return clock.start_of(date.fromisoformat(day))


def _now(contract: Contract) -> Contract:
    return service.contract(contract.id, who=ADMIN)


def _change(contract: Contract, **asked: Any) -> Contract:
    """Change a signed contract, as somebody proposed and somebody else approved."""
    order = service.propose(contract.id, reason="Agreed", by=REP, **asked)
    service.approve_change(contract.id, str(order.number), by=ADMIN)
    return _now(contract)


def _tasks() -> list[str]:
    return [task.title for task in activities.tasks(who=REP, owner_id=REP.id, limit=50).items]


def test_a_change_order_that_names_the_same_end_reminds_nobody_anew(customer: str) -> None:
    contract = activated(customer, **RENEWING)
    sweep(_on("2026-12-01"))

    with clock.at(_on("2026-12-02")):
        assert _change(contract, ends_on=END).reminded_on == date(2026, 12, 1)

    sweep(_on("2027-01-01"))
    assert _now(contract).ends_on == date(2027, 12, 31)


def test_a_contract_whose_end_was_moved_and_moved_back_is_looked_after_as_before(customer: str) -> None:
    contract = activated(customer, **RENEWING, notice_days=10)
    for day in ("2026-11-21", "2026-12-01"):
        sweep(_on(day))
    assert len(_tasks()) == 2

    with clock.at(_on("2026-12-03")):
        _change(contract, ends_on=LATER)
        assert _change(contract, ends_on=END).reminded_on is None
        sweep(_on("2026-12-03"))

    seen = _now(contract)
    assert (seen.reminded_on, seen.notice_reminded_on) == (date(2026, 12, 3), date(2026, 12, 3))
    assert len(_tasks()) == 2
    sweep(_on("2027-01-01"))
    assert _now(contract).renewed == 1


def test_a_number_that_a_dropped_milestone_had_is_never_given_again(customer: str) -> None:
    due = {"name": "Training", "due_on": date(2026, 4, 30)}
    contract = activated(customer, milestones=[due])
    sweep(_on("2026-05-01"))

    with clock.at(_on("2026-05-02")):
        assert _change(contract, drop_milestones=[1]).milestones == []
        assert [step.number for step in _change(contract, milestones=[due]).milestones] == [2]
        sweep(_on("2026-05-02"))

    assert _now(contract).fulfilment_status == "LAPSED"
    assert len(_tasks()) == 2


def test_a_number_that_a_dropped_instalment_had_is_never_given_again(customer: str) -> None:
    part = {"bill_on": LATER, "amount": activated(customer).value}
    contract = activated(customer, milestones=[], billing_plan=[part])

    assert _change(contract, billing_plan=[]).billing_plan == []
    assert [each.number for each in _change(contract, billing_plan=[part]).billing_plan] == [2]


def test_a_term_that_ended_with_a_short_month_does_not_shorten_the_next(customer: str) -> None:
    renewing = {**RENEWING, "renewal_months": 6}
    contract = activated(customer, **renewing, ends_on=date(2026, 8, 31))

    def renewed(begins: str) -> date | None:
        with clock.at(_on(begins)):
            service.look_after(_now(contract))
        return _now(contract).ends_on

    assert renewed("2026-09-01") == date(2027, 2, 28)
    assert renewed("2027-03-01") == date(2027, 8, 31)
    with clock.at(_on("2027-03-02")):
        _change(contract, ends_on=date(2027, 3, 30))
    assert renewed("2027-03-31") == date(2027, 9, 30)


def test_a_contract_that_has_ended_before_it_starts_is_not_activated(customer: str) -> None:
    contract = signed(customer, starts_on=None, ends_on=date(2026, 3, 15), milestones=[])

    with clock.at(_on("2026-06-01")), pytest.raises(errors.Blocked) as blocked:
        service.activate(contract.id, by=REP)

    assert [(each.field, each.code) for each in blocked.value.missing] == [("ends_on", "before_start")]


def test_an_end_that_was_proposed_before_the_start_was_known_is_checked_when_it_is_approved(
    customer: str,
) -> None:
    contract = signed(customer, starts_on=None, milestones=[])
    service.propose(contract.id, reason="Shorter", ends_on=date(2026, 3, 15), by=REP)

    with clock.at(_on("2026-06-01")):
        service.activate(contract.id, by=REP)
        with pytest.raises(errors.Blocked):
            service.approve_change(contract.id, "1", by=ADMIN)

    assert (_now(contract).starts_on, _now(contract).ends_on) == (date(2026, 6, 1), END)


def test_the_tax_on_a_value_that_was_zero_is_said_and_not_guessed(customer: str) -> None:
    value, tax = Money(1_200_000, "CNY"), Money(156_000, "CNY")
    contract = activated(customer, value=value, tax=tax, milestones=[])
    waiting = service.propose(contract.id, reason="More", value=value, by=REP)
    assert _change(contract, value=Money(0, "CNY")).tax == Money(0, "CNY")

    with pytest.raises(errors.Invalid) as wrong:
        service.propose(contract.id, reason="Again", value=value, by=REP)
    with pytest.raises(errors.Blocked) as blocked:
        service.approve_change(contract.id, str(waiting.number), by=ADMIN)
    assert wrong.value.errors == blocked.value.missing
    assert [(each.field, each.code) for each in wrong.value.errors] == [("tax", "tax_to_say")]

    assert _change(contract, value=value, tax=tax).tax == tax
    assert _change(contract, tax=Money(72_000, "CNY")).tax == Money(72_000, "CNY")
