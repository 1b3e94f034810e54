"""Deals and pipelines over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.opportunities import service
from tests.client import COLLEAGUE, MANAGER, OPERATIONS, REP, SOUTH, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import REASONS, a_deal, a_pipeline, an_account, closing, stage
from tests.streams import Stream


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _contact(account_id: str) -> str:
    found: str = accounts.add_contact(account_id=account_id, name="Li 李", by=REP).id
    return found


def _opened(client: Client, **fields: Any) -> dict[str, Any]:
    body = {
        "name": "Press line 冲压线",
        "account_id": fields.pop("account_id", None) or an_account().id,
        "close_on": "2099-06-30",
        "amount": {"amount": "120000.00", "currency": "CNY"},
        **fields,
    }
    reply = client.post("/opportunities", body, by=REP)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_deals_without_signing_in(client: Client) -> None:
    deal = a_deal()
    for path in ("/opportunities", f"/opportunities/{deal.id}", "/pipelines"):
        assert client.get(path).status == 401


def test_somebody_elses_deal_looks_like_none(client: Client) -> None:
    deal = a_deal()
    path = f"/opportunities/{deal.id}"

    assert client.get(path, by=STRANGER).status == 404
    assert client.get(f"{path}/history", by=STRANGER).status == 404
    assert client.patch(path, {"name": "Mine"}, by=STRANGER, match=1).status == 404
    assert client.post(f"{path}/win", {}, by=STRANGER).status == 404
    assert client.get("/opportunities", by=STRANGER).json["items"] == []
    assert client.get("/opportunities", by=STRANGER, query={"owner_id": REP.id}).status == 404
    assert client.get(path, by=MANAGER).status == 200


def test_every_wrong_field_is_named_at_once(client: Client) -> None:
    wrong = {
        "account_id": "me",
        "close_on": "soon",
        "amount": {"amount": "-1.00", "currency": "CNY"},
        "lines": [{"product_id": "product_1", "quantity": 0}],
        "stage_id": "won",
    }

    reply = client.post("/opportunities", wrong, by=REP)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {
        "name",
        "account_id",
        "close_on",
        "amount",
        "lines.0.product_id",
        "lines.0.quantity",
        "stage_id",
    }


def test_a_deal_is_opened_only_with_an_account_in_reach_and_by_oneself(client: Client) -> None:
    foreign = an_account(STRANGER, name="Konex")
    body = {"name": "A", "account_id": foreign.id, "close_on": "2099-01-01"}

    refused = client.post("/opportunities", body, by=REP)
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "account_id")

    gone = an_account(name="Gone")
    accounts.void_account(gone.id, version=None, by=REP)
    assert client.post("/opportunities", {**body, "account_id": gone.id}, by=REP).status == 400

    ours = {**body, "account_id": an_account().id, "owner_id": COLLEAGUE.id}
    assert client.post("/opportunities", ours, by=REP).status == 403
    assert client.post("/opportunities", ours, by=MANAGER).json["owner_id"] == COLLEAGUE.id


def test_a_deal_takes_region_and_industry_from_its_account(client: Client) -> None:
    deal = _opened(client)

    assert (deal["region"], deal["industry"], deal["stage_id"]) == ("West", "retail", "qualification")
    assert client.get(f"/opportunities/{deal['id']}", by=REP).json == deal


def test_a_deal_that_came_without_an_account_is_given_one_and_a_contact_in_it(client: Client) -> None:
    deal = service.bring_in(external_id="x:1", name="A", stage_id="proposal", owner_id=REP.id, team_id=None)
    assert deal is not None
    assert client.patch(f"/opportunities/{deal.id}", {"contact_id": None}, by=REP, match=1).status == 200
    path, ours, other = f"/opportunities/{deal.id}", an_account(), an_account(name="Konex")
    person = accounts.add_contact(account_id=other.id, name="Li 李", by=REP)

    mixed = client.patch(path, {"account_id": ours.id, "contact_id": person.id}, by=REP, match=2)
    given = client.patch(path, {"account_id": other.id, "contact_id": person.id}, by=REP, match=2)

    assert (mixed.status, mixed.json["errors"][0]["field"]) == (400, "contact_id")
    assert (given.json["contact_id"], given.json["region"]) == (person.id, "West")
    assert client.patch(path, {"account_id": ours.id}, by=REP, match=3).status == 400
    assert client.patch(path, {"contact_id": None, "account_id": ours.id}, by=REP, match=3).status == 200


def test_what_a_stage_still_needs_is_listed_in_the_callers_language(client: Client) -> None:
    deal = _opened(client, amount={"amount": "0.00", "currency": "CNY"})

    reply = client.post(
        f"/opportunities/{deal['id']}/advance",
        {"stage_id": "negotiation"},
        by=REP,
        headers={"Accept-Language": "zh-CN"},
    )

    assert (reply.status, reply.json["code"]) == (409, "criteria_unmet")
    assert reply.json["missing"] == [
        {"field": "amount", "code": "amount_needed", "message": "方案报价：商机金额须大于零。"},
        {"field": "contact_id", "code": "field_needed", "message": "谈判：请先填写此项。"},
    ]


def test_a_deal_goes_from_opening_to_won_and_tells_its_history(client: Client, stream: Stream) -> None:
    account = an_account().id
    deal = _opened(client, account_id=account, contact_id=_contact(account))
    path = f"/opportunities/{deal['id']}"

    client.patch(path, {"amount": {"amount": "90000.00", "currency": "CNY"}}, by=REP, match=1)
    client.patch(path, {"next_step": "Sign"}, by=REP, match=2)
    moved = client.post(f"{path}/advance", {"stage_id": "proposal"}, by=REP, match=3)
    won = client.post(f"{path}/win", {}, by=REP)
    stream.drain()
    turns = client.get(f"{path}/history", by=REP).json["items"]

    assert (moved.status, moved.etag, won.json["status"]) == (200, '"4"', "WON")
    assert [turn["version"] for turn in turns] == [5, 4, 2, 1]
    assert (turns[0]["before"]["stage_id"], turns[0]["after"]["stage_id"]) == ("proposal", "won")
    assert turns[2]["before"]["amount"] == {"amount": "120000.00", "currency": "CNY"}
    assert turns[2]["after"]["amount"] == {"amount": "90000.00", "currency": "CNY"}
    assert turns[3]["by"] == REP.id


def test_a_stale_move_is_refused_and_leaves_the_deal(client: Client) -> None:
    deal = _opened(client)
    path = f"/opportunities/{deal['id']}"

    assert client.patch(path, {"name": "X"}, by=REP).status == 428
    assert client.patch(path, {"name": None}, by=REP, match=1).status == 400
    assert client.post(f"{path}/advance", {"stage_id": "proposal"}, by=REP, match=7).status == 412
    assert client.get(path, by=REP).json["version"] == 1


def test_a_second_click_on_win_with_one_key_is_answered_alike(client: Client) -> None:
    account = an_account().id
    deal = _opened(client, account_id=account, contact_id=_contact(account))
    headers = {"Idempotency-Key": "click-1"}

    first = client.post(f"/opportunities/{deal['id']}/win", {}, by=REP, headers=headers)
    second = client.post(f"/opportunities/{deal['id']}/win", {}, by=REP, headers=headers)

    assert (first.status, second.json) == (200, first.json)


def test_a_column_of_the_board_is_a_stage_of_ones_own_deals_or_of_the_teams(client: Client) -> None:
    account = an_account().id
    a_deal(account_id=account, name="late")
    _opened(client, account_id=account, name="soon")
    far = a_deal(account_id=account, name="far")
    client.post(f"/opportunities/{far.id}/advance", {"stage_id": "proposal"}, by=REP)
    lost = a_deal(account_id=account, name="lost")
    client.post(f"/opportunities/{lost.id}/lose", {"reason": "price"}, by=REP)

    def names(by: Any = REP, **query: Any) -> list[str]:
        reply = client.get("/opportunities", by=by, query=query)
        assert reply.status == 200, reply.text
        return [item["name"] for item in reply.json["items"]]

    assert names(stage_id="qualification") == ["late", "soon"]
    assert names(stage_id="proposal", team_id=next(iter(MANAGER.teams)), by=MANAGER) == ["far"]
    assert names(state="CLOSED") == ["lost"]
    assert names() == ["late", "soon", "far", "lost"]
    assert names(account_id=account) == ["late", "soon", "far", "lost"]
    both = client.get("/opportunities", by=REP, query={"account_id": account, "state": "OPEN"})
    assert {error["field"] for error in both.json["errors"]} == {"account_id", "state"}
    assert client.get("/opportunities", by=REP, query={"stage_id": "nowhere"}).status == 400
    assert client.get("/opportunities", by=REP, query={"state": "OPEN", "voided": "true"}).status == 400
    assert client.get("/opportunities", by=MANAGER, query={"team_id": SOUTH}).status == 404


def test_a_deal_is_voided_handed_over_and_shared(client: Client) -> None:
    deal = _opened(client)
    path = f"/opportunities/{deal['id']}"

    assert client.delete(path, by=REP, match=1).json["status"] == "VOIDED"
    assert client.get("/opportunities", by=REP).json["items"] == []
    assert client.post(f"{path}/restore", by=REP).json["status"] == "OPEN"
    shared = client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)
    assert shared.json["shared_with"] == {STRANGER.id: "read"}
    assert client.post(f"{path}/win", {}, by=STRANGER).status == 403
    handed = client.post(f"{path}/reassign", {"owner_id": COLLEAGUE.id}, by=REP)
    assert handed.json["owner_id"] == COLLEAGUE.id
    assert client.get(path, by=REP).status == 404


def test_lines_are_priced_and_make_the_amount(client: Client) -> None:
    press = catalog.add_product(code="P1", name="Press", list_price=Money(50_000, "CNY"), by=OPERATIONS)
    tool = catalog.add_product(code="P2", name="Tool", list_price=Money(1_000, "USD"), by=OPERATIONS)
    path = f"/opportunities/{_opened(client)['id']}"
    dear = {"product_id": press.id, "quantity": 2, "unit_price": {"amount": "450.00", "currency": "CNY"}}

    changed = client.patch(path, {"lines": [dear]}, by=REP, match=1)
    assert changed.json["amount"] == {"amount": "900.00", "currency": "CNY"}
    assert changed.json["lines"][0]["unit_price"] == {"amount": "450.00", "currency": "CNY"}
    for body, field in (
        ({"amount": {"amount": "1.00", "currency": "CNY"}}, "amount"),
        ({"lines": [dear, {"product_id": tool.id, "quantity": 1}]}, "lines.1.unit_price"),
        ({"lines": [dear, dear]}, "lines.1.product_id"),
        ({"contact_id": "contact_00000000000000000000000KNC"}, "contact_id"),
    ):
        refused = client.patch(path, body, by=REP, match=2)
        assert (refused.status, refused.json["errors"][0]["field"]) == (400, field)


def test_operations_shape_the_pipelines_and_reps_use_them(client: Client, stream: Stream) -> None:
    body = {
        "name": "Projects 项目",
        "stages": [
            {**stage("idea"), "entry": [{"rule": "field", "field": "next_step"}]},
            stage("offer"),
            *closing(),
        ],
        "lost_reasons": REASONS,
    }
    assert client.post("/pipelines", body, by=REP).status == 403
    made = client.post("/pipelines", body, by=OPERATIONS)
    assert (made.status, made.json["stages"]) == (201, body["stages"])

    path = f"/pipelines/{made.json['id']}"
    deal = _opened(client, pipeline_id=made.json["id"], next_step="Visit")
    stream.drain()
    without = {"stages": [stage("offer"), *closing()]}
    occupied = client.patch(path, without, by=OPERATIONS, match=1)
    client.post(f"/opportunities/{deal['id']}/advance", {"stage_id": "offer"}, by=REP)
    stream.drain()

    assert (occupied.status, occupied.json["missing"][0]["code"]) == (409, "stage_in_use")
    assert client.patch(path, without, by=OPERATIONS, match=1).status == 200
    assert client.patch(path, {"status": "RETIRED"}, by=OPERATIONS, match=2).status == 200
    account = an_account(name="Condax").id
    retired = {"name": "B", "account_id": account, "close_on": "2099-01-01", "pipeline_id": made.json["id"]}
    assert client.post("/opportunities", retired, by=REP).json["errors"][0]["field"] == "pipeline_id"


def test_a_pipeline_that_makes_no_sense_is_refused_stage_by_stage(client: Client) -> None:
    twice = {"name": "A", "stages": [stage("a"), stage("a"), *closing()], "lost_reasons": REASONS}
    odd = [{"rule": "mood"}, {"rule": "lines", "at_least": 0}]
    wrong = {"name": "A", "stages": [stage("A!"), stage("b", entry=odd), *closing()], "lost_reasons": []}

    first = client.post("/pipelines", twice, by=OPERATIONS)
    second = client.post("/pipelines", wrong, by=OPERATIONS)

    assert [error["field"] for error in first.json["errors"]] == ["stages.1.id"]
    fields = {error["field"] for error in second.json["errors"]}
    assert {"stages.0.id", "lost_reasons"} <= fields
    assert any(field.startswith("stages.1.entry.1") for field in fields)
    headless = {**twice, "stages": [stage("a"), stage("b"), stage("won", "WON")]}
    assert client.post("/pipelines", headless, by=OPERATIONS).json["errors"][0]["code"] == "one_won_one_lost"


def test_a_new_installation_has_a_pipeline(client: Client) -> None:
    [default] = client.get("/pipelines", by=REP).json["items"]

    assert [each["names"]["zh-CN"] for each in default["stages"]] == [
        "需求确认",
        "需求分析",
        "方案报价",
        "谈判",
        "赢单",
        "输单",
    ]
    assert client.get(f"/pipelines/{default['id']}", by=REP).json == default
    assert a_pipeline(stage("a")).id in {p["id"] for p in client.get("/pipelines", by=REP).json["items"]}
