"""What clients send and see of the books as a whole: months, closing, exports, the policy."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import (
    Id,
    Instant,
    ListQuery,
    MoneyShape,
    Month,
    NoQuery,
    Shape,
    View,
    unfit,
)
from chalicelib.sales.revenue.schemas import Addressee, Template

Form = Literal["JOURNAL", "ENTRIES"]
#: A month that calendars can reckon with.
BookMonth = Annotated[str, Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")]
AccountCode = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$")]


class MonthsQuery(NoQuery):
    """From a month to another (default: this year), of teams or owners, or of one of them."""

    since: Annotated[Month | None, Field(alias="from")] = None
    until: Annotated[Month | None, Field(alias="to")] = None
    by: Literal["team", "owner"] | None = None
    member: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as the service takes it."""
        return {name: getattr(self, name) for name in ("since", "until", "by", "member")}


class RevenueMonth(View):
    """A month of one currency; `month` null: planned, and nobody knows when."""

    month: str | None
    billed: MoneyShape
    recognised: MoneyShape
    planned: MoneyShape
    deferred: MoneyShape


class MonthsView(View):
    """Revenue by month."""

    rows: list[RevenueMonth]


class BooksView(View):
    """How far the books are closed."""

    id: str
    closed_through: str | None
    version: int


class ClosedMonth(Shape):
    """The month up to which the books are to be closed."""

    month: BookMonth


class MonthQuery(ListQuery):
    """Of which month."""

    month: Month


class ExportWish(Shape):
    """Which month's books, in which form."""

    month: BookMonth
    form: Form = "JOURNAL"


class ExportView(View):
    """An export: `link` holds for 15 minutes once it is READY; `final`: the month was closed."""

    id: str
    status: Literal["WAITING", "READY", "FAILED"]
    month: str
    form: Form
    final: bool
    entries: int | None
    sums: list[MoneyShape]
    digest: str | None
    link: str | None
    created_at: Instant


class Accounts(Shape):
    """Account codes by meaning."""

    receivables: AccountCode
    deferred_revenue: AccountCode
    revenue: AccountCode
    cash: AccountCode
    tax: AccountCode


class DunningStep(Shape):
    """So many days after the due day (before it: less than zero), which letter, and to whom."""

    days: Annotated[int, Field(ge=-90, le=365)]
    template: Template
    to: Addressee


class DunningStepView(View):
    """A step of reminding."""

    days: int
    template: Template
    to: Addressee


class AccountsView(View):
    """Account codes by meaning."""

    receivables: str
    deferred_revenue: str
    revenue: str
    cash: str
    tax: str


def _each_day_once(steps: list[DunningStep]) -> list[DunningStep]:
    if len({step.days for step in steps}) < len(steps):
        raise unfit("day_twice")
    return sorted(steps, key=lambda step: step.days)


class RevenuePolicyChange(Shape):
    """The revenue policy; each step of reminding has a day of its own."""

    accounts: Accounts
    contract_method: Literal["MILESTONE", "STRAIGHT_LINE"]
    payment_days: Annotated[int, Field(ge=0, le=365)]
    dunning: Annotated[list[DunningStep], Field(max_length=12), AfterValidator(_each_day_once)]


class RevenuePolicyView(View):
    """The revenue policy."""

    id: str
    accounts: AccountsView
    contract_method: Literal["MILESTONE", "STRAIGHT_LINE"]
    payment_days: int
    dunning: list[DunningStepView]
    version: int
