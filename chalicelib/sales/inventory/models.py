"""Warehouses, what stands in them, what moved, is promised and expected, as they are kept."""

from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import clock, ids
from chalicelib.core.attributes import DateAttribute, InstantAttribute, IntegerAttribute, MoneyAttribute
from chalicelib.core.table import Record, index, meta


class Warehouse(Record):
    """A place that keeps what we sell; ACTIVE or RETIRED (serves no new order).

    Orders are served from the lowest `rank` first. `keeper_id` is the user who is told when stock
    runs low.
    """

    Meta = meta("inventory")
    kind = "warehouse"

    GROUP: Final = "warehouses"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("warehouse"))
    group = UnicodeAttribute(default=GROUP)
    code = UnicodeAttribute()
    name = UnicodeAttribute()
    rank = IntegerAttribute(default=100)
    keeper_id = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    by_group = index("group", "code")


class Stock(Record):
    """What stands of a product in a warehouse, in units. There is one item for each such pair.

    `on_hand` is there, `reserved` of it is promised to orders, `waiting` is promised and not there
    yet. `free` (on hand, promised to nobody) and `available` (what another order may have: `free`
    less `waiting`) follow from them and are kept because DynamoDB's conditions compare, but do not
    calculate. `unit_cost` is the rule's, for the value of what is there.
    """

    Meta = meta("inventory")
    kind = "stock"

    id = UnicodeAttribute(hash_key=True)
    product_id = UnicodeAttribute()
    warehouse_id = UnicodeAttribute()
    on_hand = IntegerAttribute(default=0)
    reserved = IntegerAttribute(default=0)
    waiting = IntegerAttribute(default=0)
    free = IntegerAttribute(default=0)
    available = IntegerAttribute(default=0)
    unit_cost = MoneyAttribute(null=True)
    by_warehouse = index("warehouse_id", "id")


class StockRule(Record):
    """How a product is kept in a warehouse; decided by operations.

    `back_order`: may be promised when it is not there. `reorder_point`: falling to it is told.
    Ordering anew takes `lead_days`, happens every `review_days`, in whole `lot`s, and shall be
    enough in `service_bps` of 10,000 cases.
    """

    Meta = meta("inventory")
    kind = "stock_rule"

    id = UnicodeAttribute(hash_key=True)
    product_id = UnicodeAttribute()
    warehouse_id = UnicodeAttribute()
    back_order = BooleanAttribute(default=False)
    reorder_point = IntegerAttribute(null=True)
    lead_days = IntegerAttribute(default=14)
    review_days = IntegerAttribute(default=30)
    lot = IntegerAttribute(default=1)
    service_bps = IntegerAttribute(default=9_500)
    unit_cost = MoneyAttribute(null=True)
    by_warehouse = index("warehouse_id", "id")


class Movement(Record):
    """Units that came into a warehouse or left it: it happened, so it is never changed.

    `units` is what it adds to what is there; `quantity` is what was told (of a COUNT: what was
    found). A TRANSFER is two of them, out and in, with one `reference`. A RECEIPT may be part of a
    supply. `origin` is the request that told it.
    """

    Meta = meta("inventory")
    kind = "stock_movement"

    id = UnicodeAttribute(hash_key=True)
    type = UnicodeAttribute()
    reference = UnicodeAttribute()
    product_id = UnicodeAttribute()
    warehouse_id = UnicodeAttribute()
    other_warehouse_id = UnicodeAttribute(null=True)
    stock_id = UnicodeAttribute()
    quantity = IntegerAttribute()
    units = IntegerAttribute()
    happened_at = InstantAttribute()
    month = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    supply_id = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    origin = UnicodeAttribute(null=True)
    listed = UnicodeAttribute()
    by_product_when = index("product_id", "listed")
    by_warehouse_when = index("warehouse_id", "listed")
    by_stock_when = index("stock_id", "listed")

    @classmethod
    def at(cls, instant: datetime, movement_id: str, **values: Any) -> "Movement":
        """Return a movement that happened at an instant, in its place in the lists."""
        product_id, warehouse_id = values["product_id"], values["warehouse_id"]
        return cls(
            movement_id,
            stock_id=stock_id(product_id, warehouse_id),
            happened_at=instant,
            month=clock.month(clock.business_date(instant)),
            listed=place(instant, movement_id),
            **values,
        )


class Reservation(Record):
    """Units of a product in one warehouse that are promised to an order.

    `reserved` are there for it, `waiting` not yet, `taken` have gone out. `since` is when it was
    promised, which is its turn. While some wait it stands in the queue `waiting_for` its stock,
    while some are there for it in `holding`.
    """

    Meta = meta("inventory")
    kind = "reservation"

    id = UnicodeAttribute(hash_key=True)
    order_id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    warehouse_id = UnicodeAttribute()
    reserved = IntegerAttribute()
    waiting = IntegerAttribute()
    taken = IntegerAttribute(default=0)
    since = UnicodeAttribute()
    waiting_for = UnicodeAttribute(null=True)
    holding = UnicodeAttribute(null=True)
    by_waiting = index("waiting_for", "since")
    by_holding = index("holding", "since")

    @property
    def stock_id(self) -> str:
        """What it is promised of."""
        return stock_id(self.product_id, self.warehouse_id)


class Supply(Record):
    """What a supplier is to deliver into a warehouse, under the `reference` of the order there.

    `status` follows from what came (`supplies.LIFE`): `received` units of `quantity`. It stands in a list
    of its warehouse and one of its product, OPEN or CLOSED, in its `turn`: by the day it is expected on.
    """

    Meta = meta("inventory")
    kind = "supply"

    id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    reference = UnicodeAttribute()
    supplier = UnicodeAttribute(null=True)
    product_id = UnicodeAttribute()
    warehouse_id = UnicodeAttribute()
    quantity = IntegerAttribute()
    received = IntegerAttribute(default=0)
    expected_on = DateAttribute()
    note = UnicodeAttribute(null=True)
    cancelled_on = DateAttribute(null=True)
    cancel_reason = UnicodeAttribute(null=True)
    warehouse_list = UnicodeAttribute()
    product_list = UnicodeAttribute()
    turn = UnicodeAttribute()
    due_minute = UnicodeAttribute(null=True)
    by_warehouse_expected = index("warehouse_list", "turn")
    by_product_expected = index("product_list", "turn")
    by_due = index("due_minute", "id")

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to come."""
        return self.status in OPEN

    @property
    def open(self) -> int:
        """Units that are still to come."""
        return self.quantity - self.received if self.is_open else 0

    @property
    def is_overdue(self) -> bool:
        """Whether something of it should be here by now."""
        return self.is_open and self.expected_on < clock.today()


#: Statuses of a supply of which something is still to come.
OPEN: Final = frozenset({"EXPECTED", "PARTIALLY_RECEIVED"})


def stock_id(product_id: str, warehouse_id: str) -> str:
    """Return the id of what stands of a product in a warehouse."""
    return ids.derived("stock", product_id, warehouse_id)


def rule_id(product_id: str, warehouse_id: str) -> str:
    """Return the id of how a product is kept in a warehouse."""
    return ids.derived("stock_rule", product_id, warehouse_id)


def place(instant: datetime, item_id: str) -> str:
    """Return the place of what stands at an instant in a list by time."""
    return f"{clock.iso(instant)}_{item_id}"


RECORDS = (Warehouse, Stock, StockRule, Movement, Reservation, Supply)
