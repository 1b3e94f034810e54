"""Price books, promotions and prices over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.customers.accounts import service as accounts
from tests.client import COLLEAGUE, FINANCE, MANAGER, OPERATIONS, REP, Client
from tests.insight.analytics.boards import calls
from tests.organisation.people.builders import hire_everybody

BOOK = {"name": "East, gold 华东金牌", "currency": "CNY", "regions": ["East"], "grades": ["GOLD"]}


def _cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def _tier(unit_price: Any, start: int = 1) -> Any:
    return {"from_quantity": start, "unit_price": unit_price}


def _post(client: Client, path: str, body: Any, status: int = 201) -> Any:
    reply = client.post(path, body, by=OPERATIONS)
    assert reply.status == status, reply.text
    return reply.json


def _product(client: Client, code: str = "P1", price: str = "1000.00", **details: Any) -> Any:
    return _post(client, "/products", {"code": code, "name": code, "list_price": _cny(price), **details})


@pytest.fixture
def press(client: Client) -> Any:
    """A press for 1,000.00, that costs us 400.00."""
    return _product(client, cost=_cny("400.00"))


def _priced(client: Client, *tiers: tuple[int, str], of: str, **terms: Any) -> Any:
    book = _post(client, "/price-books", {**BOOK, **terms})
    rows = [_tier(_cny(amount), start) for start, amount in tiers]
    path = f"/price-books/{book['id']}/prices"
    _post(client, path, {"prices": [{"product_id": of, "tiers": rows}]}, 200)
    return book


def test_nobody_reads_prices_without_signing_in(client: Client) -> None:
    for path in ("/price-books", "/promotions", "/price-policy"):
        assert client.get(path).status == 401


def test_a_rep_reads_price_books_but_sets_none(client: Client, press: Any) -> None:
    book = _post(client, "/price-books", BOOK)

    assert client.get(f"/price-books/{book['id']}", by=REP).json == book
    assert client.post("/price-books", BOOK, by=REP).status == 403
    assert client.put("/price-policy", {"limits": {"REP": 9_000}}, by=REP, match=0).status == 403


def test_every_wrong_price_is_named_at_once(client: Client, press: Any) -> None:
    book = _post(client, "/price-books", BOOK)
    dollars = {"amount": "1", "currency": "USD"}
    prices = [
        {"product_id": press["id"], "tiers": [_tier(_cny("1"), 2)]},
        {"product_id": press["id"], "tiers": [_tier(dollars), _tier(_cny("1"))]},
        {"product_id": book["id"], "tiers": []},
    ]

    reply = client.post(f"/price-books/{book['id']}/prices", {"prices": prices}, by=OPERATIONS)

    assert {(each["field"], each["code"]) for each in reply.json["errors"]} == {
        ("prices.0.tiers", "tier_from_one"),
        ("prices.1.product_id", "product_twice"),
        ("prices.1.tiers.0.unit_price", "currency_mismatch"),
        ("prices.1.tiers.1.from_quantity", "tier_twice"),
        ("prices.2.product_id", "unknown_reference"),
    }
    assert client.get(f"/price-books/{book['id']}/prices", by=REP).json["items"] == []


def test_an_offer_ends_after_it_begins_and_takes_off_one_thing(client: Client) -> None:
    period = {"valid_from": "2026-12-01", "valid_until": "2026-11-30"}
    for path, body in (
        ("/price-books", BOOK),
        ("/promotions", {"name": "P", "currency": "CNY", "percent_bps": 1}),
    ):
        reply = client.post(path, {**body, **period}, by=OPERATIONS)
        assert [(each["field"], each["code"]) for each in reply.json["errors"]] == [
            ("valid_until", "before_beginning")
        ]
    for both in ({}, {"percent_bps": 100, "amount": _cny("1.00")}):
        reply = client.post("/promotions", {"name": "P", "currency": "CNY", **both}, by=OPERATIONS)
        assert [each["code"] for each in reply.json["errors"]] == ["percent_or_amount"]


def test_a_customer_gets_the_price_of_its_grade_and_region_explained(client: Client, press: Any) -> None:
    hire_everybody()
    account = accounts.add_account(name="Kangnai 康奈", region="East", by=REP)
    _priced(client, (1, "900.00"), (10, "850.00"), of=press["id"])
    autumn = _post(client, "/promotions", {"name": "Autumn", "currency": "CNY", "percent_bps": 1_000})
    asked = {
        "currency": "CNY",
        "account_id": account.id,
        "lines": [{"product_id": press["id"], "quantity": 10, "discount_bps": 500}],
    }

    before = client.post("/prices", asked, by=REP).json
    graded = client.post(f"/accounts/{account.id}/grade", {"grade": "GOLD"}, by=MANAGER)
    after = client.post("/prices", asked, by=REP, headers={"Accept-Language": "zh-CN"}).json

    assert client.post(f"/accounts/{account.id}/grade", {"grade": "GOLD"}, by=REP).status == 403
    assert graded.json["grade"] == "GOLD"
    assert [step["kind"] for step in before["lines"][0]["steps"]] == ["LIST", "PROMOTION", "DISCOUNT"]
    [line] = after["lines"]
    assert [(step["label"], step["amount"]["amount"]) for step in line["steps"]] == [
        ("价目表价", "9000.00"),
        ("阶梯价", "-500.00"),
        ("促销", "-850.00"),
        ("折扣", "-382.50"),
    ]
    assert line["steps"][2]["source_id"] == autumn["id"]
    assert after["net"] == line["net"] == _cny("7267.50")
    assert [(each["field"], each["code"]) for each in after["approval"]] == [
        ("lines.0", "discount_beyond_limit")
    ]
    assert client.post("/prices", asked, by=COLLEAGUE).status == 400


def test_the_margin_is_for_those_who_may_know_costs(client: Client, press: Any) -> None:
    asked = {"currency": "CNY", "lines": [{"product_id": press["id"], "quantity": 2}]}

    assert client.post("/prices", asked, by=REP).json["margin"] is None
    assert client.post("/prices", asked, by=FINANCE).json["margin"] == {
        "earned": _cny("1200.00"),
        "price": _cny("2000.00"),
    }
    assert client.get(f"/products/{press['id']}/cost", by=REP).status == 403
    assert client.get(f"/products/{press['id']}/cost", by=MANAGER).json["cost"] == _cny("400.00")
    assert "cost" not in client.get(f"/products/{press['id']}", by=MANAGER).json


def test_a_book_that_is_over_or_retired_holds_no_more(client: Client, press: Any) -> None:
    yesterday = clock.today().replace(year=clock.today().year - 1).isoformat()
    book = _priced(client, (1, "1.00"), of=press["id"], grades=[], regions=[])
    asked = {"currency": "CNY", "lines": [{"product_id": press["id"], "quantity": 1}]}
    path = f"/price-books/{book['id']}"

    assert client.post("/prices", asked, by=REP).json["net"] == _cny("1.00")
    client.patch(path, {"valid_until": yesterday}, by=OPERATIONS, match=2)
    assert client.post("/prices", asked, by=REP).json["net"] == _cny("1000.00")
    assert client.post("/prices", {**asked, "on": yesterday}, by=REP).json["net"] == _cny("1.00")
    client.patch(path, {"valid_until": None, "status": "RETIRED"}, by=OPERATIONS, match=3)
    assert client.post("/prices", asked, by=REP).json["net"] == _cny("1000.00")
    client.patch(path, {"status": "ACTIVE"}, by=OPERATIONS, match=4)
    assert client.post("/prices", asked, by=REP).json["net"] == _cny("1.00")


def test_a_price_without_tiers_leaves_the_book(client: Client, press: Any) -> None:
    book = _priced(client, (1, "1.00"), of=press["id"], grades=[], regions=[])
    path = f"/price-books/{book['id']}/prices"

    _post(client, path, {"prices": [{"product_id": press["id"], "tiers": []}]}, 200)

    [gone] = client.get(path, by=REP).json["items"]
    assert (gone["status"], gone["version"]) == ("VOIDED", 2)
    asked = {"currency": "CNY", "lines": [{"product_id": press["id"], "quantity": 1}]}
    assert client.post("/prices", asked, by=REP).json["net"] == _cny("1000.00")


def test_price_books_do_not_stand_among_the_products(client: Client, press: Any) -> None:
    _priced(client, (1, "1.00"), of=press["id"])
    _post(client, "/promotions", {"name": "P", "currency": "CNY", "percent_bps": 1})

    assert [each["id"] for each in client.get("/products", by=REP).json["items"]] == [press["id"]]
    assert len(client.get("/price-books", by=REP).json["items"]) == 1
    assert len(client.get("/promotions", by=REP).json["items"]) == 1


def test_sixty_lines_are_priced_in_a_bounded_number_of_reads(client: Client) -> None:
    products = [_product(client, f"P{n}") for n in range(60)]
    for at in (0, 50):
        _post(client, "/price-books", {**BOOK, "name": f"B{at}", "grades": [], "regions": []})
    asked = {"currency": "CNY", "lines": [{"product_id": each["id"], "quantity": 1} for each in products]}

    with calls() as made:
        assert client.post("/prices", asked, by=REP).status == 200

    # Books, promotions, products, two hundreds of prices (60 in each of 2 books), the discount policy.
    assert made == {"Query": 2, "BatchGetItem": 3, "GetItem": 1}


def test_a_variant_has_a_value_for_each_axis_and_each_combination_once(client: Client) -> None:
    template = _product(client, "PUMP", axes=["voltage", "colour"], family="Pumps")
    mine = {"parent_id": template["id"], "attributes": {"voltage": "230 V", "colour": "red"}}

    red = _product(client, "PUMP-R", **mine)

    assert (template["type"], red["type"], red["family"]) == ("TEMPLATE", "VARIANT", "Pumps")
    other = {"code": "X", "name": "X", "list_price": _cny("1")}
    again = client.post("/products", {**other, **mine}, by=OPERATIONS)
    assert (again.status, again.json["holder"]) == (409, red["id"])
    for attributes in ({}, {"voltage": "230 V"}, {"voltage": "1", "colour": "1", "size": "1"}):
        reply = client.post("/products", {**other, **mine, "attributes": attributes}, by=OPERATIONS)
        assert [each["code"] for each in reply.json["errors"]] == ["axes"]
    found = client.get("/products", by=REP, query={"parent_id": template["id"]}).json["items"]
    assert [each["id"] for each in found] == [red["id"]]
    asked = {"currency": "CNY", "lines": [{"product_id": template["id"], "quantity": 1}]}
    assert [e["code"] for e in client.post("/prices", asked, by=REP).json["errors"]] == ["choose_variant"]


def test_a_bundle_and_a_configured_product_are_priced_with_what_is_in_them(client: Client) -> None:
    motor, cover = _product(client, "MOTOR", "300.00"), _product(client, "COVER", "100.00")
    parts = [{"product_id": each["id"], "quantity": 1, "least": 1, "most": 1} for each in (motor, cover)]
    kit = _product(client, "KIT", "360.00", components=parts)
    group = {
        "id": "motor",
        "names": {"en": "Motor"},
        "least": 1,
        "most": 1,
        "choices": [{"product_id": motor["id"]}],
    }
    machine = _product(client, "MACHINE", "2000.00", option_groups=[group])
    lines = [
        {"product_id": kit["id"], "quantity": 2},
        {"product_id": machine["id"], "quantity": 3, "options": [{"product_id": motor["id"]}]},
    ]

    told = client.post("/prices", {"currency": "CNY", "lines": lines}, by=REP).json

    assert [(line["name"], line["quantity"], line["is_option"]) for line in told["lines"]] == [
        ("KIT", 2, False),
        ("MACHINE", 3, False),
        ("MOTOR", 3, True),
    ]
    assert [part["amount"] for part in told["lines"][0]["contents"]] == [_cny("540.00"), _cny("180.00")]
    assert told["net"] == _cny("7620.00")
    unchosen = {"currency": "CNY", "lines": [{"product_id": machine["id"], "quantity": 1}]}
    assert [e["code"] for e in client.post("/prices", unchosen, by=REP).json["errors"]] == ["option_count"]
    nested = {"components": [{**parts[0], "product_id": kit["id"]}]}
    wrong = client.patch(f"/products/{kit['id']}", nested, by=OPERATIONS, match=1)
    assert [each["code"] for each in wrong.json["errors"]] == ["no_single_product"]
