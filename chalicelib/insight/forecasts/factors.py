"""Market factors 市场因素: what the market is expected to add to the figures of some months, or to take."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from chalicelib.core import clock, errors, money
from chalicelib.core.access import Principal
from chalicelib.core.step import change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.insight.forecasts.models import Factor


def add_factor(*, percent: int, reason: str, first_month: str, last_month: str, by: Principal) -> Factor:
    """Add a factor of some months, both included. Invalid when they end before they begin."""
    _require_order(first_month, last_month)
    factor = Factor(percent=percent, reason=reason, first_month=first_month, last_month=last_month)
    create(factor, by=by.id)
    return factor


def change_factor(factor_id: str, *, version: int | None, by: Principal, **changes: Any) -> Factor:
    """Change a factor's percentage, reason or months. Conflict when it was voided."""
    factor = _standing(factor_id, version)
    emptied = [name for name, value in changes.items() if value is None]
    if emptied:
        raise errors.Invalid(*(errors.FieldError(name, "missing") for name in emptied))
    _require_order(
        changes.get("first_month", factor.first_month), changes.get("last_month", factor.last_month)
    )
    change(factor, by=by.id, **changes)
    return factor


def void_factor(factor_id: str, *, version: int | None, by: Principal) -> Factor:
    """Take a factor out of the figures. Conflict when it is already."""
    factor = _standing(factor_id, version)
    change(factor, by=by.id, status="VOIDED")
    return factor


def factor(factor_id: str) -> Factor:
    """Return a factor. NotFound when there is none."""
    return Factor.fetch(factor_id)


def factors(*, status: str, **paging: Any) -> Page[Factor]:
    """Return one page of the factors of a status, those that end last first."""
    return page(Factor.by_end.query, status, **paging)


def in_force() -> list[Factor]:
    """Return the factors that have not ended before this month, by their end. One Query."""
    return list(Factor.by_end.query("ACTIVE", Factor.last_month >= clock.month(clock.today())))


def of_month(found: Iterable[Factor], month: str) -> list[Factor]:
    """Return the factors that apply to a month."""
    return [factor for factor in found if factor.first_month <= month <= factor.last_month]


def applied(minor: int, found: Iterable[Factor]) -> int:
    """Return a figure multiplied by factors, one after another, and rounded half up once."""
    product = Decimal(1)
    for factor in found:
        product *= Decimal(100 + factor.percent) / 100
    return money.times(minor, product)


def _standing(factor_id: str, version: int | None) -> Factor:
    found = factor(factor_id)
    expect(found, version)
    if found.status == "VOIDED":
        raise errors.Conflict("factor_voided")
    return found


def _require_order(first_month: str, last_month: str) -> None:
    if last_month < first_month:
        raise errors.Invalid.one("last_month", "period_order")
