"""Credit notes over HTTP."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import (
    CurrencyCode,
    Day,
    Id,
    Line,
    MoneyShape,
    NoQuery,
    OwnedQuery,
    OwnedView,
    PastDay,
    Shape,
)
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.orders import service
from chalicelib.sales.orders.lines import MOST_LINES
from chalicelib.sales.orders.models import CreditNote
from chalicelib.sales.orders.schemas import LineView, NewLine

routes = Room("credit_notes", prefix="/credit-notes")


class NewCreditNote(Shape):
    """What is given back to a customer, and why; of today unless said."""

    account_id: Id
    currency: CurrencyCode
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=MOST_LINES)]
    reason: Line
    issued_on: PastDay | None = None


class CreditNoteQuery(OwnedQuery):
    """Which credit notes to list; `account_id`: an account's, as far as in reach."""

    account_id: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as `service.credit_notes` takes it."""
        return {**super().which(), "account_id": self.account_id}


class CreditNoteView(OwnedView):
    """A credit note."""

    number: str
    account_id: str
    issued_on: Day
    currency: str
    reason: str | None
    lines: list[LineView]
    total: MoneyShape


@routes.post("", needs="orders:approve", body=NewCreditNote, answers=CreditNoteView, status=201)
def issue_credit_note(call: Call[NewCreditNote, NoQuery]) -> Answer:
    """Issue a credit note where no order here says what it is of."""
    note = service.issue_credit_note(**call.body.values(), by=call.who)
    return created(note)


@routes.get("", needs="orders:read", query=CreditNoteQuery, answers=CreditNoteView, listed=True)
def list_credit_notes(call: Call[None, CreditNoteQuery]) -> Page[CreditNote]:
    """List an owner's, a team's, a month's or an account's credit notes, newest first."""
    return service.credit_notes(who=call.who, **call.query.which(), **call.page)


@routes.get("/{note_id}", needs="orders:read", answers=CreditNoteView)
def read_credit_note(call: Call[None, NoQuery], note_id: str) -> CreditNote:
    """Read a credit note."""
    return service.credit_note(note_id, who=call.who)
