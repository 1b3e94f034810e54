"""What a person's book is made of: of each part how it is read, what is still at work, and who moves it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.core.table import Page
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.leads import service as leads
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a book: records of a kind. `page` lists an owner's, `reassign` gives one away.

    `at_work` tells whether somebody still has to do with it: what is over stays with whoever did it.
    """

    kind: str
    page: Callable[..., Page[Any]]
    reassign: Callable[..., Any]
    at_work: Callable[[Any], bool]


def _but(*closed: str) -> Callable[[Any], bool]:
    return lambda record: record.status not in {"VOIDED", *closed}


def _is_open_lead(lead: Any) -> bool:
    return lead.status in _LEAD_STATUSES


def _is_unsettled(order: Any) -> bool:
    """Whether an order is still to be shipped, or money is still to come or to go back."""
    if order.status == "CANCELLED":
        return order.payment_status not in {"UNPAID", "PAID", "REFUNDED"}
    return order.status != "COMPLETED" or order.payment_status not in {"PAID", "REFUNDED"}


_LEAD_STATUSES: Final = ("NEW", "RECYCLED", "ASSIGNED", "WORKING", "QUALIFIED")
_DEALS: Final = partial(opportunities.opportunities, state="OPEN")
_TASKS: Final = partial(activities.tasks, standing="OPEN")
_ENDED_CONTRACTS: Final = ("EXPIRED", "TERMINATED", "CANCELLED")
#: Contacts before accounts: those of an account follow it by themselves, and would be counted nowhere.
BOOK: Final = (
    Part("contact", accounts.contacts, accounts.reassign_contact, _but()),
    Part("account", accounts.accounts, accounts.reassign_account, _but()),
    *(
        Part("lead", partial(leads.leads, status=status), leads.reassign_lead, _is_open_lead)
        for status in _LEAD_STATUSES
    ),
    Part("opportunity", _DEALS, opportunities.reassign, _but("WON", "LOST")),
    Part("quote", quotes.quotes, quotes.reassign, _but("ACCEPTED", "REJECTED", "EXPIRED")),
    Part("order", orders.orders, orders.reassign, _is_unsettled),
    Part("contract", contracts.contracts, contracts.reassign, _but(*_ENDED_CONTRACTS)),
    Part("task", _TASKS, activities.reassign_task, _but("COMPLETED", "CANCELED")),
)
#: Of each kind, how one of its records is looked at and moved.
OF_KIND: Final = {part.kind: part for part in BOOK}
