"""What comes in and goes out: counted exactly, told twice and counted once."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Movement, Stock, Warehouse
from tests.client import OPERATIONS
from tests.organisation.people.builders import hire_everybody
from tests.sales.inventory.builders import all_of, moved, product, reserve, stands, warehouse


def history(**which: Any) -> list[tuple[str, int]]:
    return [(each.type, each.units) for each in service.movements(limit=50, **which).items]


def test_what_stands_is_the_sum_of_what_moved(gtx: str, sz: Warehouse) -> None:
    moved("RECEIPT", 10)
    moved("ISSUE", 3)
    moved("ADJUSTMENT", -2)
    moved("COUNT", 9)

    assert stands(gtx, sz) == (9, 0, 0, 9)
    assert sum(units for _, units in history(product_id=gtx)) == 9
    assert dict(history(product_id=gtx))["COUNT"] == 4


def test_a_movement_told_twice_happens_once(gtx: str, sz: Warehouse) -> None:
    first = moved("RECEIPT", 10, reference="GRN-1")
    moved("ISSUE", 10, reference="OUT-1")

    again = moved("RECEIPT", 10, reference="GRN-1")
    out_again = moved("ISSUE", 10, reference="OUT-1")

    assert (first.repeated, again.repeated, out_again.repeated) == (False, True, True)
    assert [each.id for each in again.movements] == [each.id for each in first.movements]
    assert stands(gtx, sz) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "other", [{"quantity": 11}, {"type": "ADJUSTMENT"}, {"note": "x"}, {"type": "TRANSFER", "into": "GZ"}]
)
def test_a_reference_tells_one_thing_only(gtx: str, sz: Warehouse, other: dict[str, Any]) -> None:
    warehouse("GZ")
    told = {"type": "RECEIPT", "product": "GTX", "warehouse": "SZ", "quantity": 10, "reference": "GRN-1"}
    moved("RECEIPT", 10, reference="GRN-1")

    with pytest.raises(errors.Conflict, match="reference_taken"):
        service.record({**told, **other}, by=OPERATIONS)

    assert stands(gtx, sz) == (10, 0, 0, 10)


def test_a_transfer_leaves_one_warehouse_and_reaches_the_other_at_once(gtx: str, sz: Warehouse) -> None:
    gz = warehouse("GZ")
    moved("RECEIPT", 10)

    done = moved("TRANSFER", 4, into="GZ", reference="T-1")

    assert (stands(gtx, sz), stands(gtx, gz)) == ((6, 0, 0, 6), (4, 0, 0, 4))
    assert [(each.warehouse_id, each.units) for each in done.movements] == [(sz.id, -4), (gz.id, 4)]
    assert history(warehouse_id=gz.id) == [("TRANSFER", 4)]
    assert history(warehouse_id=sz.id, product_id=gtx) == [("TRANSFER", -4), ("RECEIPT", 10)]
    assert moved("TRANSFER", 4, into="GZ", reference="T-1").repeated


def test_a_transfer_of_more_than_there_is_moves_nothing(gtx: str, sz: Warehouse) -> None:
    warehouse("GZ")
    moved("RECEIPT", 3)

    with pytest.raises(errors.Blocked) as refused:
        moved("TRANSFER", 4, into="GZ")

    [missing] = refused.value.missing
    assert missing.values == {"wanted": 4, "there": 3, "missing": 1}
    assert len(all_of(Movement)) == len(all_of(Stock)) == 1


def test_what_is_promised_is_not_issued(gtx: str, sz: Warehouse) -> None:
    moved("RECEIPT", 10)
    reserve(1, (gtx, 7))

    with pytest.raises(errors.Blocked) as refused:
        moved("ISSUE", 4)
    moved("ISSUE", 3)

    assert refused.value.missing[0].values["missing"] == 1
    assert stands(gtx, sz) == (7, 7, 0, 0)


def test_what_is_found_broken_is_gone_also_when_it_was_promised_but_never_below_zero(
    gtx: str, sz: Warehouse
) -> None:
    moved("RECEIPT", 10)
    reserve(1, (gtx, 7))

    moved("ADJUSTMENT", -5)
    with pytest.raises(errors.Blocked):
        moved("ADJUSTMENT", -6)

    assert stands(gtx, sz) == (5, 7, 0, -2)


def test_a_count_may_be_the_first_that_is_heard_of_a_product(gtx: str, sz: Warehouse) -> None:
    moved("COUNT", 0)
    moved("COUNT", 12, reference="C-2")

    assert stands(gtx, sz) == (12, 0, 0, 12)


def test_every_wrong_field_of_a_movement_is_named(gtx: str, sz: Warehouse) -> None:
    product("SERVICE", stocked=False)

    with pytest.raises(errors.Invalid) as nowhere:
        moved("TRANSFER", -1, of="NONE", at="XX", into="YY")
    with pytest.raises(errors.Invalid) as odd:
        moved("RECEIPT", 0, of="SERVICE", into="SZ")
    with pytest.raises(errors.Invalid) as same:
        moved("TRANSFER", 1, into=sz.id)

    assert [(each.field, each.code) for each in nowhere.value.errors] == [
        ("product", "unknown_reference"),
        ("warehouse", "unknown_reference"),
        ("into", "unknown_reference"),
        ("quantity", "unfit_quantity"),
    ]
    assert [(each.field, each.code) for each in odd.value.errors] == [
        ("product", "not_stocked"),
        ("into", "only_transfer"),
        ("quantity", "unfit_quantity"),
    ]
    assert [(each.field, each.code) for each in same.value.errors] == [("into", "same_warehouse")]


def test_a_company_has_a_bounded_number_of_warehouses(tables: None) -> None:
    hire_everybody()
    for number in range(20):
        warehouse(f"W{number}")

    with pytest.raises(errors.Conflict, match="too_many_warehouses"):
        warehouse("ONE-MORE")
