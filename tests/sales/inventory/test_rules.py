"""Which warehouse serves what: the rules alone."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.inventory.allocation import Part, Plan, Shelf, plan
from chalicelib.sales.inventory.counters import Shift

P = "product"
NEAR, FAR = "near", "far"


def shelves(near: int, far: int, *, back_order_at: str | None = None) -> list[Shelf]:
    return [
        Shelf(P, name, available, back_order=name == back_order_at)
        for name, available in ((NEAR, near), (FAR, far))
    ]


def test_a_product_comes_from_the_first_warehouse_that_has_all_of_it() -> None:
    assert plan({P: 5}, shelves(9, 9)) == Plan([Part(P, NEAR, 5)])
    assert plan({P: 5}, shelves(4, 9)) == Plan([Part(P, FAR, 5)])


def test_what_no_warehouse_has_in_full_comes_from_each_in_turn() -> None:
    assert plan({P: 5}, shelves(3, 4)) == Plan([Part(P, NEAR, 3), Part(P, FAR, 2)])


def test_what_is_nowhere_is_missing_and_nothing_of_it_is_promised() -> None:
    assert plan({P: 9, "other": 1}, shelves(3, 4)) == Plan([], {P: 2, "other": 1})


def test_what_is_nowhere_waits_where_it_may() -> None:
    assert plan({P: 9}, shelves(3, 4, back_order_at=FAR)) == Plan([Part(P, NEAR, 3), Part(P, FAR, 4, 2)])


def test_a_newcomer_takes_nothing_where_others_wait() -> None:
    assert plan({P: 2}, shelves(-3, 0, back_order_at=NEAR)) == Plan([Part(P, NEAR, 0, 2)])


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 50), min_size=1),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(-9, 40), st.booleans()), max_size=9),
)
def test_a_plan_accounts_for_every_unit_and_takes_no_more_than_there_is(
    wanted: dict[str, int], rows: list[tuple[str, int, bool]]
) -> None:
    stocked = [Shelf(product, f"w{n}", units, waits) for n, (product, units, waits) in enumerate(rows)]
    by_place = {(shelf.product_id, shelf.warehouse_id): shelf for shelf in stocked}

    made = plan(wanted, stocked)

    for product, units in wanted.items():
        parts = [part for part in made.parts if part.product_id == product]
        if product in made.missing:
            assert not parts
            assert not any(s.back_order for s in stocked if s.product_id == product)
            continue
        assert sum(part.reserved + part.waiting for part in parts) == units
    for part in made.parts:
        shelf = by_place[part.product_id, part.warehouse_id]
        assert 0 <= part.reserved <= max(0, shelf.available)
        assert part.waiting == 0 or shelf.back_order
        assert part.reserved + part.waiting > 0
    assert len({(part.product_id, part.warehouse_id) for part in made.parts}) == len(made.parts)


@given(st.integers(), st.integers(), st.integers())
def test_what_follows_from_the_counters_moves_with_them(on_hand: int, reserved: int, waiting: int) -> None:
    numbers = Shift(on_hand, reserved, waiting).numbers

    assert numbers["free"] == on_hand - reserved
    assert numbers["available"] == on_hand - reserved - waiting
