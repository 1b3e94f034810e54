"""What the deployed gateway lets in, and what it answers itself."""

import pytest

from tests.stack.forging import Forger
from tests.stack.sandbox import Sandbox

pytestmark = pytest.mark.stack


def test_no_token_is_turned_away_as_a_problem(stack: Sandbox) -> None:
    reply = stack.call("GET", "/products")

    assert reply.status == 401
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.json["code"] == "unauthenticated"


def test_a_good_token_is_let_in(stack: Sandbox) -> None:
    reply = stack.call("GET", "/products", login="rep")

    assert reply.status == 200
    assert reply.json["items"]


def test_a_forged_token_that_is_wrong_in_nothing_is_let_in(stack: Sandbox) -> None:
    # So what refuses the bad ones (`test_access.py`) is the one thing that is wrong in each.
    assert stack.call("GET", "/products", token=Forger(stack).signed()).status == 200


def test_an_unknown_address_is_not_found(stack: Sandbox) -> None:
    reply = stack.call("GET", "/no/such/address", login="rep")

    assert reply.status == 404
    assert reply.json["code"] == "not_found"


def test_a_browser_may_ask_beforehand(stack: Sandbox) -> None:
    reply = stack.call("OPTIONS", "/products", Origin="https://app.example.com")

    assert reply.status in (200, 204)
    assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]
