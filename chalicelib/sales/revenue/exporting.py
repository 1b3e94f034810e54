"""The books of a month as a file 导出: a journal of debits and credits, or a list of what happened.

Postings never change, and none comes into a closed month: the same export of it is the same file,
byte for byte. It is written page by page to a file of its own, so its size does not matter, and it
is checked on the way: a document that does not balance is not handed out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, Final

from chalicelib.core import clock, due, files, spreadsheet
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.money import Money
from chalicelib.core.observe import count, log
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, page
from chalicelib.sales.revenue import reach
from chalicelib.sales.revenue.closing import books
from chalicelib.sales.revenue.models import JournalEntry, RevenueExport

#: Until an index has all that was written before the books were closed.
SETTLED: Final = timedelta(minutes=1)

Rows = Iterator[Sequence[spreadsheet.Cell]]


def _journal(entry: JournalEntry) -> Rows:
    for line in entry.line_rows:
        yield (
            entry.posted_on.isoformat(),
            line["account"],
            _decimal(line["debit_minor"], entry.currency),
            _decimal(line["credit_minor"], entry.currency),
            entry.currency,
            entry.document,
            entry.text,
            entry.id,
        )


def _entries(entry: JournalEntry) -> Rows:
    # Less than nothing when the first line, what it moves, is a credit: it goes back, or was too much.
    amount = entry.line_rows[0]["debit_minor"] - entry.line_rows[0]["credit_minor"]
    yield (
        entry.id,
        entry.posted_on.isoformat(),
        entry.happened_on.isoformat(),
        entry.type,
        entry.document,
        entry.source_id,
        entry.account_id,
        _decimal(amount, entry.currency),
        entry.currency,
        entry.text,
    )


def _decimal(minor: int, currency: str) -> spreadsheet.Cell:
    return Decimal(Money(minor, currency).amount) if minor else ""


#: What each form of export has as its columns, and as its rows of a posting.
FORMS: Final[Mapping[str, tuple[tuple[str, ...], Callable[[JournalEntry], Rows]]]] = {
    "JOURNAL": (
        ("date", "account", "debit", "credit", "currency", "document", "text", "entry"),
        _journal,
    ),
    "ENTRIES": (
        (
            "entry",
            "posted_on",
            "happened_on",
            "type",
            "document",
            "source",
            "customer",
            "amount",
            "currency",
            "text",
        ),
        _entries,
    ),
}


def ask_for(*, month: str, form: str, by: Principal) -> RevenueExport:
    """Ask for a month's books as a file; it is there when its status is READY."""
    made = RevenueExport(posted_month=month, form=form)
    made.listed = made.id
    step = Step(by=by.id)
    step.create(made)
    step.commit()
    return made


def export(export_id: str, *, who: Principal) -> RevenueExport:
    """Return an export, for those who see all."""
    reach.require_all(who)
    return RevenueExport.fetch(export_id)


def exports(month: str, *, who: Principal, **paging: Any) -> Page[RevenueExport]:
    """Return the exports of a month, the latest first."""
    return _of_month(RevenueExport, month, who, paging)


def journal(month: str, *, who: Principal, **paging: Any) -> Page[JournalEntry]:
    """Return the postings of a month, the latest first, for those who see all."""
    return _of_month(JournalEntry, month, who, paging)


def _of_month(model: Any, month: str, who: Principal, paging: Mapping[str, Any]) -> Page[Any]:
    reach.require_all(who)
    return page(model.by_posted_month.query, month, between=_of_kind(model), **paging)


def _of_kind(model: Any) -> Any:
    # Postings and exports of a month stand in one index.
    return model.listed.between(f"{model.kind}_", f"{model.kind}_Z~")


def compose(made: RevenueExport) -> None:
    """Write the file of an export that waits for it. Of a month closed just now, a minute later."""
    if made.status != "WAITING":
        change(made, by=SYSTEM.id, due_minute=None)
        return
    kept = books()
    is_closed = bool(kept.closed_through and made.posted_month <= kept.closed_through)
    ready_at: datetime = kept.updated_at + SETTLED if is_closed else clock.now()
    if ready_at > clock.now():
        change(made, by=SYSTEM.id, due_minute=due.minute(ready_at + SETTLED))
        return
    with TemporaryFile() as file:
        facts = _written(made, file)
        if facts.get("failure"):
            log.error("an export does not balance", item=made.id, entry=facts["failure"])
            count("ExportsUnbalanced")
            change(made, by=SYSTEM.id, status="FAILED", **facts, due_minute=None)
            return
        file.seek(0)
        files.write(made.key, file, media="text/csv")
    change(made, by=SYSTEM.id, status="READY", final=is_closed, **facts, due_minute=None)


def _written(made: RevenueExport, file: Any) -> dict[str, Any]:
    """Write an export's rows; return its figures, or (`failure`) the posting that does not balance."""
    columns, rows = FORMS[made.form]
    digest, totals, number = sha256(), defaultdict[str, int](int), 0

    def write(piece: bytes) -> None:
        digest.update(piece)
        file.write(piece)

    write(spreadsheet.MARK + spreadsheet.lines([columns]))
    for entry in JournalEntry.by_posted_month.query(made.posted_month, _of_kind(JournalEntry)):
        debit, credit = (
            sum(line[side] for line in entry.line_rows) for side in ("debit_minor", "credit_minor")
        )
        if debit != credit:
            return {"failure": entry.id}
        number += 1
        totals[entry.currency] += debit
        write(spreadsheet.lines(rows(entry)))
    return {"entries": number, "totals": dict(totals), "digest": digest.hexdigest()}
