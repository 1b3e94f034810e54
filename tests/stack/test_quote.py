"""A quote over HTTP alone: priced, approved, mailed with its PDF, accepted by its link, ordered."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.stack.sandbox import Reply, Sandbox

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

#: Seconds in which a mail asked for goes out: the minute's schedule picks it up.
NEXT_MINUTE = 240


def _done(reply: Reply, status: int = 200) -> Any:
    assert reply.status == status, reply.text
    return reply.json


def _eventually(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + NEXT_MINUTE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(1)
    raise AssertionError(f"nothing within {NEXT_MINUTE} s: {look.__name__}")


@pytest.fixture(scope="module")
def sent(stack: Sandbox) -> dict[str, Any]:
    """A quote that the manager drafted, within her own limits, and that is on its way."""
    account = _done(stack.call("POST", "/accounts", {"name": "Fischer Pumpen"}, login="manager"), 201)
    person = {"account_id": account["id"], "name": "Eva Fischer", "email": "eva@fischer-pumpen.example"}
    contact = _done(stack.call("POST", "/contacts", person, login="manager"), 201)
    [product, *_] = _done(stack.call("GET", "/products", login="manager"))["items"]
    line = {"product_id": product["id"], "quantity": 3, "discount_bps": 500, "tax_bps": 1_300}
    asked = {"account_id": account["id"], "contact_id": contact["id"], "language": "en", "lines": [line]}
    quote = _done(stack.call("POST", "/quotes", {**asked, "currency": "CNY"}, login="manager"), 201)
    at = f"/quotes/{quote['id']}"
    _done(stack.call("POST", f"{at}/submit", {}, login="manager"))
    found: dict[str, Any] = _done(stack.call("POST", f"{at}/send", {}, login="manager"))
    return found


def test_a_quote_is_mailed_with_its_pdf(stack: Sandbox, sent: dict[str, Any]) -> None:
    def mailed() -> Any:
        [version] = _done(stack.call("GET", f"/quotes/{sent['id']}/versions", login="manager"))["items"]
        assert version["mail"] != "FAILED"
        return version["mail"] == "SENT"

    assert _eventually(mailed)
    assert [mail["Subject"] for mail in stack.outbox() if mail["To"] == ["eva@fischer-pumpen.example"]]


def test_the_customer_accepts_by_the_link_and_it_becomes_an_order(
    stack: Sandbox, sent: dict[str, Any]
) -> None:
    url = _done(stack.call("GET", f"/quotes/{sent['id']}/link", login="manager"))["url"]
    at = "/q/" + url.rpartition("/")[2]

    page = stack.call("GET", at)
    assert page.status == 200
    assert "Accept the quote" in page.text
    assert _done(stack.call("POST", f"{at}/accept", {"name": "Eva Fischer"})) == {"status": "ACCEPTED"}
    assert "has been accepted" in stack.call("GET", at).text
    told = _done(stack.call("GET", f"/quotes/{sent['id']}", login="manager"))
    assert (told["status"], told["acceptance"]["name"]) == ("ACCEPTED", "Eva Fischer")
    order = _done(stack.call("POST", "/orders/from-quote", {"quote_id": sent["id"]}, login="manager"), 201)
    assert order["total"] == sent["total"]
