"""From a change to the log, the aggregates and the reactions."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError

from chalicelib import house
from chalicelib.core import boards, changelog, changes, errors, quarantine
from chalicelib.core.access import SYSTEM
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Cell, Image
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.catalog.models import Product
from tests.streams import Stream


def by_family(product: Image) -> Iterator[Cell]:
    """Count products and list prices by family."""
    yield Cell("products|family", product["family"], {"count": 1, "list": product["list_price"]["minor"]})


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> changes.House:
    """A house in which products are measured and nobody reacts."""
    made = changes.House({"product": by_family}, {})
    monkeypatch.setattr(house, "house", lambda: made)
    return made


def _product(family: str, price: int, code: str = "P1") -> Product:
    return catalog.add_product(
        code=code, name="Press 压力机", list_price=Money(price, "CNY"), family=family, by=SYSTEM
    )


def test_a_change_is_counted_and_logged_once_however_often_it_comes(
    measured: changes.House, stream: Stream
) -> None:
    product = _product("GTX", 100)
    stream.drain()
    catalog.change_product(product.id, version=1, by=SYSTEM, family="MG", list_price=Money(250, "CNY"))
    stream.drain()

    for _ in range(3):
        stream.deliver(list(stream.delivered))

    assert boards.read("products|family") == {"GTX": {"count": 0, "list": 0}, "MG": {"count": 1, "list": 250}}
    log = changelog.history(product.id, limit=10).items
    assert (log[0].version, log[0].fields) == (2, ["family", "list_price"])
    assert log[0].before == {"family": "GTX", "list_price": {"minor": 100, "currency": "CNY"}}


def test_changes_in_any_order_end_in_the_newest(measured: changes.House, stream: Stream) -> None:
    product = _product("GTX", 100)
    catalog.change_product(product.id, version=1, by=SYSTEM, family="MG")
    records = stream.new_records()

    stream.deliver(list(reversed(records)))

    assert boards.total(boards.read("products|family")) == {"count": 1, "list": 100}
    assert boards.read("products|family")["MG"]["count"] == 1


def test_a_voided_item_counts_for_nothing(measured: changes.House, stream: Stream) -> None:
    product = _product("GTX", 100)
    stream.drain()

    catalog.change_product(product.id, version=1, by=SYSTEM, status="VOIDED")
    stream.drain()

    assert boards.total(boards.read("products|family")) == {"count": 0, "list": 0}


def test_a_record_that_cannot_be_read_is_kept_in_quarantine_and_the_rest_goes_on(
    measured: changes.House, stream: Stream
) -> None:
    _product("GTX", 100)
    poison: Any = {"dynamodb": {"SequenceNumber": "1", "NewImage": {"id": {"S": "product_x"}}}}

    stream.deliver([poison, *stream.new_records()])

    assert boards.read("products|family")["GTX"]["count"] == 1
    [parked] = quarantine.parked(limit=10).items
    assert (parked.stage, "product_x" in parked.body) == ("decode", True)


def test_an_item_that_breaks_its_measure_is_parked_and_its_neighbours_are_counted(
    measured: changes.House, stream: Stream
) -> None:
    _product("GTX", 100)
    catalog.add_product(code="P2", name="no family", list_price=Money(5, "CNY"), by=SYSTEM)

    stream.deliver(stream.new_records())

    assert boards.read("products|family") == {"GTX": {"count": 1, "list": 100}}
    assert quarantine.parked(limit=10).items[0].stage == "measure"


def test_what_dynamodb_will_never_take_is_parked_alone_and_its_neighbours_are_kept(tables: None) -> None:
    told = [
        Change(
            "product", f"product_{number}", 1, None, {"id": f"product_{number}"}, "2026-01-01T00:00:00.000Z"
        )
        for number in range(7)
    ]
    kept: list[str] = []

    def write(batch: Sequence[Change]) -> None:
        if any(change.id == "product_3" for change in batch):
            raise PutError(
                "too large", ClientError({"Error": {"Code": "ValidationException"}}, "BatchWriteItem")
            )
        kept.extend(change.id for change in batch)

    changes._each("log", write, told)

    assert kept == [change.id for change in told if change.id != "product_3"]
    [parked] = quarantine.parked(limit=10).items
    assert (parked.stage, "product_3" in parked.body) == ("log", True)


def test_a_passing_fault_parks_nothing(tables: None) -> None:
    def write(_: Sequence[Change]) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "BatchWriteItem")

    with pytest.raises(ClientError):
        changes._each("log", write, [Change("product", "product_1", 1, None, None, "")])

    assert quarantine.parked(limit=10).items == []


def test_a_body_of_any_script_fits_into_quarantine(tables: None) -> None:
    quarantine.park("decode", {"note": "长" * 350_000}, ValueError("no"))

    [parked] = quarantine.parked(limit=10).items
    assert 349_990 < len(parked.body.encode()) <= quarantine.LARGEST


def test_a_reaction_that_fails_for_good_is_parked_and_one_that_may_succeed_comes_again(
    stream: Stream, tables: None
) -> None:
    change = Change("product", "product_1", 1, None, {"id": "product_1"}, "2026-01-01T00:00:00.000Z")

    refused = ClientError({"Error": {"Code": "ValidationException", "Message": "too large"}}, "PutItem")

    def meets(fault: Exception) -> changes.Reactions:
        def reaction(_: Change) -> None:
            raise fault

        reaction.__qualname__ = type(fault).__name__
        return {"product": (reaction,)}

    assert changes.react(change, meets(KeyError("price"))) is True
    assert changes.react(change, meets(PutError("no", refused))) is True
    assert changes.react(change, meets(errors.Busy())) is False
    parked = sorted(each.reason.partition(":")[0] for each in quarantine.parked(limit=10).items)
    assert parked == ["KeyError", "PutError"]
