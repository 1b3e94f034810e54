"""Cloning: a new open deal after another's pattern, for the customer who buys again or a second try."""

from datetime import date
from typing import Any, Final

from chalicelib.core import errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.table import expect
from chalicelib.sales.opportunities.intake import open_deal
from chalicelib.sales.opportunities.models import Opportunity

#: What the clone has of the deal, beside its lines or amount; all else is the deal's own history.
_COPIED: Final = (
    "name",
    "account_id",
    "contact_id",
    "pipeline_id",
    "source",
    "campaign",
    "region",
    "industry",
    "description",
    "buyers",
    "competitors",
)


def clone(deal_id: str, *, close_on: date, version: int | None, by: Principal, **instead: Any) -> Opportunity:
    """Open a deal of the caller's own like one in reach, open or closed, in its pipeline's first stage.

    `instead` is what it is to have otherwise, as `open_deal` takes it. Blocked for a deal without
    an account; what else a new deal must not have (a voided contact, a product no longer sold) is
    refused as there.
    """
    deal = ownership.reached(Opportunity, deal_id, who=by)
    ownership.require_standing(deal)
    expect(deal, version)
    if deal.account_id is None:
        raise errors.Blocked(FieldError("account_id", "missing"))
    copied = {name: getattr(deal, name) for name in _COPIED} | _worth(deal)
    if "lines" in instead:
        del copied["amount"]
    return open_deal(**copied | instead, close_on=close_on, cloned_from=deal.id, by=by)


def _worth(deal: Opportunity) -> dict[str, Any]:
    lines = [
        {name: line[name] for name in ("product_id", "quantity", "unit_price")} for line in deal.priced_lines
    ]
    return {"lines": lines, "amount": None if lines else deal.amount}
