"""While a new version is rolled out, old and new classes write the same tables. Nothing is lost by it."""

from typing import Any

from chalicelib import house
from chalicelib.core import boards, changelog, ids, quarantine, reconcile
from chalicelib.core.access import SYSTEM
from chalicelib.core.attributes import to_wire
from chalicelib.core.money import Money
from chalicelib.core.settings import table_name
from chalicelib.core.step import change
from chalicelib.core.table import client
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.catalog.models import Product
from tests.streams import Stream

CATALOG, CONTRACTS = table_name("catalog"), table_name("contracts")


def _put(name: str, item: dict[str, Any]) -> None:
    client().put_item(TableName=name, Item=to_wire(item)["M"])


def _raw(name: str, item_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client().get_item(TableName=name, Key={"id": {"S": item_id}})["Item"]
    return found


def _contract(**values: Any) -> dict[str, Any]:
    return {
        "id": ids.new("contract"),
        "version": 1,
        "status": "DRAFT",
        "owner_id": "user_1",
        "listed": "contract_1",
        "created_month": "2026-11",
        "value": {"minor": 500, "currency": "CNY"},
        **values,
    }


def test_an_attribute_that_this_version_does_not_know_outlives_its_changes(
    tables: None, stream: Stream
) -> None:
    product = catalog.add_product(code="P", name="Press", list_price=Money(5, "CNY"), by=SYSTEM)
    _put(CATALOG, {"of_tomorrow": {"deep": [1, "two"]}, **_plain(product.id)})

    change(Product.fetch(product.id), by=SYSTEM.id, name="Pressing")

    kept = _raw(CATALOG, product.id)
    assert kept["of_tomorrow"] == to_wire({"deep": [1, "two"]})
    assert kept["name"] == {"S": "Pressing"}
    stream.drain()
    [newest, *_] = changelog.history(product.id, limit=5).items
    assert newest.after["of_tomorrow"] == {"deep": [1, "two"]}, "and the log has it too"


def _plain(item_id: str) -> dict[str, Any]:
    from_table = _raw(CATALOG, item_id)
    return {name: next(iter(value.values())) for name, value in from_table.items() if "S" in value} | {
        "version": 1,
        "list_price": {"minor": 5, "currency": "CNY"},
    }


def test_a_kind_that_this_version_does_not_know_is_logged_and_left_alone(
    tables: None, stream: Stream
) -> None:
    stranger = _contract(id=ids.new("addendum"))
    _put(CONTRACTS, stranger)

    stream.drain()
    report = reconcile.run(house.counted(), house.measures())

    [line] = changelog.history(stranger["id"], limit=5).items
    assert (line.version, line.after["value"]) == (1, {"minor": 500, "currency": "CNY"})
    assert report == reconcile.Report()


def test_a_status_that_this_version_does_not_know_is_counted_as_it_is(tables: None, stream: Stream) -> None:
    _put(CONTRACTS, _contract(status="PAUSED"))

    stream.drain()

    assert boards.read("contracts|status") == {"PAUSED|CNY": {"count": 1, "value": 500}}
    assert reconcile.run(house.counted(), house.measures()).drift == 0


def test_a_row_of_another_form_is_parked_with_its_body_by_stream_and_night_alike(
    tables: None, stream: Stream
) -> None:
    _put(CONTRACTS, _contract(value="500 CNY"))
    _put(CONTRACTS, _contract(id=ids.new("contract")))

    stream.deliver(stream.new_records())
    report = reconcile.run(house.counted(), house.measures())

    parked = quarantine.parked(limit=5).items
    assert sorted(each.stage for each in parked) == ["measure", "reconcile"]
    assert all("500 CNY" in each.body for each in parked)
    assert (report.items, report.unreadable, report.drift) == (2, 1, 0)
    assert boards.read("contracts|status") == {"DRAFT|CNY": {"count": 1, "value": 500}}


def test_a_row_without_a_version_is_parked_and_not_counted(tables: None, stream: Stream) -> None:
    row = _contract()
    del row["version"]
    _put(CONTRACTS, row)

    stream.deliver(stream.new_records())

    [parked] = quarantine.parked(limit=5).items
    assert (parked.stage, row["id"] in parked.body) == ("decode", True)
    assert boards.read("contracts|status") == {}
    assert reconcile.run(house.counted(), house.measures()) == reconcile.Report()
