"""Low stock 低库存: whoever keeps a warehouse gets a task when a product falls to its reorder point."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.core import clock, errors, i18n, ids
from chalicelib.core.changelog import Change
from chalicelib.core.settings import settings
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory.models import Stock, StockRule, Warehouse, rule_id, stock_id

#: How long the keeper has to order anew. The reminder comes at once, by mail.
TIME_TO_ORDER: Final = timedelta(days=1)


def fell(stock: Change) -> None:
    """Tell the keeper when what is available has fallen to the reorder point: once for each crossing."""
    if stock.before is None or stock.after is None:
        return
    rule = StockRule.find(rule_id(stock.after["product_id"], stock.after["warehouse_id"]))
    if rule is None or rule.reorder_point is None:
        return
    if stock.before["available"] > rule.reorder_point >= stock.after["available"]:
        _tell(stock, rule, stock.after["available"])


def raised(changed: Change) -> None:
    """Tell the keeper when a reorder point was set or raised above what is available."""
    if changed.after is None or changed.after.get("reorder_point") is None:
        return
    stock = Stock.find(stock_id(changed.after["product_id"], changed.after["warehouse_id"]))
    available = stock.available if stock else 0
    before = (changed.before or {}).get("reorder_point")
    if (before is None or available > before) and available <= changed.after["reorder_point"]:
        _tell(changed, StockRule.fetch(changed.id), available)


def _tell(crossing: Change, rule: StockRule, available: int) -> None:
    place = Warehouse.fetch(rule.warehouse_id)
    keeper = people.user(place.keeper_id)
    title = i18n.text(
        "stock.task.low",
        keeper.language or settings().language,
        product=catalog.product(rule.product_id).name,
        warehouse=place.name,
        available=available,
        point=rule.reorder_point,
    )
    try:
        activities.add_task(
            None,
            id=ids.derived("task", crossing.id, "low", str(crossing.version)),
            title=title[:200],
            **_owner(keeper),
            due_at=clock.now() + TIME_TO_ORDER,
            remind_at=clock.now(),
        )
    except errors.AlreadyExists:
        return  # told when this change came the first time


def _owner(keeper: Any) -> dict[str, Any]:
    return {"owner_id": keeper.id, "team_id": keeper.team_id}
