"""Accounts, contacts, interactions and tasks for tests, by the verbs of the business."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.core.access import Principal
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.accounts.models import Account, Contact
from chalicelib.customers.activities import service as activities
from chalicelib.customers.activities.models import Activity, Task
from tests.client import REP

TOMORROW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def account(name: str = "Acme Ltd", *, by: Principal = REP, **details: Any) -> Account:
    """Add an account."""
    return accounts.add_account(name=name, by=by, **details)


def contact(of: Account, name: str = "Li Wei 李伟", *, by: Principal = REP, **details: Any) -> Contact:
    """Add a contact to an account."""
    return accounts.add_contact(account_id=of.id, name=name, by=by, **details)


def call(about_id: str, *, by: Principal = REP, **details: Any) -> Activity:
    """Log a phone call about a record."""
    told = {"type": "CALL", "subject": "Asked for a quote", **details}
    return activities.log_interaction(about_id=about_id, by=by, **told)


def task(title: str = "Send the quote", *, by: Principal = REP, **details: Any) -> Task:
    """Give a task."""
    return activities.assign_task(title=title, by=by, **{"due_at": TOMORROW, **details})
