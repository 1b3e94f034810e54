"""What one does with quotes: here reading, listing and whose they are; the verbs stand beside."""

from typing import Any

from chalicelib.core import errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.table import Page
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.quotes.answers import accept as accept_by_link
from chalicelib.sales.quotes.answers import ask_changes, opened
from chalicelib.sales.quotes.drafting import draft, draft_from, edit
from chalicelib.sales.quotes.explanation import explanation
from chalicelib.sales.quotes.models import Quote
from chalicelib.sales.quotes.moves import (
    accept,
    approve,
    expire,
    reject,
    revise,
    send_back,
    submit,
    withdraw,
)
from chalicelib.sales.quotes.outcome import forget, note_contract, note_order
from chalicelib.sales.quotes.policy import policy, set_policy
from chalicelib.sales.quotes.sending import deliver, link, paper_link, pdf_link, renew_link, send, versions
from chalicelib.sales.quotes.voiding import restore, void

__all__ = [
    "accept",
    "accept_by_link",
    "accepted_quote",
    "approve",
    "ask_changes",
    "deliver",
    "draft",
    "draft_from",
    "edit",
    "expire",
    "explanation",
    "forget",
    "link",
    "note_contract",
    "note_order",
    "opened",
    "paper_link",
    "pdf_link",
    "policy",
    "quote",
    "quotes",
    "reassign",
    "reject",
    "renew_link",
    "restore",
    "revise",
    "send",
    "send_back",
    "set_policy",
    "share",
    "submit",
    "versions",
    "void",
    "withdraw",
]


def quote(quote_id: str, *, who: Principal, to_write: bool = False) -> Quote:
    """Return a quote in the caller's reach."""
    return ownership.reached(Quote, quote_id, who=who, to_write=to_write)


def accepted_quote(quote_id: str, *, who: Principal) -> Quote:
    """Return a quote that the customer has accepted, for who may change it: to order it does.

    Conflict (`quote_not_accepted`) for another one.
    """
    found = quote(quote_id, who=who, to_write=True)
    if found.status != "ACCEPTED":
        raise errors.Conflict("quote_not_accepted", state=found.status)
    return found


def quotes(*, who: Principal, **which: Any) -> Page[Quote]:
    """Return a page of quotes, newest first: `opportunities.documents` says which there are."""
    return opportunities.documents(Quote, who=who, **which)


def reassign(quote_id: str, *, owner_id: str, by: Principal, version: int | None) -> Quote:
    """Give a quote to another owner."""
    found = quote(quote_id, who=by, to_write=True)
    ownership.reassign(found, to=people.owner_fields(owner_id), by=by, version=version)
    return found


def share(quote_id: str, *, by: Principal, version: int | None, **sharing: Any) -> Quote:
    """Share a quote with a user or team, or end that."""
    found = quote(quote_id, who=by, to_write=True)
    ownership.share(found, by=by, version=version, **sharing)
    return found
