"""Credit notes 退货单: what came back, or is given back, where no order here says which it was of."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, ownership
from chalicelib.core.access import Principal
from chalicelib.core.numbering import document_number
from chalicelib.core.references import References
from chalicelib.core.step import create
from chalicelib.core.table import Page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders.models import CreditNote
from chalicelib.sales.orders.pricing import Asked, Market, priced

PREFIX: Final = "CN"


def issue(
    *,
    account_id: str,
    currency: str,
    lines: Sequence[Asked],
    reason: str,
    by: Principal,
    issued_on: date | None = None,
) -> CreditNote:
    """Issue a credit note to an account; it is the account owner's.

    Invalid, naming the fields, for an account or product that is not there, or a price in another currency.
    """
    named = References(by)
    account = named.take("account_id", accounts.account, account_id)
    named.check()
    day = issued_on or clock.today()
    market = Market(account.id, currency, None, day)
    note = CreditNote(
        number=document_number(PREFIX, day),
        account_id=account.id,
        currency=currency,
        issued_on=day,
        reason=reason,
        line_rows=[line.row() for line in priced(lines, market, sold=True)],
        owner_id=account.owner_id,
        team_id=account.team_id,
    )
    create(note, by=by.id)
    return note


def credit_note(note_id: str, *, who: Principal) -> CreditNote:
    """Return a credit note in the caller's reach."""
    return ownership.reached(CreditNote, note_id, who=who)


def credit_notes(*, who: Principal, **which: Any) -> Page[CreditNote]:
    """Return a page of credit notes: an account's, or as `documents` has them."""
    return opportunities.documents(CreditNote, who=who, **which)
