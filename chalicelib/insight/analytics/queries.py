"""What clients ask of the figures."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.settings import settings
from chalicelib.core.shapes import CurrencyCode, Id, Line, Shape

#: A month (``2026-01``) or a quarter (``2026-Q1``).
Period = Annotated[str, Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2]|Q[1-4])$")]
Year = Annotated[str, Field(pattern=r"^(19|20)\d{2}$")]
Dimension = Literal["team", "owner", "region", "product", "source", "industry"]


class PeriodQuery(Shape):
    """From a month or quarter to another (default: the year up to now), of one member or all."""

    since: Annotated[Period | None, Field(alias="from")] = None
    until: Annotated[Period | None, Field(alias="to")] = None
    member: Line | None = None
    fields: Annotated[str, Field(max_length=500)] | None = None


class GroupedQuery(PeriodQuery):
    """Also: grouped by month, by quarter, or all together."""

    group: Literal["month", "quarter", "none"] = "none"


class FunnelQuery(PeriodQuery):
    """Which pipeline (default: the usual one), by which dimension."""

    pipeline_id: Id | None = None
    by: Dimension | None = None


class SalesQuery(GroupedQuery):
    """By which dimension; default: teams, or oneself."""

    by: Literal[Dimension, "competitor", "split"] | None = None


class LeadQuery(GroupedQuery):
    """By which dimension; default: teams, or oneself."""

    by: Literal["team", "owner", "source", "campaign", "form", "rating", "region"] | None = None


class OrderQuery(GroupedQuery):
    """By which dimension; default: teams, or oneself."""

    by: Literal["team", "owner", "product"] | None = None


class StockQuery(Shape):
    """By which dimension."""

    by: Literal["warehouse", "product"] = "warehouse"
    fields: Annotated[str, Field(max_length=500)] | None = None


class QuoteQuery(GroupedQuery):
    """By which dimension; default: teams, or oneself."""

    by: Literal["team", "owner"] | None = None


def _own_currency() -> str:
    return settings().currency


class CustomersQuery(Shape):
    """Of which year (default: ever), in which currency, how many."""

    year: Year | None = None
    currency: CurrencyCode = Field(default_factory=_own_currency)
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    fields: Annotated[str, Field(max_length=500)] | None = None


class SpreadQuery(Shape):
    """Of deals that closed from a month or quarter to another, in which currency."""

    since: Annotated[Period | None, Field(alias="from")] = None
    until: Annotated[Period | None, Field(alias="to")] = None
    currency: CurrencyCode = Field(default_factory=_own_currency)
    fields: Annotated[str, Field(max_length=500)] | None = None
