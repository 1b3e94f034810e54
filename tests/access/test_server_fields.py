"""What only the house sets: no body of any route sets it, and whoever tries is told so, field by field."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from chalicelib import house
from chalicelib.core.endpoint import Endpoint
from chalicelib.core.table import Record
from tests.access.doors import InProcess
from tests.access.rows import ROWS, Request, Row
from tests.access.world import World
from tests.core import wrong

#: Every attribute of every kind of record.
ATTRIBUTES: Final = {name for model in house.records() for name in model.get_attributes()}
_HANDED: Final = {f"POST /{each}/{{}}/reassign" for each in (
    "accounts", "contacts", "tasks", "opportunities", "leads", "orders", "contracts", "quotes",
)}  # fmt: skip
_MADE: Final = {f"POST /{each}" for each in (
    "accounts", "contacts", "tasks", "opportunities", "leads", "orders", "contracts", "quotes",
)}  # fmt: skip
_TERRITORIES: Final = {"POST /territories", "PATCH /territories/{}"}
_PLAYERS: Final = {"PUT /opportunities/{}/members/{}", "PUT /opportunities/{}/buyers/{}"}
_POOLS: Final = {"POST /lead-pools", "PATCH /lead-pools/{}"}
_INVOICED: Final = {"POST /orders/{}/invoices/issue", "POST /orders/{}/invoices/correct"}
#: What no body sets, whatever the route.
_NEVER: Final = """
    id version created_at updated_at updated_by step
    listed created_month voided_from shared_with group
    digest issued_by asked_by offset failure
    score claims desk claimed_from converted_at sla_status
    probability journey stage_since stalled_since opened_on
    approved_at approved_by submitted_at submitted_by
    payment_status shipment_rows payment_rows fulfilment_status
    due_minute next_run_at attempts reminded_at customer_since
"""
#: What the house decides, and the routes whose verb is to set it (each with its own rule of who may).
OURS: Final[dict[str, set[str]]] = {
    **{name: set() for name in _NEVER.split()},
    "owner_id": _MADE | _HANDED | _TERRITORIES,
    "team_id": {"POST /users", "PATCH /users/{}"} | _TERRITORIES,
    "member_ids": _POOLS,
    "status": {
        "PATCH /products/{}",
        "PATCH /price-books/{}",
        "PATCH /promotions/{}",
        "PATCH /clauses/{}",
        "PATCH /contract-templates/{}",
        "PATCH /pipelines/{}",
        "PATCH /lead-channels/{}",
        "PATCH /lead-forms/{}",
        "PATCH /reports/subscriptions/{}",
        "PATCH /warehouses/{}",
    }
    | _POOLS,
    "stage_id": {"POST /opportunities/{}/advance", "POST /opportunities/{}/reopen"},
    "closed_on": {"POST /opportunities/{}/win", "POST /opportunities/{}/lose"},
    # Which milestone; what finance calls an invoice.
    "number": {
        "POST /contracts/{}/fulfil",
        "POST /orders/{}/invoices/issue",
        "POST /orders/{}/invoices/correct",
    },
    "role": {"POST /users", "PATCH /users/{}"} | _PLAYERS,
    "scopes": {"POST /api-keys"},
}
#: Routes that take a body whose fields the house knows; those of a lead form are made by operations.
TAKERS: Final = {
    row.route: row
    for row in reversed(ROWS)
    if row.endpoint.body is not None and row.endpoint.body.model_config.get("extra") != "allow"
}


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_written(world: World) -> Iterator[None]:
    """No try of this file leaves a trace."""
    with wrong.Ledger.kept() as ledger:
        yield
        ledger.check()


def _fields(endpoint: Endpoint) -> set[str]:
    assert endpoint.body is not None
    return set(wrong.fields_of(endpoint.body))


@pytest.mark.parametrize("field", OURS)
def test_what_the_house_decides_is_set_by_no_other_route(field: str) -> None:
    assert field in ATTRIBUTES
    assert {route for route, row in TAKERS.items() if field in _fields(row.endpoint)} == OURS[field]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.route) for row in TAKERS.values()])
def test_every_attribute_that_is_not_asked_for_is_refused_by_name(
    door: InProcess, world: World, row: Row
) -> None:
    request = row.request(world)
    theirs = dict.fromkeys(ATTRIBUTES - _fields(row.endpoint), "x")
    named = next((Record.anywhere(part) for part in request.path.split("/") if "_" in part), None)

    reply = door.send("ada", Request(request.method, request.path, theirs, named.version if named else 0))

    assert reply.status == 400
    told = {each["field"] for each in reply.json["errors"] if each["code"] == "extra_forbidden"}
    assert told == set(theirs)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.route) for row in TAKERS.values()])
def test_what_lies_deeper_in_a_body_takes_nothing_else_either(row: Row) -> None:
    assert row.endpoint.body is not None
    schema = row.endpoint.body.model_json_schema()
    inner: dict[str, Any] = {"": schema, **schema.get("$defs", {})}

    open_ones = [
        name
        for name, each in inner.items()
        if each.get("properties") and each.get("additionalProperties", True)
    ]

    assert open_ones == []
