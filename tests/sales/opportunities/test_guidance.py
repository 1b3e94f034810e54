"""Guidance: a manager tells the owner of a deal what to do, and sees that it was read."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.customers.activities import service as activities
from chalicelib.sales.opportunities import guidance, service
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import COLLEAGUE, MANAGER, REP, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_deal_to_win
from tests.streams import Stream

ADVICE = "Ask who signs 问清谁签字"


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _guided(deal: Opportunity, text: str = ADVICE) -> Opportunity:
    return service.guide(deal.id, text=text, version=None, by=MANAGER)


def _tasks(deal: Opportunity) -> list[Any]:
    return list(activities.tasks(about_id=deal.id, who=REP, limit=50).items)


def test_what_a_manager_says_is_a_task_of_the_owner_until_it_is_acknowledged(
    client: Client, stream: Stream
) -> None:
    deal = a_deal(name="Press line")
    path = f"/opportunities/{deal.id}"

    told = client.post(f"{path}/guidance", {"text": ADVICE}, by=MANAGER, match=1)
    [task] = _tasks(deal)
    read = client.post(f"{path}/guidance/1/acknowledge", by=REP, match=2)
    stream.drain()
    stream.deliver(list(stream.delivered))

    [note] = told.json["guidance"]
    assert (note["by"], note["text"], note["acknowledged_at"]) == (MANAGER.id, ADVICE, None)
    assert (task.owner_id, task.description, task.member_ids) == (REP.id, ADVICE, [MANAGER.id])
    assert "Press line" in task.title
    assert read.json["guidance"][0]["acknowledged_at"]
    assert [each.status for each in _tasks(deal)] == ["COMPLETED"]


def test_who_may_not_approve_gives_no_guidance_and_only_the_owner_acknowledges(client: Client) -> None:
    deal = _guided(a_deal())
    service.set_member(deal.id, COLLEAGUE.id, role="MEMBER", version=None, by=REP)
    path = f"/opportunities/{deal.id}/guidance"

    assert client.post(path, {"text": ADVICE}, by=REP).status == 403
    assert client.post(path, {"text": ""}, by=MANAGER).json["errors"][0]["field"] == "text"
    for who, status in ((MANAGER, 403), (COLLEAGUE, 403), (STRANGER, 404)):
        assert client.post(f"{path}/1/acknowledge", by=who).status == status
    assert client.post(f"{path}/2/acknowledge", by=REP).status == 404
    assert client.post(f"{path}/one/acknowledge", by=REP).status == 404


def test_acknowledging_twice_is_acknowledging_once_even_when_the_task_was_done_before(stream: Stream) -> None:
    deal = _guided(a_deal())
    activities.complete_task(_tasks(deal)[0].id, version=None, by=REP, result="asked")

    first = service.acknowledge(deal.id, "1", version=None, by=REP)
    again = service.acknowledge(deal.id, "1", version=None, by=REP)
    stream.drain()

    assert again.version == first.version
    assert [task.result for task in _tasks(deal)] == ["asked"]


def test_a_deal_keeps_the_latest_guidance_and_numbers_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guidance, "MOST_NOTES", 2)
    deal = a_deal()

    for text in ("one", "two", "three"):
        _guided(deal, text)

    kept = service.opportunity(deal.id, who=REP).guidance
    assert [(note["number"], note["text"]) for note in kept] == [(2, "two"), (3, "three")]
    assert len(_tasks(deal)) == 3


def test_a_closed_deal_takes_no_guidance_but_what_was_said_can_still_be_acknowledged() -> None:
    deal = _guided(a_deal_to_win())
    service.win(deal.id, version=None, by=REP)

    with pytest.raises(errors.OutOfTurn):
        _guided(deal)
    read = service.acknowledge(deal.id, "1", version=None, by=REP)

    assert read.guidance[0]["acknowledged_at"]
