"""Asking for prices: what lines cost a customer, why, and who would have to approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, i18n
from chalicelib.core.access import Principal, may
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.references import References
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog.limits import beyond, margin
from chalicelib.sales.catalog.pricing import priced_lines
from chalicelib.sales.catalog.steps import PricedLine

#: What clients see of a line beside its steps.
_SHOWN: Final = (
    "asked", "product_id", "name", "is_option", "quantity", "unit_price", "before_discount", "net", "contents"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Margin:
    """What is earned on the lines whose cost is known, and their price."""

    earned: Money
    price: Money


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The answer: lines, their sum, what somebody else has to approve, and perhaps the margin."""

    currency: str
    on: date
    lines: Sequence[PricedLine]
    approval: Sequence[FieldError]
    margin: Margin | None
    language: str

    @property
    def explained(self) -> list[dict[str, Any]]:
        """The lines as clients see them."""
        return [_explained(line, self.language) for line in self.lines]

    @property
    def net(self) -> Money:
        """What all lines cost, without tax."""
        return Money(sum(line.net.minor for line in self.lines), self.currency)


def inquire(
    lines: Sequence[Mapping[str, Any]],
    *,
    who: Principal,
    currency: str,
    language: str,
    account_id: str | None = None,
    grade: str | None = None,
    region: str | None = None,
    channel: str | None = None,
    on: date | None = None,
    discount: Money | None = None,
) -> Inquiry:
    """Return what lines cost; for an account of somebody's in its own grade and region.

    The margin is for those who may know costs.
    """
    named = References(who)
    account = named.take("account_id", accounts.account, account_id)
    named.check()
    day = on or clock.today()
    market: dict[str, Any] = {
        "grade": account.grade if account else grade,
        "region": (account and account.region) or region,
    }
    priced = priced_lines(lines, currency=currency, channel=channel, on=day, discount=discount, **market)
    told = [_told(each, language) for each in beyond(priced, role=who.role)]
    earned = _margin(priced, currency) if knows_costs(who) else None
    return Inquiry(currency, day, priced, told, earned, language)


def knows_costs(who: Principal) -> bool:
    """Whether somebody may know what things cost us."""
    return may(who, "costs:approve")


def _margin(lines: Sequence[PricedLine], currency: str) -> Margin:
    earned, price = margin(lines)
    return Margin(Money(earned, currency), Money(price, currency))


def _explained(line: PricedLine, language: str) -> dict[str, Any]:
    steps = [step.told(line.net.currency, language) for step in line.steps]
    return {name: getattr(line, name) for name in _SHOWN} | {"steps": steps}


def _told(error: FieldError, language: str) -> FieldError:
    text = i18n.text(f"error.{error.code}", language, **error.values)
    return FieldError(error.field, error.code, error.values, text)
