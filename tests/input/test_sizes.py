"""The largest there is: records that are full, pages of fat ones, bodies with everything in them."""

import json
from typing import Any, Final

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.step import Step, create
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.orders.lines import MOST_LINES
from tests.client import NORTH, OPERATIONS, REP, Client, Reply
from tests.sales.orders import builders as orders
from tests.streams import Stream

#: What Lambda sends and takes back at the most, in bytes.
LAMBDA: Final = 6 * 1024 * 1024
LINE: Final = "长" * 200
TEXT: Final = "长" * 1_500


def _fat(kilobytes: int, at: int = 0) -> Lead:
    return Lead(
        f"lead_{at:026d}",
        name="Li Lei 李雷",
        owner_id=REP.id,
        team_id=NORTH,
        channel="API",
        received_at=clock.now(),
        created_month="2026-11",
        answers={"told": "x" * kilobytes * 1000},
    )


def _sent_by_lambda(reply: Reply) -> int:
    # The runtime packs the body into JSON once more, each Chinese character in six bytes.
    return len(json.dumps(reply.text))


def test_a_record_that_would_be_too_large_is_refused_and_stays_as_it_was(client: Client) -> None:
    create(lead := _fat(395), by=REP.id)

    for language, title in (("en", "This record is full"), ("zh-CN", "该记录已满")):
        headers = {"Accept-Language": language}
        reply = client.patch(
            f"/leads/{lead.id}", {"message": "长" * 5_000}, by=REP, match="*", headers=headers
        )
        assert (reply.status, reply.json["code"], reply.json["title"]) == (413, "record_full", title)

    assert Lead.fetch(lead.id).version == 1


@pytest.mark.parametrize("how", ["create", "change", "change with a claim"])
def test_400_kb_and_a_byte_are_refused_however_they_are_written(emulated: str, how: str) -> None:
    full = _fat(1, 1)
    create(full, by=REP.id)
    much = {"told": "x" * 409_600}
    step = Step(by=REP.id)
    if how == "create":
        step.create(_fat(410, 2))
    else:
        step.change(full, answers=much)
    if how == "change with a claim":
        step.claim("some key", full.id)

    with pytest.raises(errors.TooLarge, match="record_full"):
        step.commit()

    assert Lead.fetch(full.id).version == 1


def test_a_list_of_fat_records_comes_in_pages_that_can_be_sent(client: Client) -> None:
    for at in range(60):
        create(_fat(120, at), by=REP.id)

    seen, largest, query = [], 0, {"limit": 200}
    while True:
        reply = client.get("/leads", by=REP, query=query)
        assert reply.status == 200, reply.text
        largest = max(largest, _sent_by_lambda(reply))
        seen += [lead["id"] for lead in reply.json["items"]]
        if not (cursor := reply.json["next"]):
            break
        query = {"limit": 200, "cursor": cursor}

    assert sorted(seen) == [f"lead_{at:026d}" for at in range(60)]
    assert largest < LAMBDA / 2


def _money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def _told(text: str) -> dict[str, str]:
    return {"en": text, "zh-CN": text}


def _largest(shop: orders.Shop) -> dict[str, dict[str, Any]]:
    """The largest bodies that are taken, each near or beyond 256 KB where its shape has room for it."""
    charge = {"name": LINE, "quantity": 1_000_000, "unit_price": _money("99999999.99"), "tax_bps": 9_999}
    choice = {"value": "长" * 40, "label": _told("长" * 40)}
    condition = {"field": "source", "operator": "ONE_OF", "value": [LINE] * 4}
    return {
        "/leads": {"name": LINE, "message": TEXT, "answers": {f"a{at}": TEXT for at in range(40)}},
        "/orders": {"account_id": shop.account_id, "currency": "CNY", "lines": [charge] * MOST_LINES},
        "/lead-forms": {
            "name": LINE,
            "title": _told(TEXT),
            "fields": [{"name": "name", "label": _told(LINE)}]
            + [
                {"name": f"f{at}", "label": _told(LINE), "type": "CHOICE", "choices": [choice] * 10}
                for at in range(39)
            ],
        },
        "/contracts": {
            "account_id": shop.account_id,
            "title": LINE,
            "value": _money("99999999.99"),
            "starts_on": "2026-01-01",
            "ends_on": "2099-12-31",
            "milestones": [
                {"name": LINE, "due_on": "2099-01-01", "amount": _money("1.00")} for _ in range(50)
            ],
        },
        "/lead-rules/assignment": {
            "rules": [
                {"code": f"r{at}", "name": LINE, "conditions": [condition], "user_ids": [REP.id]}
                for at in range(60)
            ]
        },
        "/calendars": {
            "name": LINE,
            "zone": "Asia/Shanghai",
            "week": {"mon": [{"opens": "09:00", "closes": "18:00"}]},
            "holidays": [f"{2026 + at // 28}-02-{at % 28 + 1:02d}" for at in range(1000)],
        },
        "/imports": {
            "target": "leads",
            "file_name": LINE,
            "size": 1,
            "mapping": {"columns": {f"{at}{'长' * 190}": "name" for at in range(200)}},
        },
    }


def test_the_largest_bodies_are_taken_told_and_counted(client: Client, stream: Stream) -> None:
    bodies = _largest(orders.open_shop())
    for path, body in bodies.items():
        send = client.put if path.startswith("/lead-rules") else client.post
        who = REP if path in ("/leads", "/orders", "/contracts") else OPERATIONS
        reply = send(path, body, by=who, match="*" if send == client.put else None)
        assert reply.status in (200, 201), (path, reply.text[:500])
        assert _sent_by_lambda(reply) < LAMBDA / 2
        if location := reply.headers.get("location"):
            assert client.get(location, by=who).status == 200

    stream.drain()


def test_a_body_beyond_what_a_route_takes_is_refused(client: Client) -> None:
    shop = orders.open_shop()
    for path, body in _largest(shop).items():
        if path != "/lead-rules/assignment":
            reply = client.post(path, {**body, "name": "长" * 90_000}, by=OPERATIONS)
            assert (reply.status, reply.json["code"]) == (413, "too_large")
