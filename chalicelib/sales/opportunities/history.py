"""A deal's history: what happened to stage, status, amount, close date and approval, from the change log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core import changelog, ownership
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.table import Page
from chalicelib.sales.opportunities.models import Opportunity, shown_approval

_TOLD: Final = (
    "stage_id",
    "status",
    "amount",
    "close_on",
    "stage_approval",
    "lost_reason",
    "reopen_reason",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of the history: how the deal stood from then on, and what was before.

    `before` has only what this change touched; nothing at the deal's beginning.
    """

    version: int
    at: str
    by: str | None
    after: dict[str, Any]
    before: dict[str, Any]


def history(deal_id: str, *, who: Principal, **paging: Any) -> Page[Any]:
    """Return the turns of a deal in reach, newest first (`changelog.told`)."""
    deal = ownership.reached(Opportunity, deal_id, who=who)
    return changelog.told(deal.id, _turns, **paging)


def _turns(entry: changelog.Entry) -> Iterator[Turn]:
    if not set(_TOLD).isdisjoint(entry.fields):
        yield Turn(entry.version, entry.at, entry.by, _told(entry.after or {}), _told(entry.before))


def _told(image: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: image[name] for name in _TOLD if name in image}
    if "amount" in told:
        told["amount"] = Money(**told["amount"])
    if "stage_approval" in told:
        told["stage_approval"] = shown_approval(told["stage_approval"])
    return told
