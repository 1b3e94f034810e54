"""Two leads that are not one person: said from either side, for good, until somebody takes it back."""

import pytest

from chalicelib.core import clock
from chalicelib.core.changelog import history
from chalicelib.sales.leads import lookalikes
from chalicelib.sales.leads.models import Lead
from tests.client import COLLEAGUE, OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, again, service
from tests.streams import Stream

ADDRESS = {"street": "88 Zhongshan Road", "city": "Nanjing", "postcode": "210005"}


@pytest.fixture
def twins(tables: None, stream: Stream) -> tuple[Lead, Lead]:
    """Two of Rita's who share a name, an address and a phone."""
    hire_everybody()
    with clock.at(MONDAY):
        first, second = (
            service.add_lead(
                name=name, email=f"{name[:3]}@example.cn", phone="13800138000", by=REP, **ADDRESS
            ).lead
            for name in ("Li Lei", "Lei Li")
        )
    stream.drain()
    return again(first), again(second)


def like(lead: Lead) -> list[str]:
    """Whom a lead is possibly a duplicate of."""
    return [each["lead_id"] for each in again(lead).possible_duplicates]


def say(client: Client, lead: Lead, verb: str, other: Lead, **said: str) -> int:
    return client.post(f"/leads/{lead.id}/{verb}", {"other_id": other.id, **said}, by=REP).status


@pytest.mark.parametrize("side", [0, 1])
def test_who_is_not_a_duplicate_is_suggested_no_more_whatever_becomes_known(
    client: Client, stream: Stream, twins: tuple[Lead, Lead], side: int
) -> None:
    lead, other = twins[side], twins[1 - side]
    assert (like(lead), like(other)) == ([other.id], [lead.id])

    assert say(client, lead, "dismiss-duplicate", other, reason="brothers") == 200

    assert (like(lead), like(other)) == ([], [])
    for each in twins:
        service.change_lead(each.id, postcode="210006", version=None, by=REP)
    service.add_lead(email=twins[0].email, phone="13800138000", by=OPERATIONS)
    stream.drain()
    lookalikes.look_around(other.id)
    assert (like(lead), like(other)) == ([], [])


def test_it_is_told_who_said_so_and_why_on_both_sides(
    client: Client, stream: Stream, twins: tuple[Lead, Lead]
) -> None:
    first, second = twins
    say(client, first, "dismiss-duplicate", second, reason="brothers")

    for one, other in (twins, twins[::-1]):
        [said] = client.get(f"/leads/{one.id}/not-duplicates", by=REP).json["items"]
        assert said["other_id"] == other.id
        assert (said["status"], said["reason"], said["decided_by"]) == ("DISMISSED", "brothers", REP.id)
    stream.drain()
    [line] = history(lookalikes.pair_id(first.id, second.id), limit=5).items
    assert line.by == REP.id


def test_taken_back_it_is_suggested_as_before(
    client: Client, stream: Stream, twins: tuple[Lead, Lead]
) -> None:
    first, second = twins
    say(client, first, "dismiss-duplicate", second)

    assert say(client, second, "reconsider-duplicate", first) == 200

    assert [again(each).possible_duplicates for each in twins] == [each.possible_duplicates for each in twins]
    stream.drain()
    assert (like(first), like(second)) == ([second.id], [first.id])
    say(client, second, "dismiss-duplicate", first)
    assert (like(first), like(second)) == ([], [])


def test_only_what_was_suggested_can_be_dismissed_and_only_what_was_dismissed_taken_back(
    client: Client, twins: tuple[Lead, Lead]
) -> None:
    first, second = twins
    stranger = service.add_lead(name="Han Meimei", by=REP).lead

    assert say(client, first, "dismiss-duplicate", stranger) == 400
    assert say(client, first, "reconsider-duplicate", second) == 400
    assert say(client, first, "dismiss-duplicate", second) == 200
    assert say(client, first, "dismiss-duplicate", second) == 200
    place = f"/leads/{first.id}/dismiss-duplicate"
    assert client.post(place, {"other_id": second.id}).status == 401
    assert client.post(place, {"other_id": second.id}, by=COLLEAGUE).status == 404
