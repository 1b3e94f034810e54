"""Figures over HTTP. Each answer costs a fixed number of Query calls, told where it is made."""

from typing import Any

from chalicelib.core.endpoint import Call
from chalicelib.core.web import Room
from chalicelib.insight.analytics import service
from chalicelib.insight.analytics.funnel_schemas import FunnelView
from chalicelib.insight.analytics.queries import (
    CustomersQuery,
    FunnelQuery,
    GroupedQuery,
    LeadQuery,
    OrderQuery,
    PeriodQuery,
    QuoteQuery,
    SalesQuery,
    SpreadQuery,
    StockQuery,
)
from chalicelib.insight.analytics.schemas import (
    BuyersView,
    CustomersView,
    LeadsView,
    OrdersView,
    QuoteFiguresView,
    ReceivablesView,
    SalesView,
    SlaView,
    SpreadView,
    StockFiguresView,
)

routes = Room("analytics", prefix="/analytics")


@routes.get("/funnel", needs="analytics:read", query=FunnelQuery, answers=FunnelView)
def read_funnel(call: Call[None, FunnelQuery]) -> service.Funnel:
    """Read a pipeline's funnel: what stands in each stage, conversion, dwell, the bottleneck."""
    return service.funnel(call.query.pipeline_id, _asked(call), who=call.who, language=call.language)


@routes.get("/sales", needs="analytics:read", query=SalesQuery, answers=SalesView)
def read_sales(call: Call[None, SalesQuery]) -> service.Table[service.SalesLine]:
    """Read sales: won, lost, win rate, revenue, mean deal, cycles and units, by period and member."""
    return service.sales(_asked(call), who=call.who)


@routes.get("/sales/customers", needs="analytics:read", query=CustomersQuery, answers=CustomersView)
def read_customers(call: Call[None, CustomersQuery]) -> service.Customers:
    """Read the largest customers, and how many were won."""
    asked = call.query
    return service.customers(who=call.who, year=asked.year, currency=asked.currency, limit=asked.limit)


@routes.get("/sales/spread", needs="analytics:read", query=SpreadQuery, answers=SpreadView)
def read_spread(call: Call[None, SpreadQuery]) -> service.Spread:
    """Read how deal values and sales cycles spread: least, most, mean, median, quantiles; all exact."""
    span = service.span(call.query.since, call.query.until)
    return service.spread(span, who=call.who, currency=call.query.currency)


@routes.get("/leads", needs="analytics:read", query=LeadQuery, answers=LeadsView)
def read_leads(call: Call[None, LeadQuery]) -> service.Table[service.LeadLine]:
    """Read leads by the month they came in: contacted, qualified, converted, response."""
    return service.leads(_asked(call), who=call.who)


@routes.get("/sla", needs="analytics:read", query=LeadQuery, answers=SlaView)
def read_sla(call: Call[None, LeadQuery]) -> service.Table[service.LeadLine]:
    """Read first contacts: how many in time, late, breached, and how fast."""
    return service.leads(_asked(call), who=call.who)


@routes.get("/orders", needs="analytics:read", query=OrderQuery, answers=OrdersView)
def read_orders(call: Call[None, OrderQuery]) -> service.Table[service.OrderLine]:
    """Read orders by the month they were placed in: value, paid, shipped, cancelled, come back."""
    return service.orders(_asked(call), who=call.who)


@routes.get("/orders/customers", needs="analytics:read", query=CustomersQuery, answers=BuyersView)
def read_buyers(call: Call[None, CustomersQuery]) -> service.Buyers:
    """Read the largest buyers by what they bought and kept."""
    asked = call.query
    return service.buyers(who=call.who, year=asked.year, currency=asked.currency, limit=asked.limit)


@routes.get("/quotes", needs="analytics:read", query=QuoteQuery, answers=QuoteFiguresView)
def read_quotes(call: Call[None, QuoteQuery]) -> service.Table[service.QuoteLine]:
    """Read quotes by the month they were first sent in: accepted, turned down, expired, discounts."""
    return service.quotes(_asked(call), who=call.who)


@routes.get("/receivables", needs="analytics:read", query=PeriodQuery, answers=ReceivablesView)
def read_receivables(call: Call[None, PeriodQuery]) -> dict[str, list[service.Receivable]]:
    """Read what falls due by month, and what of it is paid and open: a year back and a year ahead."""
    span = service.span(call.query.since, call.query.until, ahead=service.MONTHS_AHEAD)
    return {"rows": service.receivables(span, who=call.who)}


@routes.get("/stock", needs="costs:approve", query=StockQuery, answers=StockFiguresView)
def read_stock_figures(call: Call[None, StockQuery]) -> dict[str, list[service.StockLine]]:
    """Read what stands in units, and what it cost, by warehouse or by product."""
    return {"rows": service.stock(call.query.by)}


def _asked(call: Call[None, Any]) -> service.Asked:
    query = call.query
    return service.Asked(
        by=query.by or service.usual(call.who),
        span=service.span(query.since, query.until),
        member=query.member,
        group=query.group if isinstance(query, GroupedQuery) else "none",
    )
