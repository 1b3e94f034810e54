"""What contracts need around them, and contracts at each step of their life."""

from datetime import UTC, date, datetime
from typing import Any, Final

from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract
from tests.client import MANAGER, REP
from tests.organisation.people.builders import hire_everybody

#: The morning on which the contracts of these tests are made, in Shanghai the same day.
MORNING: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TERMS: Final[dict[str, Any]] = {
    "title": "Press line, maintenance 维保",
    "value": Money(1_200_000, "CNY"),
    "starts_on": date(2026, 3, 1),
    "ends_on": date(2026, 12, 31),
    "milestones": [
        {"name": "Delivery 交付", "due_on": date(2026, 5, 31), "amount": Money(800_000, "CNY")},
        {"name": "Acceptance 验收", "due_on": date(2026, 6, 30)},
    ],
}


def a_customer() -> str:
    """Hire everybody, win a customer for Rita; return the account's id."""
    hire_everybody()
    return accounts.add_account(name="Kangnai 康奈", by=REP).id


def drafted(account_id: str, **details: Any) -> Contract:
    """Return Rita's draft."""
    return service.draft(by=REP, account_id=account_id, **(TERMS | details))


def signed(account_id: str, **details: Any) -> Contract:
    """Return Rita's contract, approved, negotiated and signed."""
    contract = service.submit(drafted(account_id, **details).id, by=REP)
    service.approve(contract.id, by=MANAGER)
    service.send(contract.id, by=REP)
    return service.sign(contract.id, signed_by="Wang Li 王丽", by=REP)


def activated(account_id: str, **details: Any) -> Contract:
    """Return Rita's contract in force."""
    return service.activate(signed(account_id, **details).id, by=REP)
