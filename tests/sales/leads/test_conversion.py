"""Conversion: account, contact and opportunity in one step, or the field that stands in the way."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import boards, clock
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.accounts.models import Account, Contact
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.opportunities import evidence
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import REP, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, all_of, seen, taken
from tests.streams import Stream

LI = {
    "name": "Li Lei 李雷",
    "email": "li@example.cn",
    "phone": "+8613800138000",
    "company": "星河科技",
    "industry": "Retail",
    "source": "Web Site",
    "value": {"amount": "25000.00", "currency": "CNY"},
}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()
    opportunities.ensure_default_pipeline()


def add(client: Client, **details: Any) -> str:
    """A lead of Rita's."""
    found: str = client.post("/leads", LI | details, by=REP).json["id"]
    return found


def convert(client: Client, lead_id: str, by: Any = REP, **wanted: Any) -> Any:
    """Convert a lead."""
    return client.post(f"/leads/{lead_id}/convert", wanted, by=by)


def test_a_lead_becomes_an_account_a_contact_and_an_opportunity(client: Client) -> None:
    lead_id = add(client)

    reply = convert(client, lead_id)

    assert reply.status == 200, reply.text
    lead = reply.json
    account, contact = Account.fetch(lead["account_id"]), Contact.fetch(lead["contact_id"])
    deal = Opportunity.fetch(lead["opportunity_id"])
    assert (lead["status"], lead["sla_status"]) == ("CONVERTED", "FULFILLED")
    assert (account.name, account.industry, account.owner_id) == ("星河科技", "Retail", REP.id)
    assert (contact.name, contact.email, contact.account_id) == ("Li Lei 李雷", "li@example.cn", account.id)
    assert (deal.account_id, deal.contact_id, deal.lead_id) == (account.id, contact.id, lead_id)
    assert (deal.amount.amount, deal.source, deal.owner_id) == ("25000.00", "Web Site", REP.id)


def test_somebody_elses_lead_is_not_there_to_convert(client: Client) -> None:
    assert convert(client, add(client), by=STRANGER).status == 404


def test_a_lead_is_converted_once(client: Client) -> None:
    lead_id = add(client)
    convert(client, lead_id)

    assert convert(client, lead_id).status == 409
    assert len(all_of(Opportunity)) == 1


def test_a_lead_can_go_into_an_account_and_an_opportunity_there_are(client: Client) -> None:
    first = convert(client, add(client)).json
    second = add(client, name="Han Meimei", email="han@example.cn", phone="+8613900139000")

    reply = convert(client, second, account_id=first["account_id"], opportunity_id=first["opportunity_id"])

    assert reply.status == 200, reply.text
    assert reply.json["account_id"] == first["account_id"]
    assert reply.json["opportunity_id"] == first["opportunity_id"]
    assert (len(all_of(Account)), len(all_of(Contact))) == (1, 2)


def test_a_lead_can_be_converted_without_an_opportunity(client: Client) -> None:
    reply = convert(client, add(client), opportunity=None)

    assert (reply.status, reply.json["opportunity_id"]) == (200, None)
    assert all_of(Opportunity) == []


def test_an_account_of_that_name_stops_it_and_the_answer_names_the_field(client: Client) -> None:
    lead_id = add(client)
    accounts.add_account(name="星河科技", by=REP)

    reply = convert(client, lead_id)

    assert reply.status == 400
    assert [(e["field"], e["code"]) for e in reply.json["errors"]] == [("account.name", "account_exists")]
    assert Lead.fetch(lead_id).status == "ASSIGNED"
    assert all_of(Contact) == []


def test_a_second_account_or_contact_can_be_meant(client: Client) -> None:
    lead_id = add(client)
    accounts.add_account(name="星河科技", by=REP)

    meant = convert(client, lead_id, allow_duplicate=True, contact={"phone": None})

    assert meant.status == 200, meant.text
    assert len(all_of(Account)) == 2
    assert seen(Contact.fetch(meant.json["contact_id"]), "email", "phone") == ("li@example.cn", None)


def test_a_recognised_account_and_contact_are_used(client: Client) -> None:
    account = accounts.add_account(name="星河科技", by=REP)
    contact = accounts.add_contact(account_id=account.id, name="Li", email="li@example.cn", by=REP)

    reply = convert(client, add(client))

    assert (reply.json["account_id"], reply.json["contact_id"]) == (account.id, contact.id)
    assert len(all_of(Account)) == len(all_of(Contact)) == 1


def test_a_recognised_contact_that_was_voided_since_is_none_to_convert_into(client: Client) -> None:
    account = accounts.add_account(name="星河科技", by=REP)
    contact = accounts.add_contact(account_id=account.id, name="Li", email="li@example.cn", by=REP)
    lead_id = add(client)
    accounts.void_contact(contact.id, version=None, by=REP)

    refused = convert(client, lead_id)
    meant = convert(client, lead_id, contact={"name": "Li Lei"})

    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [
        ("contact_id", "convert_into_voided")
    ]
    assert (meant.status, Contact.fetch(meant.json["contact_id"]).email) == (200, "li@example.cn"), meant.text
    assert meant.json["contact_id"] != contact.id


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"account_id": "account_0000000000000000000000N0NE"}, "account_id"),
        ({"contact_id": "contact_0000000000000000000000N0NE"}, "contact_id"),
        ({"opportunity_id": "opportunity_0000000000000000000000N0NE"}, "opportunity_id"),
        ({"opportunity": {"pipeline_id": "pipeline_0000000000000000000000N0NE"}}, "opportunity.pipeline_id"),
    ],
)
def test_what_is_not_there_is_named(client: Client, wanted: dict[str, Any], field: str) -> None:
    lead_id = add(client)

    reply = convert(client, lead_id, **wanted)

    assert (reply.status, [e["field"] for e in reply.json["errors"]]) == (400, [field])
    assert Lead.fetch(lead_id).status == "ASSIGNED"
    assert all_of(Account) == []


def test_a_deal_of_another_account_cannot_be_joined(client: Client) -> None:
    other = convert(client, add(client)).json
    lead_id = add(client, name="Han", email="han@example.cn", phone=None, company="Other Ltd")

    reply = convert(client, lead_id, opportunity_id=other["opportunity_id"])

    assert [e["code"] for e in reply.json["errors"]] == ["deal_of_other_account"]


def test_a_deal_that_somebody_may_only_read_is_not_theirs_to_convert_into(client: Client) -> None:
    there = convert(client, add(client)).json
    account_id, deal_id = there["account_id"], there["opportunity_id"]
    for path in (f"/accounts/{account_id}", f"/opportunities/{deal_id}"):
        client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)
    han: dict[str, Any] = {"name": "Han", "email": "han@example.cn", "company": "Other"}
    lead_id = client.post("/leads", han, by=STRANGER).json["id"]

    reply = convert(client, lead_id, by=STRANGER, account_id=account_id, opportunity_id=deal_id)

    assert reply.status == 403, reply.text
    assert Opportunity.fetch(deal_id).joined_lead_ids == []
    assert Lead.fetch(lead_id).status == "ASSIGNED"


def test_what_is_voided_or_closed_is_none_to_convert_into(client: Client) -> None:
    there = convert(client, add(client)).json
    account_id, deal_id = there["account_id"], there["opportunity_id"]
    han = add(client, name="Han", email="han@example.cn", phone=None, company="Other")

    opportunities.lose(deal_id, reason="price", version=None, by=REP)
    closed = convert(client, han, account_id=account_id, opportunity_id=deal_id)
    accounts.void_contact(there["contact_id"], version=None, by=REP)
    gone = convert(client, han, account_id=account_id, contact_id=there["contact_id"])
    accounts.void_account(account_id, version=None, by=REP)
    voided = convert(client, han, account_id=account_id)

    refused = [reply.json["errors"][0] for reply in (closed, gone, voided)]
    assert [(each["field"], each["code"]) for each in refused] == [
        ("opportunity_id", "convert_into_closed"),
        ("contact_id", "convert_into_voided"),
        ("account_id", "convert_into_voided"),
    ]


def subjects(client: Client, about_id: str, path: str = "/activities", **paging: Any) -> list[str]:
    """What is listed about a record, read page by page."""
    found: list[str] = []
    query = {"about_id": about_id, **paging}
    while True:
        page = client.get(path, query=query, by=REP).json
        found += [each["subject" if path == "/activities" else "title"] for each in page["items"]]
        if not page["next"]:
            return found
        query["cursor"] = page["next"]


def test_the_story_of_a_lead_goes_along_and_counts_once(client: Client, stream: Stream) -> None:
    first, second = add(client), add(client, name="Han", email="han@example.cn", phone=None)
    with clock.at(MONDAY):
        client.post(
            "/tasks", {"title": "Send prices", "about_id": first, "due_at": "2026-12-24T08:00:00Z"}, by=REP
        )
    for hour, about_id in enumerate((first, second, first, second)):
        call = {"type": "CALL", "subject": f"Call {hour}", "about_id": about_id}
        at = clock.iso(MONDAY + timedelta(hours=hour))
        client.post("/activities", call | {"happened_at": at}, by=REP)

    deal = convert(client, first).json
    convert(client, second, account_id=deal["account_id"], opportunity_id=deal["opportunity_id"])
    note = {"type": "CALL", "subject": "Call 4", "about_id": deal["opportunity_id"]}
    client.post("/activities", note, by=REP)
    stream.drain()

    all_five = [f"Call {hour}" for hour in (4, 3, 2, 1, 0)]
    assert subjects(client, deal["opportunity_id"]) == all_five
    assert subjects(client, deal["opportunity_id"], limit=2) == all_five
    assert subjects(client, deal["account_id"]) == all_five
    assert subjects(client, deal["contact_id"]) == ["Call 2", "Call 0"]
    assert subjects(client, first) == ["Call 2", "Call 0"]
    assert subjects(client, deal["opportunity_id"], "/tasks") == ["Send prices"]
    assert subjects(client, deal["account_id"], "/tasks") == ["Send prices"]
    assert evidence.Interactions(deal["opportunity_id"]).count(9) == 5
    calls = boards.read("activities|owner")
    assert boards.total(calls)["CALL.count"] == 5


def test_who_sees_the_deal_sees_what_was_about_its_lead(client: Client, stream: Stream) -> None:
    lead_id = add(client)
    logged = client.post("/activities", {"type": "CALL", "subject": "x", "about_id": lead_id}, by=REP).json
    deal_id = convert(client, lead_id).json["opportunity_id"]
    stream.drain()
    before = client.get(f"/activities/{logged['id']}", by=STRANGER).status
    client.post(f"/opportunities/{deal_id}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)

    assert before == 404
    assert client.get(f"/activities/{logged['id']}", by=STRANGER).status == 200


def test_a_converted_persons_next_enquiry_is_a_lead_of_their_account(client: Client) -> None:
    converted = convert(client, add(client)).json

    again = taken("2", email="li@example.cn", name="Li Lei")

    assert again.how == "CREATED"
    assert (again.lead.account_id, again.lead.contact_id) == (
        converted["account_id"],
        converted["contact_id"],
    )
    assert again.lead.owner_id == REP.id
