"""Possible duplicates: suggested on both leads with the reasons, never merged, in three reads."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import guards, identity
from chalicelib.core.guards import Guard
from chalicelib.sales.leads import likeness, lookalikes
from chalicelib.sales.leads.models import Lead
from tests.client import OPERATIONS, Client
from tests.insight.analytics.boards import calls
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import a_lead, again, all_of, service, taken
from tests.streams import Stream

ADDRESS: dict[str, Any] = {
    "street": "88 Zhongshan Road",
    "city": "Nanjing",
    "postcode": "210005",
    "born_on": date(1990, 1, 2),
}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def like(lead: Lead) -> list[str]:
    """Whom a lead is possibly a duplicate of."""
    return [each["lead_id"] for each in again(lead).possible_duplicates]


def look_around(*leads: Lead) -> None:
    """What happens to each when it has been written."""
    for lead in leads:
        lookalikes.look_around(lead.id)


def test_somebody_alike_is_suggested_on_both_leads_with_the_reasons_and_never_merged(
    client: Client, stream: Stream
) -> None:
    first = a_lead("1", name="Li Lei", email="li@work.cn", **ADDRESS)
    second = a_lead("2", name="Lei Li", email="li@home.cn", **ADDRESS | {"street": "88 Zhongshn Rd"})
    a_lead("3", name="Han Meimei", email="han@work.cn", **ADDRESS | {"born_on": date(1980, 5, 6)})

    stream.drain()

    assert len(all_of(Lead)) == 3
    assert (like(first), like(second)) == ([second.id], [first.id])
    [noted] = client.get(f"/leads/{first.id}", by=OPERATIONS).json["possible_duplicates"]
    assert noted["score"] == sum(reason["points"] for reason in noted["reasons"])
    assert {"field": "born_on", "how": "EQUAL", "points": 12} in noted["reasons"]


def test_a_suggestion_goes_when_what_it_stood_on_is_corrected() -> None:
    first = a_lead("1", name="Li Lei", **ADDRESS)
    second = a_lead("2", name="Li Lei", **ADDRESS)
    look_around(first, second)
    assert (like(first), like(second)) == ([second.id], [first.id])

    told = {"name": "Wang Fang", "born_on": date(1971, 3, 4), "street": "1 Lake Street", "postcode": "999"}
    service.change_lead(second.id, version=None, by=OPERATIONS, **told)
    look_around(second)

    assert (like(first), like(second)) == ([], [])


def test_who_shares_a_phone_stays_suggested_whatever_the_address() -> None:
    first = a_lead("1", phone="+8613800138000", email="li@example.cn", name="Li Lei", **ADDRESS)
    second = taken("2", phone="+8613800138000", email="wang@example.cn", name="Wang Wei").lead
    look_around(first, second)

    assert like(second) == [first.id]
    [noted] = again(second).possible_duplicates
    assert noted["reasons"][0] == {"field": "phone", "how": "EQUAL", "points": 20}


def test_looking_around_takes_three_batches_of_reads_however_many_are_alike() -> None:
    last = a_lead("99", name="Li Lei", **ADDRESS)
    keys = [identity.key("lead", "like", block) for block in likeness.blocks(lookalikes.compared(last))]
    others = {a_lead(str(number), name="Li Lei", **ADDRESS).id for number in range(45)}
    for key in keys:
        Guard(key, members=others).save()

    with calls() as made:
        lookalikes.look_around(last.id)

    reads = {name: number for name, number in made.items() if name in ("GetItem", "BatchGetItem", "Query")}
    assert reads == {"GetItem": 1, "BatchGetItem": 3}  # the lead; blocks, pairs told apart, who is left
    assert made["UpdateItem"] == len(keys) + lookalikes.MOST_COMPARED + 1
    assert len(again(last).possible_duplicates) == lookalikes.MOST_SHOWN


def test_a_block_keeps_its_newest_members_whatever_the_order(tables: None) -> None:
    for member in ("c", "a", "e", "b", "d", "e"):
        guards.gather("block", member, most=3)

    assert guards.gathered(["block", "nothing"]) == {"block": {"c", "d", "e"}, "nothing": set()}
    assert Guard.get("block").members == {"c", "d", "e"}
