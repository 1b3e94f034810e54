"""Lists of what is written for customers and deals (quotes, orders): of an account, a deal, an owner; and
what of it waits.
"""

from typing import Any, Final, TypeVar

from chalicelib.core import ownership
from chalicelib.core.access import Principal
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Page, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.opportunities.models import Opportunity

D = TypeVar("D", bound=Owned)

#: The one list of the documents of a kind that wait; the sparse index is as small as what does.
WAITING: Final = "WAITING"


def documents(
    model: type[D],
    *,
    who: Principal,
    account_id: str | None = None,
    opportunity_id: str | None = None,
    waits_for: str | None = None,
    **which: Any,
) -> Page[D]:
    """Return a page of documents, newest first: an account's, an opportunity's, or as `owned_page` has them.

    `model` has the indexes that are asked for, `by_account`, `by_opportunity` and `by_waiting`: what waits
    for somebody's decision. Of these lists those in reach; a page may so be shorter than asked for.
    """
    if not (account_id or opportunity_id or waits_for):
        return ownership.owned_page(model, who=who, **which)
    paging = {name: which.pop(name) for name in ("limit", "after")}
    asked = {"account_id": account_id, "opportunity_id": opportunity_id, "waits_for": waits_for}
    ownership.require_one_list(**asked, **which)
    indexed: Any = model
    if account_id:
        query, key = indexed.by_account.query, accounts.account(account_id, who=who).id
    elif opportunity_id:
        query = indexed.by_opportunity.query
        key = ownership.reached(Opportunity, opportunity_id, who=who).id
    else:
        query, key = indexed.by_waiting.query, WAITING
    # Other kinds of the same table may stand in the same index.
    found: Page[Any] = page(query, key, between=ownership.standing(model), **paging)
    if waits_for:
        found = Page([each for each in found.items if waits_for in each.waits_for], found.after)
    return ownership.in_reach(found, who)
