"""Whatever moves, is promised, waits and goes out, in whatever sequence: the counters tell the truth."""

from collections import Counter, defaultdict
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib.core import errors, ids
from chalicelib.core.attributes import plain
from chalicelib.core.table import client
from chalicelib.sales.inventory import serving
from chalicelib.sales.inventory.models import Stock, stock_id
from tests.organisation.people.builders import hire_everybody
from tests.sales.inventory.builders import (
    allow_back_orders,
    moved,
    product,
    release,
    reserve,
    take_out,
    warehouse,
)

UNITS = st.integers(1, 9)
ORDERS = st.integers(1, 6)
PLACES = st.sampled_from(["SZ", "GZ"])
KINDS = ("RECEIPT", "ISSUE", "ADJUSTMENT", "COUNT", "TRANSFER")


def images(product_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is kept about a product, by kind, from one look at the table."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for raw in client().scan(TableName=Stock.Meta.table_name)["Items"]:
        if raw.get("product_id", {}).get("S") == product_id:
            found[ids.kind_of(raw["id"]["S"])].append(plain(raw))
    return found


class Stockroom(RuleBasedStateMachine):
    """Two warehouses of one product, one of which takes back-orders; what is refused changes nothing."""

    ran = 0

    @initialize(units=UNITS)
    def open(self, units: int) -> None:
        """Open two warehouses, with some units in one of them."""
        Stockroom.ran += 1
        name = f"R{Stockroom.ran}"
        self.product = product(name)
        self.places = {each: warehouse(f"{each}-{name}") for each in ("SZ", "GZ")}
        self.told, self.tried = 0, Stockroom.ran * 1_000
        self.name = name
        allow_back_orders(self.product, self.places["GZ"].id)
        self.move("RECEIPT", units, "SZ")

    def attempt(self, verb: Any, *asked: Any) -> None:
        """Do it, or see it refused without a trace."""
        before = self.counters()
        try:
            verb(*asked)
        except (errors.Blocked, errors.AlreadyExists):
            assert self.counters() == before

    def counters(self) -> dict[str, tuple[int, ...]]:
        """What stands in each warehouse: on hand, reserved, waiting, free, available."""
        found = {name: Stock.find(stock_id(self.product, at.id)) for name, at in self.places.items()}
        return {
            name: (each.on_hand, each.reserved, each.waiting, each.free, each.available)
            for name, each in found.items()
            if each
        }

    def move(self, kind: str, units: int, at: str) -> None:
        """Tell of a movement."""
        self.told += 1
        other = self.places["GZ" if at == "SZ" else "SZ"].code
        into = {"into": other} if kind == "TRANSFER" else {}
        reference = f"{self.name}-{self.told}"
        moved(kind, units, at=self.places[at].code, of=self.name, reference=reference, **into)

    @rule(kind=st.sampled_from(KINDS), units=UNITS, at=PLACES, less=st.booleans())
    def tell(self, kind: str, units: int, at: str, less: bool) -> None:
        """Something moved, or was found."""
        self.attempt(self.move, kind, -units if less and kind == "ADJUSTMENT" else units, at)

    @rule(order=ORDERS, units=UNITS)
    def order(self, order: int, units: int) -> None:
        """An order asks for units."""
        self.attempt(reserve, self.tried + order, (self.product, units))

    @rule(order=ORDERS)
    def cancel(self, order: int) -> None:
        """An order no longer wants them."""
        self.attempt(release, self.tried + order, self.product)

    @rule(order=ORDERS, units=UNITS)
    def ship(self, order: int, units: int) -> None:
        """Units go out to an order."""
        self.told += 1
        self.attempt(take_out, self.tried + order, self.product, units, f"s-{self.told}")

    @rule(at=PLACES)
    def serve(self, at: str) -> None:
        """The change of a stock is delivered, as often as it comes."""
        serving.serve(stock_id(self.product, self.places[at].id))

    @invariant()
    def holds(self) -> None:
        """Nothing is below zero, and every counter is the sum of what it counts."""
        kinds = images(getattr(self, "product", ""))
        on_hand, reserved, waiting = Counter[str](), Counter[str](), Counter[str]()
        for each in kinds["stock_movement"]:
            on_hand[each["stock_id"]] += each["units"]
        for kept in kinds["reservation"]:
            assert min(kept["reserved"], kept["waiting"], kept["taken"]) >= 0
            assert ("holding" in kept, "waiting_for" in kept) == (kept["reserved"] > 0, kept["waiting"] > 0)
            of = stock_id(kept["product_id"], kept["warehouse_id"])
            reserved[of] += kept["reserved"]
            waiting[of] += kept["waiting"]
        for stock in kinds["stock"]:
            assert min(stock["on_hand"], stock["reserved"], stock["waiting"]) >= 0
            assert stock["on_hand"] == on_hand[stock["id"]]
            assert (stock["reserved"], stock["waiting"]) == (reserved[stock["id"]], waiting[stock["id"]])
            assert stock["free"] == stock["on_hand"] - stock["reserved"]
            assert stock["available"] == stock["free"] - stock["waiting"]

    def teardown(self) -> None:
        """When all is delivered, no more is promised than is there, and nobody waits for what is."""
        for place in getattr(self, "places", {}).values():
            serving.serve(stock_id(self.product, place.id))
            stock = Stock.find(stock_id(self.product, place.id))
            assert stock is None or (stock.free >= 0 and min(stock.free, stock.waiting) == 0)


def test_the_counters_tell_the_truth_whatever_happens(tables: None, monkeypatch: Any) -> None:
    hire_everybody()
    # Each run opens two more warehouses; how many a company may have is tested elsewhere.
    monkeypatch.setattr("chalicelib.sales.inventory.warehouses.MOST_WAREHOUSES", 10_000)
    Stockroom.ran = 0
    run_state_machine_as_test(Stockroom, settings=settings(max_examples=8, stateful_step_count=15))
