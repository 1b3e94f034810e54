"""Two identical form posts at the same instant make one lead, however often it is tried."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import house
from chalicelib.core import changes, reconcile
from chalicelib.core.attributes import plain
from tests.client import Client, Reply
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import a_form
from tests.streams import Stream

LANES = 4


def _post_twice(client: Client, form_id: str, number: int, at_once: threading.Barrier) -> list[Reply]:
    body = {"name": "Li Lei 李雷", "email": f"li.lei.{number}@example.cn", "phone": f"138001{number:05d}"}

    def post(address: str) -> Reply:
        at_once.wait(10)
        return client.post(f"/forms/{form_id}/submissions", body, address=address)

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(post, (f"198.51.{number % 250}.1", f"198.51.{number % 250}.2")))


def _deliver_in_lanes(records: list[Any]) -> None:
    """Deliver each record alone, four lanes at a time, as four shards would."""

    def deliver(record: Any) -> None:
        while changes.deliver({"Records": [record]}, house.house())["batchItemFailures"]:
            pass

    with ThreadPoolExecutor(LANES) as threads:
        list(threads.map(deliver, records))


@pytest.mark.parametrize(
    "pairs", [pytest.param(40, id="sample"), pytest.param(1_000, marks=pytest.mark.long, id="all")]
)
def test_two_identical_posts_at_the_same_instant_make_one_lead(emulated: str, pairs: int) -> None:
    hire_everybody()
    stream = Stream()
    with Client.open() as client:
        ample = {"posts": 600, "seconds": 1}
        form = a_form(client, token_required=False, form_limit=ample, address_limit=ample)
        replies = [
            reply
            for number in range(pairs)
            for reply in _post_twice(client, form["id"], number, threading.Barrier(2))
        ]
        assert {reply.status for reply in replies} == {202}

        while records := stream.new_records():
            _deliver_in_lanes(records)

    stream.assert_nothing_parked()
    items = [plain(raw) for raw in reconcile.scan("salestream-test-leads")]
    leads = [item for item in items if item["id"].startswith("lead_0")]
    touches = [item for item in items if item["id"].startswith("touch_")]
    done = [item for item in items if item["id"].startswith("submission_") and item["status"] == "DONE"]
    assert (len(leads), len(touches), len(done)) == (pairs, pairs, 2 * pairs)
    assert len({lead["email"] for lead in leads}) == pairs
    assert {lead["touches"] for lead in leads} == {1}
