"""Lists of what is written for customers and deals (quotes, orders): of an account, a deal, an owner."""

from typing import Any, TypeVar

from chalicelib.core import ownership
from chalicelib.core.access import Principal
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Page, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.opportunities.models import Opportunity

D = TypeVar("D", bound=Owned)


def documents(
    model: type[D],
    *,
    who: Principal,
    account_id: str | None = None,
    opportunity_id: str | None = None,
    **which: Any,
) -> Page[D]:
    """Return a page of documents, newest first: an account's, an opportunity's, or as `owned_page` has them.

    `model` has the indexes that are asked for, `by_account` and `by_opportunity`. Of an account's or
    opportunity's those in reach; a page may so be shorter than asked for.
    """
    if not (account_id or opportunity_id):
        return ownership.owned_page(model, who=who, **which)
    paging = {name: which.pop(name) for name in ("limit", "after")}
    ownership.require_one_list(account_id=account_id, opportunity_id=opportunity_id, **which)
    indexed: Any = model
    if account_id:
        query, key = indexed.by_account.query, accounts.account(account_id, who=who).id
    else:
        query = indexed.by_opportunity.query
        key = ownership.reached(Opportunity, str(opportunity_id), who=who).id
    # Other kinds of the same table may stand in the same index.
    return ownership.in_reach(page(query, key, between=ownership.standing(model), **paging), who)
