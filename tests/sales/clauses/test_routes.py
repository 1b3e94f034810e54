"""Clauses over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

from tests.client import OPERATIONS, REP, Client

LAW = {
    "name": "Governing law 适用法律",
    "language": "en",
    "subject": "GOVERNING_LAW",
    "body": "This Agreement with {{customer_name}} is governed by the laws of {{place}}.",
}


def _clause(client: Client, **details: Any) -> dict[str, Any]:
    reply = client.post("/clauses", {**LAW, **details}, by=OPERATIONS)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_or_changes_them_without_the_right(client: Client) -> None:
    assert client.get("/clauses").status == 401
    assert client.post("/clauses", LAW, by=REP).status == 403
    assert client.put("/clause-policy", {"stances": []}, by=REP, match=0).status == 403
    assert client.post("/contract-templates", {}, by=REP).status == 403


def test_every_wrong_field_is_named_at_once(client: Client) -> None:
    wrong = {"name": "", "language": "fr", "subject": "LUCK", "body": "", "status": "ACTIVE"}

    reply = client.post("/clauses", wrong, by=OPERATIONS)

    assert {error["field"] for error in reply.json["errors"]} == set(wrong)
    twice = {
        "stances": [{"kind": "INSURANCE", "stance": "RISKY"}, {"kind": "INSURANCE", "stance": "NEUTRAL"}]
    }
    told = client.put("/clause-policy", twice, by=OPERATIONS, match=0).json["errors"]
    assert [(error["field"], error["code"]) for error in told] == [("stances", "duplicate_kind")]


def test_a_clause_is_kept_changed_and_retired(client: Client) -> None:
    clause = _clause(client)
    _clause(client, name="Arbitration")
    path = f"/clauses/{clause['id']}"

    assert [each["name"] for each in client.get("/clauses", by=REP).json["items"]] == [
        "Arbitration",
        LAW["name"],
    ]
    changed = client.patch(path, {"body": "New", "subject": None}, by=OPERATIONS, match=1).json
    assert (changed["body"], changed["subject"], changed["name"]) == ("New", None, LAW["name"])
    assert client.patch(path, {"body": "Old"}, by=OPERATIONS, match=1).status == 412
    assert client.patch(path, {"status": "RETIRED"}, by=OPERATIONS, match=2).json["status"] == "RETIRED"
    assert len(client.get("/clauses", by=REP).json["items"]) == 1
    retired = client.get("/clauses", by=REP, query={"status": "RETIRED"}).json["items"]
    assert [each["id"] for each in retired] == [clause["id"]]


def test_a_template_is_filled_and_names_what_is_missing(client: Client) -> None:
    law, price = _clause(client), _clause(client, name="Price", subject=None, body="It costs {{price}}.")
    body = {"name": "Sale 销售", "language": "en", "clause_ids": [price["id"], law["id"]]}

    template = client.post("/contract-templates", body, by=OPERATIONS).json
    path = f"/contract-templates/{template['id']}"
    values = {"values_by_field": {"price": "9.00 CNY", "customer_name": "Kangnai 康奈"}}
    draft = client.post(f"{path}/fill", values, by=REP).json

    assert draft["missing"] == ["place"]
    assert draft["text"].startswith("1. Price\n\nIt costs 9.00 CNY.\n\n2. Governing law")
    assert "with Kangnai 康奈 is governed by the laws of {{place}}." in draft["text"]

    client.patch(f"/clauses/{law['id']}", {"status": "RETIRED"}, by=OPERATIONS, match=1)
    told = client.post(f"{path}/fill", values, by=REP).json["errors"]
    assert [error["field"] for error in told] == ["clause_ids.1"]
    gone = client.patch(path, {"clause_ids": [price["id"], law["id"]]}, by=OPERATIONS, match=1)
    assert [error["field"] for error in gone.json["errors"]] == ["clause_ids.1"]
    kept = client.patch(path, {"clause_ids": [price["id"]]}, by=OPERATIONS, match=1).json
    assert kept["clause_ids"] == [price["id"]]
    assert client.get(path, by=REP).json == kept
    client.patch(path, {"status": "RETIRED"}, by=OPERATIONS, match=2)
    assert client.post(f"{path}/fill", values, by=REP).json["errors"][0]["field"] == "template_id"
    assert client.get("/contract-templates", by=REP).json["items"] == []


def test_the_usual_notes_are_told_in_the_language_of_who_reads_them(client: Client) -> None:
    said = {"en": "Without it a court chooses the law.", "zh-CN": "缺少该条款时，由法院确定适用的法律。"}

    for language, note in said.items():
        asked: dict[str, Any] = {"by": REP, "headers": {"accept-language": language}}
        policy = client.get("/clause-policy", **asked).json
        assert policy["stances"]["GOVERNING_LAW"] == {"stance": "REQUIRED", "note": note}
        review = client.post("/clause-reviews", {"text": "One"}, **asked).json
        assert {each["kind"]: each["note"] for each in review["findings"]}["GOVERNING_LAW"] == note


def test_a_text_is_reviewed_by_the_policy_that_operations_set(client: Client) -> None:
    text = {"text": "Supplier appoints Distributor as its exclusive distributor in the Territory.\n"}

    usual = client.post("/clause-reviews", text, by=REP).json
    verdicts = {finding["kind"]: finding["verdict"] for finding in usual["findings"]}
    assert usual["policy_version"] == client.get("/clause-policy", by=REP).json["version"] == 0
    assert verdicts["GOVERNING_LAW"] == verdicts["LIABILITY_CAP"] == "MISSING"
    assert verdicts["EXCLUSIVITY"] == "RISKY"

    stances = [{"kind": "EXCLUSIVITY", "stance": "REQUIRED", "note": "Only as exclusive agents 仅作独家代理"}]
    assert client.put("/clause-policy", {"stances": stances}, by=OPERATIONS, match=0).json["version"] == 1
    ours = client.post("/clause-reviews", text, by=REP).json
    told = {finding["kind"]: finding for finding in ours["findings"]}
    assert ours["policy_version"] == 1
    assert (told["EXCLUSIVITY"]["verdict"], told["GOVERNING_LAW"]["verdict"]) == ("PRESENT", "ABSENT")
    assert told["EXCLUSIVITY"]["note"] == stances[0]["note"]
    assert told["EXCLUSIVITY"]["places"] == [{"start": 0, "end": 76, "quote": text["text"].strip()}]

    assert client.put("/clause-policy", {"stances": []}, by=OPERATIONS, match=0).status == 412
    assert client.put("/clause-policy", {"stances": []}, by=OPERATIONS, match=1).json["stances"] == {}
