"""Credit notes over HTTP: they come in with a file, and are read here."""

from typing import Any

from chalicelib.core.endpoint import Call
from chalicelib.core.shapes import Day, Id, MoneyShape, NoQuery, OwnedQuery, OwnedView
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import CreditNote
from chalicelib.sales.orders.schemas import LineView

routes = Room("credit_notes", prefix="/credit-notes")


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
    lines: list[LineView]
    total: MoneyShape


@routes.get("", needs="orders:read", query=CreditNoteQuery, answers=CreditNoteView, listed=True)
def list_credit_notes(call: Call[None, CreditNoteQuery]) -> Page[CreditNote]:
    """List an owner's, a team's, a month's or an account's credit notes, newest first."""
    return service.credit_notes(who=call.who, **call.query.which(), **call.page)


@routes.get("/{note_id}", needs="orders:read", answers=CreditNoteView)
def read_credit_note(call: Call[None, NoQuery], note_id: str) -> CreditNote:
    """Read a credit note."""
    return service.credit_note(note_id, who=call.who)
