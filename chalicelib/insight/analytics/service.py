"""What other domains and the routes ask of the figures."""

from chalicelib.insight.analytics.customers import Buyers, Customers, buyers, customers
from chalicelib.insight.analytics.funnel import Funnel, StageLine, funnel
from chalicelib.insight.analytics.leads import LeadLine, leads
from chalicelib.insight.analytics.members import usual
from chalicelib.insight.analytics.orders import OrderLine, Receivable, orders, receivables
from chalicelib.insight.analytics.periods import MONTHS_AHEAD, Span, earlier, span
from chalicelib.insight.analytics.quotes import QuoteLine, quotes
from chalicelib.insight.analytics.sales import SalesLine, sales
from chalicelib.insight.analytics.spread import Spread, spread
from chalicelib.insight.analytics.stock import StockLine, stock
from chalicelib.insight.analytics.tables import Asked, Table

__all__ = [
    "MONTHS_AHEAD",
    "Asked",
    "Buyers",
    "Customers",
    "Funnel",
    "LeadLine",
    "OrderLine",
    "QuoteLine",
    "Receivable",
    "SalesLine",
    "Span",
    "Spread",
    "StageLine",
    "StockLine",
    "Table",
    "buyers",
    "customers",
    "earlier",
    "funnel",
    "leads",
    "orders",
    "quotes",
    "receivables",
    "sales",
    "span",
    "spread",
    "stock",
    "usual",
]
