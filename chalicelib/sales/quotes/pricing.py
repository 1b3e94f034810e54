"""The prices of a quote's lines: as asked for, asked for once more, and measured by what holds today."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.quotes.lines import Line
from chalicelib.sales.quotes.models import Quote

Asked = Mapping[str, Any]
#: Bytes that the explained lines of a quote may take: with the rest it stays below DynamoDB's 400 KB.
MOST_BYTES: Final = 300_000


def priced(
    asked: Sequence[Asked], account: Any, currency: str, *, channel: str | None, discount: Money | None
) -> list[dict[str, Any]]:
    """Return the lines asked for as rows, with what an account pays for them today.

    Invalid, naming every field, as `catalog.priced_lines` says.
    """
    found = catalog.priced_lines(
        asked,
        currency=currency,
        grade=account.grade,
        region=account.region,
        channel=channel,
        discount=discount,
    )
    rows = [
        Line.of_priced(number, each, tax_bps=asked[each.asked].get("tax_bps") or 0).row()
        for number, each in enumerate(found, start=1)
    ]
    if len(json.dumps(rows, ensure_ascii=False).encode()) > MOST_BYTES:
        raise errors.Invalid.one("lines", "too_much_at_once")
    return rows


def measured(quote: Quote) -> list[Line]:
    """Return a quote's lines at the prices offered, beside what everybody pays today and today's cost.

    What has no price any more can be compared with none.
    """
    account, lines = accounts.account(quote.account_id, who=SYSTEM), quote.lines
    today = catalog.measured_today(
        lines, currency=quote.currency, grade=account.grade, region=account.region, channel=quote.channel
    )
    return [_beside(line, now) for line, now in zip(lines, today, strict=True)]


def _beside(line: Line, now: catalog.Measure | None) -> Line:
    if now is not None:
        return replace(line, before_discount=now.price, cost=now.cost, uncompared=now.uncompared)
    return replace(line, uncompared=sorted({*line.uncompared, "price"})) if line.product_id else line


def asked_again(quote: Quote) -> dict[str, Any]:
    """Return what a quote's lines were asked by: `lines`, and the `discount` on the whole.

    Prices agreed, discounts in per cent and tax are asked for as before; so are options and bundles' parts.
    """
    lines = quote.lines
    bundles = catalog.known(line.product_id for line in lines if line.product_id and line.contents)
    whole = -sum(step["minor"] for line in lines for step in _steps(line, "WHOLE_DISCOUNT"))
    asked = [
        _asked(line, bundles.get(line.product_id or ""), _options(lines[at:]))
        for at, line in enumerate(lines, start=1)
        if not line.is_option
    ]
    return {"lines": asked, "discount": Money(whole, quote.currency)}


def _options(behind: Sequence[Line]) -> Iterator[Line]:
    for line in behind:
        if not line.is_option:
            return
        yield line


def _asked(line: Line, bundle: Any, options: Iterator[Line]) -> dict[str, Any]:
    agreed = [step["detail"] for step in _steps(line, "DISCOUNT")]
    prices = [Money(each["unit_price_minor"], line.net.currency) for each in agreed if "bps" not in each]
    return {
        "product_id": line.product_id,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price if any(_steps(line, "GIVEN")) else next(iter(prices), None),
        "discount_bps": next((each["bps"] for each in agreed if "bps" in each), 0),
        "tax_bps": line.tax_bps,
        "options": [
            {"product_id": each.product_id, "quantity": each.quantity // line.quantity} for each in options
        ],
        # What was left out of a bundle is still left out, as far as the bundle allows it.
        "components": [
            {"product_id": each["product_id"], "quantity": line.parts.get(each["product_id"], each["least"])}
            for each in (bundle.components if bundle else ())
        ],
    }


def _steps(line: Line, kind: str) -> Iterator[Mapping[str, Any]]:
    return (step for step in line.steps if step["kind"] == kind)
