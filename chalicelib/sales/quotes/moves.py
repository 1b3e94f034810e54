"""The verbs that lead a quote through its life, but for sending it (`sending`)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from chalicelib.core import access, clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.errors import FieldError
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.quotes.lifecycle import QUOTE
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from chalicelib.sales.quotes.pricing import measured

_NOT_SUBMITTED: Final[Mapping[str, Any]] = {
    "submitted_at": None, "submitted_by": None, "approved_at": None, "approved_by": None, "review": []
}  # fmt: skip


def submit(quote_id: str, *, by: Principal, version: int | None = None) -> Quote:
    """Hand a draft in. Within the caller's own limits it is approved at once, without anybody's name.

    The prices offered are measured by today's prices and cost, whenever they were made. What exceeds
    the limits stands in `review`. Blocked without lines.
    """
    quote = ready("submit", quote_id, by=by, version=version)
    if not quote.line_rows:
        raise errors.Blocked(FieldError("lines", "quote_lines"))
    lines = measured(quote)
    beyond = catalog.beyond(lines, role=by.role)
    now = clock.now()
    return _record(
        quote,
        "submit",
        by=by,
        status="IN_REVIEW" if beyond else "APPROVED",
        line_rows=[line.row() for line in lines],
        review=[{"field": each.field, "code": each.code, "values": each.values} for each in beyond],
        submitted_at=now,
        submitted_by=by.id,
        approved_at=None if beyond else now,
        sent_back_by=None,
        sent_back_reason=None,
    )


def approve(quote_id: str, *, by: Principal, version: int | None = None) -> Quote:
    """Approve a quote. Forbidden to who submitted it (administrators aside), and beyond one's own limits."""
    quote = ready("approve", quote_id, by=by, version=version)
    if quote.submitted_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    if catalog.beyond(quote.lines, role=by.role):
        raise errors.Forbidden("beyond_your_limits")
    return _record(quote, "approve", by=by, status="APPROVED", approved_at=clock.now(), approved_by=by.id)


def send_back(quote_id: str, *, reason: str, by: Principal, version: int | None = None) -> Quote:
    """Send a submitted quote back to its draft, with the reason."""
    quote = ready("send_back", quote_id, by=by, version=version)
    why = {"sent_back_by": by.id, "sent_back_reason": reason}
    return _record(quote, "send_back", by=by, status="DRAFT", **_NOT_SUBMITTED, **why)


def withdraw(quote_id: str, *, by: Principal, version: int | None = None) -> Quote:
    """Take a submitted or approved quote back to its draft; it is to be approved anew."""
    quote = ready("withdraw", quote_id, by=by, version=version)
    return _record(quote, "withdraw", by=by, status="DRAFT", **_NOT_SUBMITTED)


def revise(quote_id: str, *, by: Principal, version: int | None = None) -> Quote:
    """Begin a new version of what was sent; the old one can no longer be accepted, and is kept."""
    quote = ready("revise", quote_id, by=by, version=version)
    afresh = {"sent_at": None, "rejection_reason": None, "due_minute": None}
    step = Step(by=by.id)
    note(step, quote, "revise", status="DRAFT", revision=quote.revision + 1, **_NOT_SUBMITTED, **afresh)
    end_version(step, quote.id, quote.revision - 1, "SUPERSEDED")
    step.commit()
    return quote


def accept(
    quote_id: str, *, name: str, by: Principal, on: date | None = None, version: int | None = None
) -> Quote:
    """Record that the customer accepted otherwise than by the link: on paper, by word."""
    quote = ready("accept", quote_id, by=by, version=version)
    day = on or clock.today()
    told = {"name": name, "on": day.isoformat(), "at": clock.iso(clock.now()), "recorded_by": by.id}
    return _close(quote, "accept", by=by, status="ACCEPTED", acceptance=told)


def reject(quote_id: str, *, reason: str, by: Principal, version: int | None = None) -> Quote:
    """Record that the customer does not want it."""
    quote = ready("reject", quote_id, by=by, version=version)
    return _close(quote, "reject", by=by, status="REJECTED", rejection_reason=reason)


def expire(quote: Quote) -> None:
    """Let a quote end whose last day has passed. Safe to repeat."""
    step = Step(by=access.SYSTEM.id)
    if quote.status == "PRESENTED" and quote.valid_until < clock.today():
        note(step, quote, "expire", status="EXPIRED", due_minute=None)
        end_version(step, quote.id, quote.revision, "EXPIRED")
    else:
        step.change(quote, due_minute=None)
    step.commit()


def ready(verb: str, quote_id: str, *, by: Principal, version: int | None) -> Quote:
    """Return a quote for a verb. NotFound out of reach, Stale, Forbidden, OutOfTurn."""
    quote = reached(Quote, quote_id, who=by, to_write=True)
    expect(quote, version)
    QUOTE.require(verb, quote.status, by=by)
    return quote


def note(step: Step, quote: Quote, verb: str, *, status: str, **facts: Any) -> None:
    """Add to a step what happened to a quote, and the status that it leads to."""
    QUOTE.check(verb, quote.status, status)
    quote.status = status
    step.change(
        quote, status=status, waiting_list=opportunities.WAITING if quote.waits_for else None, **facts
    )


def end_version(step: Step, quote_id: str, revision: int, status: str) -> None:
    """Add to a step what became of a version that was sent."""
    sent = QuoteVersion.fetch(QuoteVersion.id_of(quote_id, revision))
    if sent.status == "PRESENTED":
        step.change(sent, status=status)


def _record(quote: Quote, verb: str, *, by: Principal, status: str, **facts: Any) -> Quote:
    step = Step(by=by.id)
    note(step, quote, verb, status=status, **facts)
    step.commit()
    return quote


def _close(quote: Quote, verb: str, *, by: Principal, status: str, **facts: Any) -> Quote:
    step = Step(by=by.id)
    note(step, quote, verb, status=status, due_minute=None, **facts)
    end_version(step, quote.id, quote.revision, status)
    step.commit()
    return quote
