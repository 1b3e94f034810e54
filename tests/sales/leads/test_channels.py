"""Channels: other systems' signed posts become leads, each record once, whatever its shape."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from chalicelib.core import quarantine
from chalicelib.core.changelog import Entry
from chalicelib.sales.leads.models import Lead, LeadChannel, Submission, Touch
from tests.client import OPERATIONS, REP, Client, Reply
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import all_of, seen
from tests.streams import Stream

SECRET = "the app secret of our page"
#: What LinkedIn asks to be signed.
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
#: How a lead ad's post is shaped: what somebody told stands in a list of names and values.
META: dict[str, Any] = {
    "name": "Lead ads",
    "provider": "META",
    "secret": SECRET,
    "records": "entry.changes.value",
    "event": "leadgen_id",
    "source": "Social",
    "mapping": {
        "name": "field_data.[name=full_name].values",
        "email": "field_data.[name=email].values",
        "employees": "field_data.[name=staff].values",
        "answers.ad": "ad_id",
    },
}


def told(number: int, **fields: str) -> dict[str, Any]:
    """A record of a lead ad."""
    data = [{"name": name, "values": [value]} for name, value in fields.items()]
    return {"leadgen_id": number, "ad_id": 77, "field_data": data}


def ad(*records: dict[str, Any]) -> dict[str, Any]:
    """A post of a lead ad."""
    return {"object": "page", "entry": [{"changes": [{"value": each} for each in records]}]}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


@pytest.fixture
def channel(client: Client) -> dict[str, Any]:
    """A channel for lead ads."""
    reply = client.post("/lead-channels", META, by=OPERATIONS)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


@pytest.fixture
def linked_in(client: Client) -> dict[str, Any]:
    """A channel for LinkedIn's posts."""
    found: dict[str, Any] = client.post("/lead-channels", META | {"provider": "LINKEDIN"}, by=OPERATIONS).json
    return found


def post(client: Client, channel: dict[str, Any], body: Any, *, secret: str = SECRET) -> Reply:
    """Post as the network does, signed over the very bytes."""
    sent = json.dumps(body, ensure_ascii=False).encode()
    signed = hmac.new(secret.encode(), sent, hashlib.sha256).hexdigest()
    return client.post(f"/hooks/{channel['id']}", body, headers={"X-Hub-Signature-256": f"sha256={signed}"})


def test_each_record_of_a_signed_post_becomes_a_lead_once(
    client: Client, channel: dict[str, Any], stream: Stream
) -> None:
    body = ad(told(1, full_name="李雷", email="Li@Example.cn"), told(2, full_name="Han", staff="many"))

    replies = [post(client, channel, body) for _ in range(2)]
    stream.drain()

    assert [(reply.status, len(reply.json["receipts"])) for reply in replies] == [(200, 2)] * 2
    han, li = sorted(all_of(Lead), key=lambda lead: str(lead.email))
    assert seen(li, "name", "email", "channel", "source") == ("李雷", "li@example.cn", "SOCIAL", "Social")
    assert seen(han, "answers", "employees") == ({"ad": "77", "employees": "many"}, None)
    assert all_of(Touch) == []
    assert {each.status for each in all_of(Submission)} == {"DONE"}


def test_who_comes_by_another_ad_joins_as_a_touch(
    client: Client, channel: dict[str, Any], stream: Stream
) -> None:
    for number in (1, 2, 2):
        post(client, channel, ad(told(number, email="li@example.cn")))
        stream.drain()

    assert [lead.touches for lead in all_of(Lead)] == [1]


def test_a_number_that_all_records_share_is_told_and_nobody_is_lost_by_it(
    client: Client, stream: Stream
) -> None:
    wrong = client.post("/lead-channels", META | {"event": "ad_id"}, by=OPERATIONS).json

    post(client, wrong, ad(told(1, email="li@example.cn")))
    post(client, wrong, ad(told(2, email="han@example.cn")))
    with pytest.raises(AssertionError, match="external_id: number_of_another"):
        stream.drain()

    assert [lead.email for lead in all_of(Lead)] == ["li@example.cn"]
    [parked] = quarantine.parked(limit=5).items
    assert "take_in" in parked.stage
    assert "han@example.cn" in parked.body


def test_a_post_that_is_not_signed_with_the_secret_is_stored_nowhere(
    client: Client, channel: dict[str, Any]
) -> None:
    body = ad(told(1, email="li@example.cn"))

    unsigned = client.post(f"/hooks/{channel['id']}", body)
    wrong = post(client, channel, body, secret="another secret of ours")

    assert [(each.status, each.json["errors"][0]["code"]) for each in (unsigned, wrong)] == [
        (400, "bad_signature")
    ] * 2
    assert all_of(Submission) == []


def test_nobody_too_much_and_too_often_are_refused(client: Client, channel: dict[str, Any]) -> None:
    path = f"/lead-channels/{channel['id']}"
    limited = {"post_limit": {"posts": 1, "seconds": 3600}}

    nobody = post(client, channel, ad(told(1, staff="3")))
    many = post(client, channel, ad(*(told(number, email="a@b.cn") for number in range(51))))
    large = post(client, channel, ad(told(1, email="a@b.cn", full_name="x" * 66_000)))
    assert client.patch(path, limited, by=OPERATIONS, match=1).status == 200
    often = [post(client, channel, ad(told(number, email="a@b.cn"))).status for number in range(2)]

    assert [reply.status for reply in (nobody, many, large)] == [400, 400, 413]
    assert often == [200, 429]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"entires": [{"email": "li@example.cn"}]}, "entries.lead", "no_records"),
        ({"entries": [{"lead": {"leadgen_id": 444}}]}, "", "nobody"),
    ],
)
def test_a_signed_post_in_which_nobody_is_found_is_refused_and_kept_for_somebody_to_see(
    client: Client, body: dict[str, Any], field: str, code: str
) -> None:
    asked = META | {"records": "entries.lead", "mapping": {"email": "email"}}
    channel = client.post("/lead-channels", asked, by=OPERATIONS).json

    replies = [post(client, channel, body) for _ in range(2)]
    post(client, channel, body, secret="of somebody who may not post")

    assert {(each.status, each.json["errors"][0]["code"]) for each in replies} == {(400, code)}
    assert replies[0].json["errors"][0]["field"] == field
    [parked] = quarantine.parked(limit=5).items
    assert json.loads(parked.body) == {"channel": channel["id"], "post": body}
    assert code in parked.reason
    assert post(client, channel, {"entries": [{"lead": []}]}).json == {"receipts": []}


GOOGLE: dict[str, Any] = {
    "name": "Lead forms",
    "provider": "GOOGLE",
    "secret": SECRET,
    "event": "lead_id",
    "mapping": {
        "name": "user_column_data.[column_id=FULL_NAME].string_value",
        "email": "user_column_data.[column_id=EMAIL].string_value",
    },
}


def told_google(number: str, **more: Any) -> dict[str, Any]:
    """What a lead form of Google posts."""
    columns = [("Full Name", "FULL_NAME", "李雷"), ("User Email", "EMAIL", "li@example.cn")]
    return {
        "lead_id": number,
        "user_column_data": [
            {"column_name": title, "column_id": name, "string_value": value} for title, name, value in columns
        ],
        "api_version": "1.0",
        "form_id": 40000000000,
        "google_key": SECRET,
        "is_test": False,
        **more,
    }


def test_googles_lead_forms_prove_themselves_by_the_key_in_their_posts(
    client: Client, stream: Stream
) -> None:
    path = f"/hooks/{client.post('/lead-channels', GOOGLE, by=OPERATIONS).json['id']}"

    taken = [client.post(path, told_google("a")) for _ in range(2)]
    trial = client.post(path, told_google("b", is_test=True))
    wrong = [client.post(path, told_google("c", google_key=key)) for key in ("another", "", None, 7)]
    nobody = client.post(path, told_google("d", user_column_data=[]))
    client.post(path, told_google("d", is_test=True, user_column_data=[]))
    parked = quarantine.parked(limit=5).items

    assert [reply.status for reply in (*taken, trial, nobody)] == [200, 200, 200, 400]
    assert {(reply.status, reply.json["errors"][0]["field"]) for reply in wrong} == {(400, "google_key")}
    assert trial.json == {"receipts": []}
    assert len(parked) == 2
    assert not any(SECRET in each.body for each in parked)
    assert {each.details["external_id"][-2:] for each in all_of(Submission)} == {":a"}


def test_networks_prove_that_the_channel_is_ours(
    client: Client, channel: dict[str, Any], linked_in: dict[str, Any]
) -> None:
    path = f"/hooks/{channel['id']}"
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "guess"}

    refused = client.get(path, query=asked)
    greeted = client.get(path, query=asked | {"hub.verify_token": channel["verify_token"]})
    signed = client.get(f"/hooks/{linked_in['id']}", query={"challengeCode": CODE})

    assert (greeted.status, greeted.text) == (200, "1158201444")
    assert refused.status == 400
    assert json.loads(signed.text) == {
        "challengeCode": CODE,
        "challengeResponse": hmac.new(SECRET.encode(), CODE.encode(), hashlib.sha256).hexdigest(),
    }


def test_nobody_has_a_post_signed_by_asking_for_a_challenge(
    client: Client, channel: dict[str, Any], linked_in: dict[str, Any]
) -> None:
    generic = client.post("/lead-channels", META | {"provider": "GENERIC"}, by=OPERATIONS).json
    forged = json.dumps({"leadgen_id": 1})
    asked = [(linked_in, forged), (linked_in, f"hmacsha256={forged}")]
    asked += [(each, code) for each in (channel, generic) for code in (forged, CODE)]

    replies = [client.get(f"/hooks/{each['id']}", query={"challengeCode": code}) for each, code in asked]

    told = {(reply.status, reply.json["errors"][0]["field"]) for reply in replies}
    assert told == {(400, "challengeCode")}


def test_what_a_network_knows_a_channel_by_is_shown_to_operations_alone(
    client: Client, channel: dict[str, Any]
) -> None:
    path = f"/lead-channels/{channel['id']}"

    listed = [client.get("/lead-channels", by=who).json["items"][0] for who in (REP, OPERATIONS)]

    assert [{"verify_token", "secret"} & each.keys() for each in listed] == [set()] * 2
    assert client.get(path, by=REP).status == 403
    assert client.get(path, by=OPERATIONS).json["verify_token"] == channel["verify_token"]


def test_a_secret_is_shown_once_and_kept_nowhere_in_the_open(
    client: Client, channel: dict[str, Any], stream: Stream
) -> None:
    stream.drain()

    assert channel["secret"] == SECRET
    assert "secret" not in client.get(f"/lead-channels/{channel['id']}", by=OPERATIONS).json
    kept = [*all_of(LeadChannel), *Entry.scan()]
    assert kept
    assert not any(SECRET in json.dumps(row.serialize()) for row in kept)


def test_a_paused_channel_is_not_there_and_only_operations_set_one_up(
    client: Client, channel: dict[str, Any]
) -> None:
    path = f"/lead-channels/{channel['id']}"

    assert client.post("/lead-channels", META).status == 401
    assert client.post("/lead-channels", META, by=REP).status == 403
    wrong = client.post("/lead-channels", META | {"mapping": {"owner_id": "x"}}, by=OPERATIONS)
    assert wrong.json["errors"][0]["field"] == "mapping"
    assert client.patch(path, {"status": "PAUSED"}, by=OPERATIONS, match=1).status == 200
    assert post(client, channel, ad(told(1, email="li@example.cn"))).status == 404
