"""What is kept in stock: spares in two warehouses, some on their way, and a kit of them sold."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import clock
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.orders import service as orders
from infra.demo.people import COMPANY, acting, known_id

_STOCK: Final[dict[str, Any]] = COMPANY["stock"]


def fill() -> None:
    """Add warehouses, and products that they keep; let units come in, and others be on their way."""
    keeper = acting(known_id("user", "olga"))
    places = {
        each["code"]: inventory.add_warehouse(keeper_id=keeper.id, by=keeper, **each).id
        for each in _STOCK["warehouses"]
    }
    for each in _STOCK["products"]:
        _keep(each, places, by=keeper)
    for each in _STOCK["supplies"]:
        _expect(each, by=keeper)


def _keep(told: dict[str, Any], places: dict[str, str], *, by: Principal) -> None:
    cost = Money(told["cost"], "CNY")
    product = _product(told, cost=cost, stocked=True)
    for code, units in told["units"].items():
        rule = {"reorder_point": told["reorder_point"], "unit_cost": cost}
        inventory.set_rule(product.id, places[code], version=0, by=by, **rule)
        _receive(f"OPENING-{code}-{told['code']}", told["code"], code, units, by=by)


def _expect(told: dict[str, Any], *, by: Principal) -> None:
    due = clock.today() + timedelta(days=told["days"])
    asked = {name: told[name] for name in ("reference", "supplier", "product", "warehouse", "quantity")}
    inventory.add_supply({**asked, "expected_on": due}, by=by)
    if came := told["received"]:
        _receive(
            f"GRN-{told['reference']}",
            told["product"],
            told["warehouse"],
            came,
            by=by,
            supply=told["reference"],
        )


def _receive(reference: str, product: str, place: str, units: int, *, by: Principal, **of: str) -> None:
    names = {"reference": reference, "product": product, "warehouse": place}
    inventory.record({"type": "RECEIPT", "quantity": units, **names, **of}, by=by)


def _product(told: dict[str, Any], **details: Any) -> Any:
    named = {name: told[name] for name in ("code", "name")}
    by = acting(known_id("user", "olga"))
    return catalog.add_product(
        list_price=Money(told["price"], "CNY"), family="Spares 备件", by=by, **named, **details
    )


def sell(deals: Sequence[Opportunity]) -> None:
    """Sell a kit of the spares to the latest customer at home: half of it has gone out."""
    deal = next(each for each in reversed(deals) if each.status == "WON" and each.amount.currency == "CNY")
    seller, finance = acting(deal.owner_id), acting(known_id("user", "fang"))
    codes = catalog.by_codes(_STOCK["bundle"]["holds"])
    parts = [
        {"product_id": codes[code], "quantity": n, "least": n, "most": n}
        for code, n in _STOCK["bundle"]["holds"].items()
    ]
    kit = _product(_STOCK["bundle"], components=parts)
    lines = [{"product_id": kit.id, "quantity": _STOCK["ordered"], "tax_bps": 1_300}]
    made = orders.draft(by=seller, account_id=deal.account_id, currency="CNY", lines=lines)
    orders.submit(made.id, by=seller)
    orders.approve(made.id, by=finance)
    orders.activate(made.id, by=seller)
    half = [{"number": 1, "quantity": _STOCK["ordered"] // 2}]
    orders.ship(made.id, reference="DN-KIT-1", lines=half, by=seller)
