"""What suppliers are to deliver: told once, received in parts, late ones told, closed when through."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import boards, clock, due, errors
from chalicelib.customers.activities import service as activities
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import OPEN, Supply, Warehouse
from chalicelib.sales.inventory.reactions import DUE
from chalicelib.sales.inventory.supplies import LIFE, following
from tests.client import OPERATIONS, REP, Client
from tests.sales.inventory.builders import moved, product, stands, warehouse
from tests.streams import Stream

MORNING = datetime(2026, 11, 2, 1, tzinfo=UTC)
FRIDAY = date(2026, 11, 6)


def expected(reference: str = "PO-1", quantity: int = 10, **told: Any) -> Supply:
    asked = {"reference": reference, "product": "GTX", "warehouse": "SZ", "quantity": quantity}
    return service.add_supply({**asked, "expected_on": FRIDAY, "supplier": "Meier", **told}, by=OPERATIONS)


def stood(supply: Supply) -> tuple[str, int, int]:
    found = service.supply(supply.id)
    return found.status, found.received, found.open


def test_what_comes_in_parts_is_counted_once_each_and_closes_the_supply(gtx: str, sz: Warehouse) -> None:
    supply = expected()
    assert stood(supply) == ("EXPECTED", 0, 10)

    for _ in range(2):
        moved("RECEIPT", 4, reference="GRN-1", supply="PO-1")
    assert stood(supply) == ("PARTIALLY_RECEIVED", 4, 6)
    first = moved("RECEIPT", 7, reference="GRN-2", supply=supply.id)
    again = moved("RECEIPT", 7, reference="GRN-2", supply="PO-1")

    assert stood(supply) == ("RECEIVED", 11, 0)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.movements[0].supply_id == supply.id
    assert stands(gtx, sz) == (11, 0, 0, 11)


def test_what_is_not_to_come_is_refused_and_moves_nothing(gtx: str, sz: Warehouse) -> None:
    product("MSX"), warehouse("GZ")
    supply = expected()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"supply": "PO-9"}, "unknown_reference"),
        ({"supply": "PO-1", "of": "MSX"}, "other_supply"),
        ({"supply": "PO-1", "at": "GZ"}, "other_supply"),
    ]
    for told, code in wrong:
        with pytest.raises(errors.Invalid) as refused:
            moved("RECEIPT", 1, **told)
        assert [(each.field, each.code) for each in refused.value.errors] == [("supply", code)]
    with pytest.raises(errors.Invalid):
        moved("ADJUSTMENT", 1, supply="PO-1")
    service.cancel_supply(supply.id, reason="Bankrupt", version=None, by=OPERATIONS)
    with pytest.raises(errors.Blocked) as closed:
        moved("RECEIPT", 1, supply="PO-1")

    assert [(each.field, each.code) for each in closed.value.missing] == [("supply", "supply_closed")]
    assert service.movements(warehouse_id=sz.id, limit=9).items == []
    assert stood(supply) == ("CANCELLED", 0, 0)


def test_the_rest_of_a_supply_is_given_up(gtx: str, sz: Warehouse) -> None:
    supply = expected()
    moved("RECEIPT", 4, supply="PO-1")

    with pytest.raises(errors.Invalid):
        service.change_supply(supply.id, quantity=3, version=None, by=OPERATIONS)
    done = service.cancel_supply(supply.id, reason="Sold out", version=None, by=OPERATIONS)
    with pytest.raises(errors.OutOfTurn):
        service.change_supply(supply.id, quantity=12, version=None, by=OPERATIONS)

    assert (done.status, done.open) == ("RECEIVED", 0)
    assert done.due_minute is None


def told(supply: Supply, happened: Any) -> tuple[str, dict[str, Any]]:
    """Return what is done to a supply, and the facts of it."""
    if happened == "cancel":
        return "cancel", {"cancelled_on": FRIDAY}
    if happened == "less":
        return "change", {"quantity": max(1, supply.received)}
    return "receive", {"received": supply.received + happened}


@settings(max_examples=25)
@given(
    st.integers(1, 9), st.lists(st.one_of(st.integers(1, 9), st.sampled_from(["cancel", "less"])), max_size=5)
)
def test_whatever_happens_to_a_supply_its_status_follows_from_what_came(
    quantity: int, happened: list[Any]
) -> None:
    supply = Supply(
        "supply_" + "0" * 26, product_id="p", warehouse_id="w", quantity=quantity, expected_on=FRIDAY
    )
    supply.status = following(supply)["status"]
    for each in happened:
        if not supply.is_open:
            break
        verb, facts = told(supply, each)
        before, after = supply.status, following(supply, **facts)
        LIFE.check(verb, before, after["status"])
        for name, value in (facts | after).items():
            setattr(supply, name, value)
        assert (supply.due_minute is None) == (supply.status not in OPEN)
        assert (supply.open > 0) == (supply.status in OPEN)


def tasks_at(minute: datetime) -> list[str]:
    """Do what is due at a minute; return the keeper's tasks."""
    with clock.at(minute + timedelta(seconds=30)):
        for supply in list(Supply.by_due.query(due.minute(minute))):
            DUE[Supply](supply)
    found = activities.tasks(who=OPERATIONS, owner_id=OPERATIONS.id, limit=50).items
    return [task.title for task in found]


def test_the_keeper_is_told_of_what_has_not_come_once_for_each_day_it_was_promised_for(
    gtx: str, sz: Warehouse
) -> None:
    # Midnight has passed in Shanghai.
    saturday, monday = (datetime(2026, 11, day, 16, tzinfo=UTC) for day in (6, 8))
    with clock.at(MORNING):
        supply = expected()

    told = ["Supply PO-1 (Meier) is overdue: 10 of GTX 仪器 were to be in SZ 仓 on 2026-11-06"]
    assert tasks_at(saturday - timedelta(minutes=1)) == []
    assert tasks_at(saturday) == tasks_at(saturday) == told
    with clock.at(saturday + timedelta(hours=1)):
        service.change_supply(supply.id, expected_on=date(2026, 11, 8), version=None, by=OPERATIONS)

    assert [title[-10:] for title in tasks_at(monday)] == ["2026-11-06", "2026-11-08"]


def test_what_is_told_when_it_is_late_already_is_due_at_once_and_what_has_come_never(
    gtx: str, sz: Warehouse
) -> None:
    with clock.at(MORNING + timedelta(days=30)):
        late, came = expected(), expected("PO-2")
        moved("RECEIPT", 10, supply="PO-2")

    assert service.supply(came.id).due_minute is None
    assert late.due_minute == due.minute(MORNING + timedelta(days=30))
    assert len(tasks_at(MORNING + timedelta(days=30))) == 1


def test_what_is_expected_stands_beside_what_is_there(
    gtx: str, sz: Warehouse, stream: Stream, client: Client
) -> None:
    expected()
    expected("PO-2", 5)
    moved("RECEIPT", 4, supply="PO-1")
    stream.drain()

    assert boards.read("stock|product") == {f"{gtx}|-": {"on_hand": 4, "expected": 11}}
    [row] = client.get("/analytics/stock", by=OPERATIONS).json["rows"]
    assert (row["on_hand"], row["expected"], row["value"]) == (4, 11, None)


def test_purchasing_tells_supplies_and_sellers_read_them(client: Client, gtx: str, sz: Warehouse) -> None:
    body = {
        "reference": "PO-1",
        "product": "GTX",
        "warehouse": "SZ",
        "quantity": 10,
        "expected_on": "2099-11-06",
    }

    made = client.post("/supplies", body, by=OPERATIONS)
    again = client.post("/supplies", body, by=OPERATIONS)
    wrong = client.post("/supplies", {**body, "product": "NO", "warehouse": "NO"}, by=OPERATIONS)
    at = made.headers["location"]
    changed = client.patch(at, {"expected_on": "2020-11-09"}, by=OPERATIONS, match=1)
    later = client.post("/supplies", {**body, "reference": "PO-2"}, by=OPERATIONS).json

    assert (made.status, made.json["status"], made.json["overdue"]) == (201, "EXPECTED", False)
    assert (again.status, again.json["holder"]) == (409, made.json["id"])
    assert {(each["field"], each["code"]) for each in wrong.json["errors"]} == {
        ("product", "unknown_reference"),
        ("warehouse", "unknown_reference"),
    }
    assert changed.json["overdue"] is True
    for which in ({"product_id": gtx}, {"warehouse_id": sz.id}):
        assert client.get("/supplies", query=which, by=REP).json["items"] == [changed.json, later]
    done = client.post(f"{at}/cancel", {"reason": "No"}, by=OPERATIONS).json
    closed = {"product_id": gtx, "state": "CLOSED"}
    assert client.get("/supplies", query=closed, by=REP).json["items"] == [done]
    both = client.get("/supplies", query={"product_id": gtx, "warehouse_id": sz.id}, by=REP)
    assert (both.status, both.json["errors"][0]["code"]) == (400, "one_of_two")
    assert client.get("/supplies").status == 401
    assert client.post("/supplies", body, by=REP).status == 403
