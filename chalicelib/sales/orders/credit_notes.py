"""Credit notes 退货单: what came back without an order here that it belongs to; read and listed."""

from typing import Any

from chalicelib.core import ownership
from chalicelib.core.access import Principal
from chalicelib.core.table import Page, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.orders.models import CreditNote


def credit_note(note_id: str, *, who: Principal) -> CreditNote:
    """Return a credit note in the caller's reach."""
    return ownership.reached(CreditNote, note_id, who=who)


def credit_notes(*, who: Principal, account_id: str | None = None, **which: Any) -> Page[CreditNote]:
    """Return a page of credit notes, newest first: an account's, or as `owned_page` has them."""
    if not account_id:
        return ownership.owned_page(CreditNote, who=who, **which)
    paging = {name: which.pop(name) for name in ("limit", "after")}
    ownership.require_one_list(account_id=account_id, **which)
    accounts.account(account_id, who=who)
    places = ownership.standing(CreditNote)
    return ownership.in_reach(page(CreditNote.by_account.query, account_id, between=places, **paging), who)
