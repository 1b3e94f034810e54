"""What clients see of the figures."""

from chalicelib.core.shapes import MoneyShape, View


class ShareView(View):
    """A part of a whole, both as whole numbers, and in per cent (null: nothing to divide by)."""

    part: int
    whole: int
    percent: str | None


class MeanView(View):
    """A sum over a number of cases, and for one case (null without cases)."""

    total: int
    count: int
    value: str | None


class AmountView(View):
    """An amount that need not be whole in minor units: a mean, a quantile."""

    amount: str
    currency: str


class LineView(View):
    """Which member in which period; null: all together, or records that name none."""

    period: str | None
    member: str | None
    name: str | None


class TableView(View):
    """From which month to which, by which dimension."""

    by: str
    first_month: str
    last_month: str


class LostForView(View):
    """Deals lost for one reason (null: none was given), and what they were worth."""

    reason: str | None
    count: int
    amount: MoneyShape


class SalesLineView(LineView):
    """Deals won and lost. `units` has a figure by owner and by product only."""

    won: int
    lost: int
    lost_reasons: list[LostForView]
    win_rate: ShareView
    revenue: MoneyShape
    mean_deal: AmountView | None
    won_cycle: MeanView
    lost_cycle: MeanView
    units: int


class SalesView(TableView):
    """Sales, and their sums by period and currency."""

    rows: list[SalesLineView]
    totals: list[SalesLineView]


class LeadLineView(LineView):
    """Leads that came in, and what became of them."""

    created: int
    contacted: int
    in_time: int
    late: int
    breached: int
    qualified: int
    unqualified: int
    converted: int
    conversion: ShareView
    response: MeanView


class LeadsView(TableView):
    """Leads, and their sums by period."""

    rows: list[LeadLineView]
    totals: list[LeadLineView]


class SlaLineView(LineView):
    """First contacts: in time, late, due and not made. `response` in minutes."""

    created: int
    contacted: int
    in_time: int
    late: int
    breached: int
    attainment: ShareView
    response: MeanView


class SlaView(TableView):
    """First contacts, and their sums by period."""

    rows: list[SlaLineView]
    totals: list[SlaLineView]


class OrderLineView(LineView):
    """Orders, their value and what was paid. `paid_share` in minor units.

    `margin`, for those who may know costs: earned of the price of what costs are known of.
    """

    count: int
    amount: MoneyShape
    paid: MoneyShape
    paid_share: ShareView
    refunded: MoneyShape
    margin: ShareView | None
    shipped_units: int
    cancelled: int
    cancelled_amount: MoneyShape
    credit_notes: int
    returned_units: int
    returned_amount: MoneyShape


class OrdersView(TableView):
    """Orders, and their sums by period and currency."""

    rows: list[OrderLineView]
    totals: list[OrderLineView]


class QuoteFiguresLineView(LineView):
    """Quotes first sent, and how they ended. `discount` in minor units of everybody's prices."""

    sent: int
    amount: MoneyShape
    accepted: int
    accepted_amount: MoneyShape
    rejected: int
    expired: int
    win_rate: ShareView
    discount: ShareView
    revisions: int


class QuoteFiguresView(TableView):
    """Quotes, and their sums by period and currency."""

    rows: list[QuoteFiguresLineView]
    totals: list[QuoteFiguresLineView]


class ReceivableView(View):
    """What falls due in a month, and what of it is paid and open."""

    month: str
    due: MoneyShape
    paid: MoneyShape
    open: MoneyShape


class ReceivablesView(View):
    """What falls due, by month and currency."""

    rows: list[ReceivableView]


class StockLineView(View):
    """Units of one warehouse or product, and what those on hand cost (null: no cost decided, or expected)."""

    member: str
    name: str | None
    on_hand: int
    reserved: int
    waiting: int
    expected: int
    value: MoneyShape | None


class StockFiguresView(View):
    """What stands, by warehouse or by product, a row for each currency of its costs."""

    rows: list[StockLineView]


class CustomerView(View):
    """An account we sold to."""

    account_id: str
    name: str | None
    won: int
    revenue: MoneyShape


class CustomersView(View):
    """The largest customers, and how many accounts became customers."""

    year: str | None
    currency: str
    customers_won: int
    rows: list[CustomerView]


class BuyerView(View):
    """An account that bought, what came back, and what it kept."""

    account_id: str
    name: str | None
    orders: int
    amount: MoneyShape
    returned: MoneyShape
    kept: MoneyShape


class BuyersView(View):
    """The largest buyers, by what they kept."""

    year: str | None
    currency: str
    rows: list[BuyerView]


class DaysView(View):
    """How numbers of days spread; quantiles by linear interpolation."""

    count: int
    min: str | None
    max: str | None
    mean: str | None
    p10: str | None
    p25: str | None
    median: str | None
    p75: str | None
    p90: str | None


class AmountsView(View):
    """How amounts spread; quantiles by linear interpolation."""

    count: int
    min: AmountView | None
    max: AmountView | None
    mean: AmountView | None
    p10: AmountView | None
    p25: AmountView | None
    median: AmountView | None
    p75: AmountView | None
    p90: AmountView | None


class SpreadView(View):
    """The values of deals won, and the days deals took that were won, lost, and either."""

    first_month: str
    last_month: str
    deal_value: AmountsView
    won_cycle: DaysView
    lost_cycle: DaysView
    cycle: DaysView
