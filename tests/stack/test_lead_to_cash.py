"""The main job, over HTTP alone: from a web form to the money, the figures and the manager's mailbox."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.stack.sandbox import Reply, Sandbox

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

#: Seconds in which a change is to be seen in figures; the emulator on a busy machine needs its time.
SOON = 90
#: Seconds in which a mail asked for goes out: the minute's schedule picks it up.
NEXT_MINUTE = 240


def eventually(look: Callable[[], Any], *, within: float = SOON) -> Any:
    """Return what a look finds as soon as it finds something."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing within {within} s: {look.__name__}")


def done(reply: Reply, status: int = 200) -> Any:
    """Return a reply's body, which is to have this status."""
    assert reply.status == status, reply.text
    return reply.json


def delivered(stack: Sandbox, owner_id: str) -> tuple[Decimal, int]:
    """What has been paid of an owner's orders in CNY, and the pieces shipped, this year up to now."""
    told = done(stack.call("GET", f"/analytics/orders?by=owner&member={owner_id}", login="manager"))
    rows = [row for row in told["rows"] if row["paid"]["currency"] == "CNY"]
    paid = sum((Decimal(row["paid"]["amount"]) for row in rows), Decimal(0))
    return paid, sum(row["shipped_units"] for row in rows)


@pytest.fixture(scope="module")
def lead(stack: Sandbox) -> dict[str, Any]:
    """What a visitor sent by the public form, as the team's manager finds it."""
    form = f"/forms/{stack.addresses['form_id']}"
    token = done(stack.call("GET", f"{form}/token"))["token"]
    time.sleep(2.1)  # nobody fills in a form in less
    sent = {
        "name": "Greta Lang",
        "email": "greta.lang@lang-chemie.example",
        "company": "Lang Chemie",
        "country": "DE",
        "message": "We need twelve flow meters.",
        "consent": True,
        "token": token,
    }
    receipt = done(stack.call("POST", f"{form}/submissions", sent), 202)
    assert receipt["receipt"]

    def taken_in() -> Any:
        found = done(stack.call("GET", "/leads", login="manager"))["items"]
        return next((each for each in found if each["email"] == sent["email"]), None)

    found: dict[str, Any] = eventually(taken_in)
    return found


@pytest.fixture(scope="module")
def deal(stack: Sandbox, lead: dict[str, Any]) -> dict[str, Any]:
    """The lead's opportunity, after the first call and the conversion."""
    call = {
        "about_id": lead["id"],
        "type": "CALL",
        "direction": "OUT",
        "subject": "First call",
        "minutes": 12,
    }
    done(stack.call("POST", "/activities", call, login="manager"), 201)

    def contacted() -> Any:
        now = done(stack.call("GET", f"/leads/{lead['id']}", login="manager"))
        return now if now["sla_status"] == "FULFILLED" else None

    assert eventually(contacted)["first_contacted_at"]
    wanted = {"opportunity": {"name": "Flow meters for Lang Chemie", "close_on": "2099-12-20"}}
    converted = done(stack.call("POST", f"/leads/{lead['id']}/convert", wanted, login="manager"))
    assert converted["status"] == "CONVERTED"
    assert converted["account_id"]
    assert converted["contact_id"]
    found: dict[str, Any] = done(
        stack.call("GET", f"/opportunities/{converted['opportunity_id']}", login="manager")
    )
    return found


@pytest.fixture(scope="module")
def won(stack: Sandbox, deal: dict[str, Any]) -> dict[str, Any]:
    """The opportunity, priced, moved on stage by stage, and won."""
    at = f"/opportunities/{deal['id']}"
    products = done(stack.call("GET", "/products", login="rep"))["items"]
    meter = next(each for each in products if each["code"] == "FM-100")
    lines = {"lines": [{"product_id": meter["id"], "quantity": 12}]}
    done(stack.call("PATCH", at, lines, login="manager", If_Match=f'"{deal["version"]}"'))
    for stage in ("needs_analysis", "proposal", "negotiation"):
        done(stack.call("POST", f"{at}/advance", {"stage_id": stage}, login="manager"))

    def in_the_funnel() -> Any:
        funnel = done(stack.call("GET", "/analytics/funnel", login="manager"))
        standing = next(each for each in funnel["stages"] if each["stage_id"] == "negotiation")
        return standing if standing["count"] else None

    [amount] = eventually(in_the_funnel)["standing"]
    assert amount["amount"] == {"amount": "117600.00", "currency": "CNY"}
    found: dict[str, Any] = done(stack.call("POST", f"{at}/win", {}, login="manager"))
    return found


def test_a_form_post_becomes_a_lead_with_an_owner_and_a_promise(stack: Sandbox, lead: dict[str, Any]) -> None:
    assert lead["status"] == "ASSIGNED"
    assert lead["owner_id"]
    assert lead["assignment"]["rule"] == "abroad"
    assert lead["sla_status"] == "DUE"
    assert lead["sla_hours"] == 24
    assert lead["consent"]["given"] is True


def test_a_used_token_makes_no_second_lead(stack: Sandbox, lead: dict[str, Any]) -> None:
    sent = {"name": "Again", "email": "again@lang-chemie.example", "consent": True, "token": "used.up"}
    reply = stack.call("POST", f"/forms/{stack.addresses['form_id']}/submissions", sent)

    assert reply.status in (400, 403, 409)
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_a_won_deal_is_in_the_sales_figures_within_seconds(stack: Sandbox, won: dict[str, Any]) -> None:
    def sold() -> Any:
        rows = done(stack.call("GET", "/analytics/sales", login="manager"))["rows"]
        return next((row for row in rows if row["won"]), None)

    assert won["status"] == "WON"
    assert eventually(sold)["revenue"] == {"amount": "117600.00", "currency": "CNY"}


def test_the_outlook_knows_what_was_won_this_minute(stack: Sandbox, won: dict[str, Any]) -> None:
    def known() -> Any:
        reply = stack.call("GET", "/forecasts/outlook?currency=CNY", login="manager")
        return done(reply) if "117600.00" in reply.text else None

    assert eventually(known)


def test_a_won_deal_is_ordered_approved_shipped_and_paid(stack: Sandbox, won: dict[str, Any]) -> None:
    order = done(
        stack.call("POST", "/orders/from-opportunity", {"opportunity_id": won["id"]}, login="manager"), 201
    )
    at = f"/orders/{order['id']}"
    assert order["total"] == won["amount"]
    paid, shipped = delivered(stack, order["owner_id"])

    done(stack.call("POST", f"{at}/submit", {}, login="manager"))
    done(stack.call("POST", f"{at}/approve", {}, login="finance"))
    done(stack.call("POST", f"{at}/activate", {}, login="manager"))
    part = {"reference": "DN-1", "lines": [{"number": 1, "quantity": 5}]}
    assert done(stack.call("POST", f"{at}/shipments", part, login="manager"))["status"] == "PARTIALLY_SHIPPED"
    rest = {"reference": "DN-2"}
    assert done(stack.call("POST", f"{at}/shipments", rest, login="manager"))["status"] == "SHIPPED"
    money = {"reference": "TT-1", "amount": order["total"], "method": "TRANSFER"}
    assert done(stack.call("POST", f"{at}/payments", money, login="finance"))["payment_status"] == "PAID"

    def counted() -> bool:
        return delivered(stack, order["owner_id"]) == (paid + Decimal("117600.00"), shipped + 12)

    assert eventually(counted)


def test_the_managers_report_is_in_the_outbox(stack: Sandbox, won: dict[str, Any]) -> None:
    subscribed = done(
        stack.call("POST", "/reports/subscriptions", {"report": "MANAGER_WEEKLY"}, login="manager"), 201
    )
    done(stack.call("POST", f"/reports/subscriptions/{subscribed['id']}/run", {}, login="manager"), 202)

    def sent() -> Any:
        runs = done(stack.call("GET", "/reports/runs", login="manager"))["items"]
        return next((run for run in runs if run["status"] == "SENT"), None)

    assert eventually(sent, within=NEXT_MINUTE)
    address = stack.addresses["logins"]["manager"]["email"]
    assert [mail["Subject"] for mail in stack.outbox() if mail["To"] == [address]]
