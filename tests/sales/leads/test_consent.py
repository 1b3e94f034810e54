"""Consent: kept with the lead whichever way it comes, and the later one stands."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.sales.leads import channels, consent
from chalicelib.sales.leads.models import Lead
from tests.client import OPERATIONS, Client
from tests.organisation.people.builders import hire_everybody
from tests.platform.imports.bringing import bring_in, make_bucket, report
from tests.sales.leads.builders import MONDAY, a_form, all_of, label, post
from tests.streams import Stream

LI = {"name": "Li", "email": "li@example.cn"}
NEWER = clock.iso(MONDAY)
OLDER = clock.iso(MONDAY - timedelta(days=30))


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def agreed(version: str, at: str | None = None) -> dict[str, Any]:
    """What somebody agreed to, as a client tells it."""
    return {"text": f"Text {version}", "version": version} | ({"given_at": at} if at else {})


def kept() -> Any:
    """What the one lead there is keeps."""
    [lead] = all_of(Lead)
    return lead.consent


def test_the_later_consent_stands_in_whichever_order_they_come(client: Client) -> None:
    for version, at in (("2", NEWER), ("1", OLDER)):
        reply = client.post("/leads", LI | {"consent": agreed(version, at)}, by=OPERATIONS)
        assert reply.status in (200, 201), reply.text

    assert kept() == {"given": True, "version": "2", "text": "Text 2", "at": NEWER}
    client.post("/leads", LI, by=OPERATIONS)
    assert kept()["version"] == "2"
    client.post("/leads", LI | {"consent": agreed("3")}, by=OPERATIONS)
    assert kept()["version"] == "3"


def test_a_box_left_empty_takes_nothing_back(client: Client, stream: Stream) -> None:
    client.post("/leads", LI | {"consent": agreed("1", OLDER)}, by=OPERATIONS)
    text = label("I agree.", "我同意。")
    form = a_form(client, consent={"version": "9", "text": text, "required": False})

    post(client, form, LI)
    stream.drain()
    assert kept()["version"] == "1"
    post(client, form, LI | {"consent": True})
    stream.drain()

    assert (kept()["given"], kept()["version"]) == (True, "9")
    empty = consent.consented(text="I agree.", version="9", given=False)
    assert consent.standing(None, empty) == empty


def test_who_had_agreed_before_a_box_was_left_empty_has_agreed_though_it_is_told_later() -> None:
    empty = consent.consented(text="I agree.", version="9", given=False, given_at=MONDAY)
    earlier = consent.consented(text="I agree.", version="1", given_at=MONDAY - timedelta(days=30))

    assert consent.standing(empty, earlier) == consent.standing(earlier, empty) == earlier


def test_a_consent_to_come_or_to_nothing_is_refused_by_its_field(client: Client) -> None:
    to_come = clock.iso(clock.now() + timedelta(days=1))
    wrong = [agreed("1", to_come), {"version": "1", "text": ""}, {"text": "Text"}]

    replies = [client.post("/leads", LI | {"consent": each}, by=OPERATIONS) for each in wrong]

    assert [reply.json["errors"][0]["field"] for reply in replies] == [
        "consent.given_at", "consent.text", "consent.version",
    ]  # fmt: skip


def test_a_file_tells_who_agreed_to_what(client: Client) -> None:
    make_bucket()
    file = f"No,Mail,Text,Version,At\n1,li@example.cn,I agree,7,{OLDER}\n2,han@example.cn,I agree,,\n"
    columns = {"No": "external_id", "Mail": "email", "Text": "consent_text"}
    columns |= {"Version": "consent_version", "At": "consent_at"}

    job = bring_in(client, "leads", file.encode(), {"columns": columns})

    assert kept() == {"given": True, "version": "7", "text": "I agree", "at": OLDER}
    assert [(line["line"], line["field"]) for line in report(job["id"])] == [("2", "consent_version")]


@pytest.mark.parametrize(
    ("mapped", "record", "version", "answers"),
    [
        ({}, {}, "9", {}),
        ({"consent": "ok"}, {"ok": "1"}, "9", {}),
        ({"consent": "ok"}, {"ok": True}, "9", {}),
        ({"consent": "ok"}, {"ok": False}, None, {}),
        ({"consent": "ok"}, {}, None, {}),
        ({"consent": "ok"}, {"ok": "no"}, None, {"consent": "no"}),
        ({"consent_text": "t", "consent_version": "v"}, {"t": "Mine", "v": 3}, "3", {}),
        ({"consent_at": "at"}, {"at": "2999-01-01T00:00:00Z"}, None, {"consent_at": "2999-01-01T00:00:00Z"}),
    ],
)
def test_a_channel_says_what_people_agree_to_and_a_record_whether_they_did(
    mapped: dict[str, str], record: dict[str, Any], version: str | None, answers: dict[str, str]
) -> None:
    mapping = {"email": "email", **mapped}

    details = channels.read({"email": "li@example.cn", **record}, mapping, consent=agreed("9"))

    assert (details.get("consent") or {}).get("version") == version
    assert details["answers"] == answers
    assert "consent" not in channels.read({"email": "li@example.cn"}, {"email": "email"})


def test_what_comes_by_a_channel_keeps_its_consent(client: Client, stream: Stream) -> None:
    asked = {"name": "Ads", "provider": "GOOGLE", "mapping": {"email": "mail"}, "consent": agreed("9")}
    made = client.post("/lead-channels", asked, by=OPERATIONS).json

    body = {"mail": "li@example.cn", "google_key": made["secret"]}
    reply = client.post(f"/hooks/{made['id']}", body)
    stream.drain()

    assert (reply.status, made["consent"]) == (200, agreed("9")), json.dumps(reply.json)
    assert (kept()["given"], kept()["text"]) == (True, "Text 9")
