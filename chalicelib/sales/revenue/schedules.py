"""Keeping the books of a source: whatever changed, they are brought to what follows from it.

An order or contract may change at any moment, time may make something earned or billed, finance may
choose a method: each leads here, and any number of times. The source is read as it is now, compared
with what is booked, and the difference is posted in one transaction with the schedule that keeps it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core import clock, due, errors, i18n, ids
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.sales.revenue import closing, crediting, owed
from chalicelib.sales.revenue.billing import Bill
from chalicelib.sales.revenue.models import JournalEntry, RevenuePolicy, RevenueSchedule
from chalicelib.sales.revenue.planning import Plan, Standing, method_for, plan
from chalicelib.sales.revenue.policy import policy
from chalicelib.sales.revenue.posting import Posting, lines, outstanding, with_posted
from chalicelib.sales.revenue.receipts import till_of
from chalicelib.sales.revenue.recognition import UNDATED, Span, end_of
from chalicelib.sales.revenue.sources import Paid, Source, source

#: Postings in one step; with the schedule, the books and the receivables they are one transaction.
MOST_POSTINGS: Final = 40
_DAY: Final = timedelta(days=1)
#: What of a schedule people decide; the rest follows.
_DECIDED: Final = ("chosen", "starts_on", "ends_on", "payment_rows", "refund_rows")


def schedule_id(source_id: str) -> str:
    """Return the id of an order's or contract's schedule."""
    return ids.derived("revenue_schedule", source_id)


def follow(source_id: str, *, by: str = SYSTEM.id, **choice: Any) -> RevenueSchedule | None:
    """Bring receivables, schedule and journal to what the source says now; return the schedule.

    `choice` is what somebody decides about the schedule itself (its method, its span, its payments),
    in the same step. None for a source that has nothing of its own in the books. Stale when somebody
    else was at it: then it is to be looked at again.
    """
    facts = source(source_id)
    if facts is None:
        return None
    rules, rest = policy(), 1
    while rest:
        schedule, rest = _advance(facts, rules, by=by, choice=choice)
        choice = {}
    return schedule


def _advance(
    facts: Source, rules: RevenuePolicy, *, by: str, choice: Mapping[str, Any]
) -> tuple[RevenueSchedule, int]:
    """Write the next part of what is to be written; return the schedule, and how much is left."""
    schedule = RevenueSchedule.find(schedule_id(facts.id))
    if schedule and schedule.source_version > facts.version:
        raise errors.Stale
    today, closed_through = clock.today(), closing.books().closed_through
    decided = _decided(schedule, choice)
    standing = _standing(facts, schedule, decided, method_for(facts, rules.contract_method))
    made = plan(facts, standing, today=today, payment_days=rules.payment_days)
    waiting = outstanding(made.facts, standing.booked, today=today)
    postings, later = waiting[:MOST_POSTINGS], waiting[MOST_POSTINGS:]
    values = _values(facts, standing, made) | _booked(schedule, standing, postings, closed_through)
    values |= {"planned_sums": _planned(made, later), "due_minute": _due_minute(facts, standing, made, today)}
    values |= _credit(facts, made, decided, today)
    before, held = (schedule.receivables, schedule.credit_held) if schedule else (0, 0)
    step = Step(by=by)
    schedule = _keep(step, schedule, facts, {**choice, **values, "receivables": max(before, len(made.bills))})
    crediting.count(step, facts.account_id, Money(schedule.credit_held - held, facts.currency))
    behind = owed.keep(step, facts, made, rules, before=before)
    for posting in filter(lambda each: each.moves, postings):
        step.create(_entry(facts, posting, rules, closed_through))
    if postings:
        closing.still_open(step, closed_through)
    step.commit()
    return schedule, len(later) + behind


def _decided(schedule: RevenueSchedule | None, choice: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people decided about a schedule, with what they decide now."""
    before = {name: getattr(schedule, name) for name in _DECIDED} if schedule else {}
    return {**before, **choice}


def _standing(
    facts: Source, schedule: RevenueSchedule | None, decided: Mapping[str, Any], method: str
) -> Standing:
    if schedule is None:
        return Standing(method)
    chosen = decided["chosen"]
    own_span = chosen == "STRAIGHT_LINE" and facts.kind == "order"
    span = Span(decided["starts_on"], decided["ends_on"]) if own_span else None
    return Standing(
        method=chosen or (schedule.method if schedule.recognised_sums else method),
        span=span,
        booked=schedule.booked,
        planned=schedule.planned_sums,
        planned_span=Span(schedule.starts_on, schedule.ends_on),
        bills=[Bill.of_row(row) for row in schedule.bill_rows],
        payments=[*_money(decided["payment_rows"], decided["refund_rows"])],
    )


def _money(payments: Sequence[Mapping[str, Any]], refunds: Sequence[Mapping[str, Any]]) -> Iterator[Paid]:
    for row in payments:
        if not row["taken_back_on"]:
            on = date.fromisoformat(row["paid_on"])
            yield Paid(f"payment|{row['reference']}", on, row["amount_minor"])
    for row in refunds:
        on = date.fromisoformat(row["refunded_on"])
        yield Paid(f"refund|{row['reference']}", on, -row["amount_minor"])


def _values(facts: Source, standing: Standing, made: Plan) -> dict[str, Any]:
    span = (standing.span or facts.span) if standing.method == "STRAIGHT_LINE" else None
    open_now = "OPEN" if made.planned else "FINISHED"
    return {
        **facts.owner,
        "status": "ENDED" if facts.stopped_on else open_now,
        "source_version": facts.version,
        "document": facts.document,
        "method": standing.method,
        "value": Money(made.value, facts.currency),
        "starts_on": span and span.first,
        "ends_on": span and span.last,
        "bill_rows": [bill.row() for bill in made.bills] if facts.kind == "contract" else [],
    }


def _credit(facts: Source, made: Plan, decided: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return what follows for the customer's credit; nothing from an order, which counts by itself."""
    if facts.kind != "contract":
        return {}
    money = (decided.get(name, ()) for name in ("payment_rows", "refund_rows"))
    return crediting.facts_of(made.bills, till_of(facts.currency, 0, *money), today)


def _booked(
    schedule: RevenueSchedule | None,
    standing: Standing,
    postings: Sequence[Posting],
    closed_through: str | None,
) -> dict[str, Any]:
    recognised = dict(schedule.recognised_sums) if schedule else {}
    billed = dict(schedule.billed_sums) if schedule else {}
    for each in postings:
        month = clock.month(closing.posting_day(each.on, closed_through))
        for sums, minor in ((recognised, each.recognises), (billed, each.bills)):
            if minor:
                sums[month] = sums.get(month, 0) + minor
    return {
        "recognised_sums": recognised,
        "billed_sums": billed,
        "booked": with_posted(standing.booked, postings),
    }


def _planned(made: Plan, later: Sequence[Posting]) -> dict[str, int]:
    """Return what is to come by month, with what is earned and not posted in this step yet."""
    planned = {month: minor for month, minor in made.planned.items() if minor}
    for each in later:
        if each.recognises:
            month = clock.month(each.on)
            planned[month] = planned.get(month, 0) + each.recognises
    return planned


def _due_minute(facts: Source, standing: Standing, made: Plan, today: date) -> str | None:
    """Return when time will bring something: a bill that goes out, a month that is over."""
    days = [bill.on for bill in made.bills if bill.on > today and bill.gross]
    months = [month for month in made.planned if month != UNDATED]
    if standing.method == "STRAIGHT_LINE" and months:
        span = standing.span or facts.span
        end = end_of(date.fromisoformat(f"{min(months)}-01"))
        days.append((min(end, span.last) if span and span.last else end) + _DAY)
    return due.minute(clock.start_of(min(days))) if days else None


def _keep(
    step: Step, schedule: RevenueSchedule | None, facts: Source, values: Mapping[str, Any]
) -> RevenueSchedule:
    if schedule is None:
        made = RevenueSchedule(
            schedule_id(facts.id),
            source_id=facts.id,
            account_id=facts.account_id,
            currency=facts.currency,
            **values,
        )
        step.create(made)
        return made
    changed = {name: value for name, value in values.items() if getattr(schedule, name) != value}
    if changed.keys() - {"source_version"}:
        step.change(schedule, **changed)
    return schedule


def _entry(facts: Source, posting: Posting, rules: RevenuePolicy, closed_through: str | None) -> JournalEntry:
    made_of = schedule_id(facts.id)
    entry_id = ids.derived("journal_entry", made_of, posting.key, str(posting.n))
    posted_on = closing.posting_day(posting.on, closed_through)
    named = {"document": facts.document, "about": posting.about.rpartition("|")[2]}
    text = i18n.text(f"journal_entry.text.{posting.type}", settings().language, **named)
    return JournalEntry(
        entry_id,
        listed=f"journal_entry_{posted_on.isoformat()}|{entry_id}",
        posted_month=clock.month(posted_on),
        posted_on=posted_on,
        happened_on=posting.on,
        type=posting.type,
        source_id=facts.id,
        account_id=facts.account_id,
        document=facts.document,
        text=text,
        currency=facts.currency,
        line_rows=lines(posting, rules.accounts),
    )
