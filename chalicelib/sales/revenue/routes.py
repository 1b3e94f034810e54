"""Receivables, revenue schedules, the books and their policy over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.revenue import service
from chalicelib.sales.revenue.book_schemas import (
    BooksView,
    ClosedMonth,
    ExportView,
    ExportWish,
    MonthQuery,
    MonthsQuery,
    MonthsView,
    RevenuePolicyChange,
    RevenuePolicyView,
)
from chalicelib.sales.revenue.models import (
    Books,
    JournalEntry,
    Receivable,
    RevenueExport,
    RevenuePolicy,
    RevenueSchedule,
)
from chalicelib.sales.revenue.schemas import (
    AgeingQuery,
    AgeingView,
    EntryView,
    Held,
    MethodChange,
    NewContractPayment,
    NewContractRefund,
    OverdueQuery,
    PaymentGone,
    ReceivableQuery,
    ReceivableView,
    ScheduleView,
)

receivables = Room("receivables", prefix="/receivables")
schedules = Room("revenue_schedules", prefix="/revenue-schedules")
revenue = Room("revenue", prefix="/revenue")
policy = Room("revenue_policy", prefix="/revenue-policy")
routes = (receivables, schedules, revenue, policy)


@receivables.get("", needs="revenue:read", query=ReceivableQuery, answers=ReceivableView, listed=True)
def list_receivables(call: Call[None, ReceivableQuery]) -> Page[Receivable]:
    """List an owner's or team's receivables, an account's, or those due in a month; latest due first."""
    return service.receivables(who=call.who, **call.query.which(), **call.page)


@receivables.get("/overdue", needs="revenue:read", query=OverdueQuery, answers=ReceivableView, listed=True)
def list_overdue(call: Call[None, OverdueQuery]) -> Page[Receivable]:
    """List what is open after its due day, the oldest first."""
    return service.overdue(who=call.who, **call.query.which(), **call.page)


@receivables.get("/ageing", needs="revenue:read", query=AgeingQuery, answers=AgeingView)
def read_ageing(call: Call[None, AgeingQuery]) -> dict[str, list[service.Ageing]]:
    """Read what is open by age, as of a day: of teams, owners or accounts."""
    return {"rows": service.ageing(who=call.who, **call.query.which())}


@receivables.get("/{receivable_id}", needs="revenue:read", answers=ReceivableView)
def read_receivable(call: Call[None, NoQuery], receivable_id: str) -> Receivable:
    """Read a receivable."""
    return service.receivable(receivable_id, who=call.who)


@receivables.post("/{receivable_id}/hold", needs="revenue:write", body=Held, answers=ReceivableView)
def hold_reminders(call: Call[Held, NoQuery], receivable_id: str) -> Receivable:
    """Let no reminder go out for a receivable."""
    return service.hold(receivable_id, reason=call.body.reason, version=call.version, by=call.who)


@receivables.post("/{receivable_id}/go-on", needs="revenue:write", answers=ReceivableView)
def go_on_reminding(call: Call[None, NoQuery], receivable_id: str) -> Receivable:
    """Remind of a receivable again."""
    return service.go_on(receivable_id, version=call.version, by=call.who)


@schedules.get("", needs="revenue:read", query=ReceivableQuery, answers=ScheduleView, listed=True)
def list_schedules(call: Call[None, ReceivableQuery]) -> Page[RevenueSchedule]:
    """List an owner's, a team's, a month's or an account's revenue schedules, newest first."""
    return service.schedules(who=call.who, **call.query.which(), **call.page)


@schedules.get("/{schedule_id}", needs="revenue:read", answers=ScheduleView)
def read_schedule(call: Call[None, NoQuery], schedule_id: str) -> RevenueSchedule:
    """Read a revenue schedule."""
    return service.schedule(schedule_id, who=call.who)


@schedules.get(
    "/{schedule_id}/entries", needs="revenue:read", query=ListQuery, answers=EntryView, listed=True
)
def list_entries(call: Call[None, ListQuery], schedule_id: str) -> Page[JournalEntry]:
    """List the postings of a schedule's order or contract, the latest first."""
    return service.entries(schedule_id, who=call.who, **call.page)


@schedules.patch("/{schedule_id}", needs="revenue:configure", body=MethodChange, answers=ScheduleView)
def choose_method(call: Call[MethodChange, NoQuery], schedule_id: str) -> RevenueSchedule:
    """Say how a schedule recognises, before anything is recognised."""
    return service.choose(schedule_id, **call.body.values(), version=call.version, by=call.who)


@schedules.post(
    "/{schedule_id}/payments", needs="revenue:configure", body=NewContractPayment, answers=ScheduleView
)
def pay_contract(call: Call[NewContractPayment, NoQuery], schedule_id: str) -> RevenueSchedule:
    """Record that money came in for a contract."""
    return service.pay(schedule_id, **call.body.values(), version=call.version, by=call.who)


@schedules.post(
    "/{schedule_id}/payments/take-back", needs="revenue:configure", body=PaymentGone, answers=ScheduleView
)
def take_contract_payment_back(call: Call[PaymentGone, NoQuery], schedule_id: str) -> RevenueSchedule:
    """Let a contract's payment that was recorded by mistake count no more."""
    return service.take_back(schedule_id, **call.body.values(), version=call.version, by=call.who)


@schedules.post(
    "/{schedule_id}/refunds", needs="revenue:configure", body=NewContractRefund, answers=ScheduleView
)
def refund_contract(call: Call[NewContractRefund, NoQuery], schedule_id: str) -> RevenueSchedule:
    """Record that money of a contract was paid back: never more than its credit."""
    return service.refund(schedule_id, **call.body.values(), version=call.version, by=call.who)


@revenue.get("/months", needs="revenue:read", query=MonthsQuery, answers=MonthsView)
def read_months(call: Call[None, MonthsQuery]) -> dict[str, list[service.Month]]:
    """Read what was billed, recognised and planned by month, and what is deferred at its end."""
    return {"rows": service.months(who=call.who, **call.query.which())}


@revenue.get("/entries", needs="revenue:read", query=MonthQuery, answers=EntryView, listed=True)
def list_journal(call: Call[None, MonthQuery]) -> Page[JournalEntry]:
    """List the postings of a month, the latest first."""
    return service.journal(call.query.month, who=call.who, **call.page)


@revenue.get("/books", needs="revenue:read", answers=BooksView)
def read_books(call: Call[None, NoQuery]) -> Books:
    """Read how far the books are closed."""
    return service.books()


@revenue.post("/books/close", needs="revenue:configure", body=ClosedMonth, answers=BooksView)
def close_books(call: Call[ClosedMonth, NoQuery]) -> Books:
    """Close the books up to a month: nothing is posted in it any more."""
    return service.close(call.body.month, version=call.version, by=call.who)


@revenue.post("/exports", needs="revenue:configure", body=ExportWish, answers=ExportView, status=201)
def ask_for_export(call: Call[ExportWish, NoQuery]) -> Answer:
    """Ask for a month's books as a file."""
    made = service.ask_for(month=call.body.month, form=call.body.form, by=call.who)
    return created(made)


@revenue.get("/exports", needs="revenue:read", query=MonthQuery, answers=ExportView, listed=True)
def list_exports(call: Call[None, MonthQuery]) -> Page[RevenueExport]:
    """List the exports of a month, the latest first."""
    return service.exports(call.query.month, who=call.who, **call.page)


@revenue.get("/exports/{export_id}", needs="revenue:read", answers=ExportView)
def read_export(call: Call[None, NoQuery], export_id: str) -> RevenueExport:
    """Read an export, and where its file is."""
    return service.export(export_id, who=call.who)


@policy.get("", needs="revenue:read", answers=RevenuePolicyView)
def read_revenue_policy(call: Call[None, NoQuery]) -> RevenuePolicy:
    """Read the revenue policy; version 0 until one was set."""
    return service.policy()


@policy.put("", needs="revenue:configure", body=RevenuePolicyChange, answers=RevenuePolicyView)
def set_revenue_policy(call: Call[RevenuePolicyChange, NoQuery]) -> RevenuePolicy:
    """Replace the revenue policy."""
    return service.set_policy(**call.body.values(), version=call.version, by=call.who)
