"""What the keeper of a warehouse is told: stock falls to its reorder point (低库存), a supply is overdue."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import access, clock, errors, i18n, ids
from chalicelib.core.changelog import Change
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory.models import Stock, StockRule, Supply, Warehouse, rule_id, stock_id

#: How long the keeper has to do something about it. The reminder comes at once, by mail.
TIME_TO_ACT: Final = timedelta(days=1)


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


def overdue(supply: Supply) -> None:
    """Tell the keeper that a supply should have come by now; once for each day that it was promised for."""
    step = Step(by=access.SYSTEM.id)
    step.change(supply, due_minute=None)
    if supply.is_overdue:
        told: dict[str, Any] = {
            "reference": supply.reference,
            "supplier": supply.supplier or "–",
            "open": supply.open,
            "day": supply.expected_on,
        }
        _task(step, "supply.task.overdue", supply, of=("overdue", supply.version), **told)
    step.commit()


def _tell(crossing: Change, rule: StockRule, available: int) -> None:
    told = {"available": available, "point": rule.reorder_point}
    step = Step(by=access.SYSTEM.id)
    _task(step, "stock.task.low", rule, of=("low", crossing.version), about=crossing.id, **told)
    with suppress(errors.AlreadyExists):  # told when this change came the first time
        step.commit()


def _task(
    step: Step, text: str, kept: StockRule | Supply, *, of: tuple[str, int], about: str = "", **told: Any
) -> None:
    """Add to a step a task of the keeper of a product's warehouse; `of`: what came of which version."""
    place = Warehouse.fetch(kept.warehouse_id)
    keeper = people.user(place.keeper_id)
    told |= {"product": catalog.product(kept.product_id).name, "warehouse": place.name}
    why, version = of
    activities.add_task(
        step,
        id=ids.derived("task", about or kept.id, why, str(version)),
        title=i18n.text(text, keeper.language or settings().language, **told)[:200],
        owner_id=keeper.id,
        team_id=keeper.team_id,
        due_at=clock.now() + TIME_TO_ACT,
        remind_at=clock.now(),
    )
