"""Lead ads of Meta: a post that has the number of a lead alone becomes the lead that its API tells of."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.core import quarantine
from chalicelib.core.table import client as dynamodb
from chalicelib.sales.leads import lead_ads
from chalicelib.sales.leads.models import Lead, LeadChannel
from tests.client import OPERATIONS, Client, Reply
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

SECRET: Final = "the app secret of our page"
TOKEN: Final = "EAAG-page.token|0123456789"
CHANNEL: Final[dict[str, Any]] = {
    "name": "Lead ads",
    "provider": "META",
    "secret": SECRET,
    "access_token": TOKEN,
    "records": "entry.changes.value",
    "event": "leadgen_id",
    "mapping": {
        "name": "field_data.[name=full_name].values",
        "email": "field_data.[name=email].values",
        "answers.ad": "ad_id",
    },
}
TOLD: Final = [
    {"name": "full_name", "values": ["李雷"]},
    {"name": "email", "values": ["li.lei@kangnai.example"]},
]


@dataclass
class Meta:
    """Meta's API on this machine: what it answers, and what it was asked."""

    status: int = 200
    answer: Any = field(default_factory=lambda: {"id": "444", "field_data": TOLD})
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def meta(tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meta]:
    hire_everybody()
    found = Meta()
    with serving(found) as address:
        monkeypatch.setattr(lead_ads, "API", address)
        yield found


@contextmanager
def serving(found: Meta) -> Iterator[str]:
    """Answer as Meta's API does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(json.dumps(found.answer).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def channel(client: Client, meta: Meta) -> str:
    reply = client.post("/lead-channels", CHANNEL, by=OPERATIONS)
    assert TOKEN not in reply.text
    return str(reply.json["id"])


def post(client: Client, channel_id: str, **more: Any) -> Reply:
    record = {"leadgen_id": "444", "ad_id": 77, "page_id": "1", **more}
    body = {"object": "page", "entry": [{"changes": [{"field": "leadgen", "value": record}]}]}
    raw = json.dumps(body).encode()
    signed = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signed}"}
    return client.post(f"/hooks/{channel_id}", raw=raw, headers=headers)


def test_what_somebody_told_in_a_lead_ad_is_read_by_its_number_and_comes_in_once(
    client: Client, channel: str, meta: Meta, stream: Stream
) -> None:
    for _ in range(2):
        assert post(client, channel).status == 200
        stream.drain()

    [lead] = [each for each in Lead.scan() if each.id.startswith("lead_0")]
    assert (lead.name, lead.email) == ("李雷", "li.lei@kangnai.example")
    asked = urlsplit(meta.asked[0])
    proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    assert asked.path == "/444"
    assert parse_qs(asked.query) == {"access_token": [TOKEN], "appsecret_proof": [proof]}


def test_what_stands_in_the_post_already_is_not_asked_for(client: Client, channel: str, meta: Meta) -> None:
    assert post(client, channel, field_data=TOLD).status == 200
    assert meta.asked == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_meta_cannot_answer_the_post_is_to_come_again(
    client: Client, channel: str, meta: Meta, stream: Stream, status: int
) -> None:
    meta.status = status
    assert post(client, channel).status == 503

    meta.status = 200
    assert post(client, channel).status == 200
    stream.drain()
    assert len([each for each in Lead.scan() if each.id.startswith("lead_0")]) == 1


def test_an_answer_that_is_none_is_as_no_answer(client: Client, channel: str, meta: Meta) -> None:
    meta.answer = ["not", "a", "lead"]

    assert post(client, channel).json["errors"][0]["code"] == "nobody"


def test_a_token_that_meta_refuses_is_seen_and_the_post_is_kept(
    client: Client, channel: str, meta: Meta
) -> None:
    meta.status, meta.answer = 400, {"error": {"code": 190}}

    refused = post(client, channel)

    assert (refused.status, refused.json["errors"][0]["code"]) == (400, "network_refused")
    [kept] = quarantine.parked(limit=5).items
    assert json.loads(kept.body)["channel"] == channel
    assert TOKEN not in str(kept.attribute_values)


def test_a_token_is_kept_sealed_shown_to_nobody_and_metas_alone(client: Client, channel: str) -> None:
    table = dynamodb().scan(TableName=LeadChannel.Meta.table_name)["Items"]
    shown = client.get(f"/lead-channels/{channel}", by=OPERATIONS)
    other = client.post("/lead-channels", CHANNEL | {"provider": "GENERIC"}, by=OPERATIONS)

    assert TOKEN not in str(table) + shown.text
    assert [(each["field"], each["code"]) for each in other.json["errors"]] == [
        ("access_token", "not_of_provider")
    ]
    without = client.patch(f"/lead-channels/{channel}", {"access_token": None}, by=OPERATIONS, match=1)
    assert without.status == 200
    assert LeadChannel.fetch(channel).access_token is None
