"""What clients send and see of receivables and revenue schedules."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Amount,
    CurrencyCode,
    Day,
    Id,
    Instant,
    Line,
    ListQuery,
    MoneyShape,
    Month,
    NoQuery,
    OwnedView,
    PastDay,
    Shape,
    View,
)

ReceivableStatus = Literal["OPEN", "PARTLY_PAID", "PAID", "CANCELLED", "CREDIT"]
ScheduleStatus = Literal["OPEN", "FINISHED", "ENDED"]
Method = Literal["ON_DELIVERY", "STRAIGHT_LINE", "MILESTONE"]
Template = Literal["UPCOMING", "FRIENDLY", "FIRM", "FINAL"]
Addressee = Literal["CONTACT", "OWNER"]
Outcome = Literal["SENT", "TASK", "NO_ADDRESS", "FAILED", "SKIPPED"]


class ReminderView(View):
    """A reminder that was due: which step, when it was taken, and what became of it."""

    days: int
    template: Template
    to: Addressee
    outcome: Outcome
    on: Day


class ReceivableView(OwnedView):
    """What a customer owes by a day: one instalment of an order or contract."""

    status: ReceivableStatus
    source_id: str
    number: int
    document: str
    account_id: str
    contact_id: str | None
    billed_on: Day
    due_on: Day
    amount: MoneyShape
    paid: MoneyShape
    open: MoneyShape
    credit: MoneyShape
    reminders: list[ReminderView]
    held: str | None


class ReceivableQuery(ListQuery):
    """Which receivables to list: an owner's, a team's, those due in a month, or an account's."""

    owner_id: Id | None = None
    team_id: Id | None = None
    month: Month | None = None
    account_id: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as the service takes it."""
        return {name: getattr(self, name) for name in ("owner_id", "team_id", "month", "account_id")}


class OverdueQuery(ListQuery):
    """Whose overdue receivables: an owner's or a team's."""

    owner_id: Id | None = None
    team_id: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as the service takes it."""
        return {"owner_id": self.owner_id, "team_id": self.team_id}


class AgeingQuery(NoQuery):
    """As of which day (default today), by what, of which member; by account of those who owe most."""

    on: Day | None = None
    by: Literal["team", "owner", "account"] | None = None
    member: Id | None = None
    currency: CurrencyCode | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10

    def which(self) -> dict[str, Any]:
        """Return the choice as the service takes it."""
        return {name: getattr(self, name) for name in ("on", "by", "member", "currency", "limit")}


class AgeingRow(View):
    """What a member has open, by age, in one currency."""

    member: str | None
    currency: str
    not_due: MoneyShape
    days_1_30: MoneyShape
    days_31_60: MoneyShape
    days_61_90: MoneyShape
    over_90: MoneyShape
    overdue: MoneyShape
    total: MoneyShape


class AgeingView(View):
    """What is open by age."""

    rows: list[AgeingRow]


class Held(Shape):
    """Why no reminder is to go out."""

    reason: Line


class MonthlyView(View):
    """An amount of a month; ``undated``: of none that anybody could name."""

    month: str
    amount: MoneyShape


class SchedulePaymentView(View):
    """A payment for a contract; one taken back counts no more."""

    reference: str
    paid_on: Day
    amount: MoneyShape
    method: str
    taken_back_on: Day | None
    reason: str | None


class ScheduleRefundView(View):
    """Money of a contract that was paid back."""

    reference: str
    refunded_on: Day
    amount: MoneyShape
    method: str
    reason: str


class ScheduleView(OwnedView):
    """What is earned of an order or contract, and when; `open` and `credit` are a contract's."""

    status: ScheduleStatus
    source_id: str
    document: str
    account_id: str
    method: Method
    chosen: Method | None
    value: MoneyShape
    starts_on: Day | None
    ends_on: Day | None
    recognised: list[MonthlyView]
    planned: list[MonthlyView]
    billed: list[MonthlyView]
    payments: list[SchedulePaymentView]
    refunds: list[ScheduleRefundView]
    open: MoneyShape | None
    credit: MoneyShape | None


class MethodChange(Shape):
    """How a schedule is to recognise; the days are for STRAIGHT_LINE of an order."""

    method: Method
    starts_on: Day | None = None
    ends_on: Day | None = None


class NewContractPayment(Shape):
    """Money that came in for a contract; `reference` is yours, and unique in it.

    More than is open is refused, unless what is too much is to be kept for the customer.
    """

    reference: Line
    amount: Amount
    method: Line
    paid_on: PastDay | None = None
    keep_excess: bool = False


class NewContractRefund(Shape):
    """Money of a contract's credit that was paid back; `reference` is yours, and unique among refunds."""

    reference: Line
    amount: Amount
    method: Line
    reason: Line
    refunded_on: PastDay | None = None


class PaymentGone(Shape):
    """Which payment counts no more, and why."""

    reference: Line
    reason: Line


class EntryLineView(View):
    """A side of a posting."""

    account: str
    debit: MoneyShape
    credit: MoneyShape


class EntryView(View):
    """A posting: what happened when, and on which day it is in the books."""

    id: str
    type: Literal["BILLING", "RECOGNITION", "RETURN", "PAYMENT", "REFUND"]
    posted_on: Day
    happened_on: Day
    document: str
    source_id: str
    account_id: str
    text: str
    lines: list[EntryLineView]
    created_at: Instant
