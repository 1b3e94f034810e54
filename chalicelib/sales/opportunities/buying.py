"""The other side of the table: who takes part in the purchase, and who else is after the deal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.step import change
from chalicelib.sales.opportunities.intake import customer
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.moves import movable

#: Both are read with each page of a list; far more would make it heavy.
MOST_BUYERS: Final = 50
MOST_COMPETITORS: Final = 10
_UNKNOWN: Final[Mapping[str, Any]] = dict.fromkeys(("strengths", "weaknesses", "price", "status"))


def set_buyer(
    deal_id: str,
    contact_id: str,
    *,
    role: str | None,
    attitude: str | None = None,
    version: int | None,
    by: Principal,
) -> Opportunity:
    """Say what part a contact of the deal's account has in the purchase, and how they stand to us.

    Role None: no part any more. Invalid (`contact_id`) for a contact who is not of the account, and
    for one more than a deal may have.
    """
    deal = movable("amend", deal_id, version=version, by=by)
    buyers = {other: held for other, held in deal.buyers.items() if other != contact_id}
    if role:
        customer(deal.account_id, contact_id, who=by)
        if len(buyers) >= MOST_BUYERS:
            raise errors.Invalid.one("contact_id", "buyers_full", most=MOST_BUYERS)
        buyers[contact_id] = {"role": role, "attitude": attitude}
    change(deal, by=by.id, buyers=buyers)
    return deal


def competitors(asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return competitors as a deal keeps them. Invalid for a name that is there twice."""
    names = [each["name"].casefold() for each in asked]
    twice = [position for position, name in enumerate(names) if name in names[:position]]
    if twice:
        raise errors.Invalid(*(FieldError(f"competitors.{n}.name", "competitor_twice") for n in twice))
    return [_kept({**_UNKNOWN, **each}) for each in asked]


def _kept(competitor: dict[str, Any]) -> dict[str, Any]:
    price = competitor["price"]
    return {**competitor, "price": asdict(price) if price else None}
