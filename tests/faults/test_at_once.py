"""One request a thousand times at once, and many writers of one record: on an emulator with real races."""

from collections import Counter
from collections.abc import Iterator

import pytest

from chalicelib.core.table import Record
from chalicelib.customers.accounts.models import Account
from chalicelib.organisation.people import directory
from chalicelib.sales.leads.models import Submission
from tests.client import COLLEAGUE, MANAGER, REP, Client
from tests.faults.asking import CHANGING, send, told, undisturbed
from tests.faults.effects import effect, held
from tests.faults.parallel import ParallelClient, at_once
from tests.faults.verbs import VERBS
from tests.faults.world import World
from tests.sales.leads.builders import all_of, token

WRITERS = 16
#: A lead, many leads, a deal, an order of a deal, money, a shipment, a conversion, a mail.
ONCE = (
    "orders.draft_order_of_opportunity",
    "order_money.pay_order",
    "leads.add_lead",
    "leads.add_leads",
    "leads.convert_lead",
    "opportunities.open_deal",
    "order_goods.ship_order",
    "reports.run_now",
)


@pytest.fixture
def client(emulated: str) -> Iterator[Client]:
    """The whole app, for many threads."""
    with ParallelClient.open() as opened:
        yield opened


@pytest.fixture
def world(emulated: str) -> World:
    """A company at work."""
    directory.forget()
    return World()


def sent_at_once(client: Client, world: World, name: str, times: int) -> None:
    """Send one request so many times at once; it must be done once and answered alike."""
    endpoint, row = CHANGING[name], VERBS[name]
    expected = undisturbed(client, endpoint, row(world))
    ask, before = row(world), held()

    replies = at_once(lambda _: send(client, endpoint, ask, "one-key"), range(times), threads=32)

    assert effect(before, held()) == expected.wrote
    assert Counter(map(told, replies)) == {expected.answer: times}


@pytest.mark.parametrize("name", ONCE[:4])
def test_a_request_sent_forty_times_at_once_is_done_once(client: Client, world: World, name: str) -> None:
    sent_at_once(client, world, name, 40)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ONCE)
def test_a_request_sent_a_thousand_times_at_once_is_done_once(
    client: Client, world: World, name: str
) -> None:
    sent_at_once(client, world, name, 1_000)


def test_a_key_that_came_with_another_body_is_refused(client: Client, world: World) -> None:
    emails = [world.email() for _ in range(20)]
    key = {"Idempotency-Key": "one-key"}

    replies = at_once(
        lambda email: client.post("/leads", {"name": "Li", "email": email}, by=MANAGER, headers=key), emails
    )

    [taken] = [reply for reply in replies if reply.status == 201]
    refused = [(reply.status, reply.json["code"]) for reply in replies if reply is not taken]
    assert set(refused) == {(409, "key_reused")}


def test_a_key_of_somebody_else_is_another_key(client: Client, world: World) -> None:
    people, key = [REP, COLLEAGUE] * 10, {"Idempotency-Key": "one-key"}
    body = {"title": "Call", "due_at": "2099-01-01T09:00:00Z"}

    replies = at_once(lambda who: client.post("/tasks", body, by=who, headers=key), people)

    assert {reply.status for reply in replies} == {201}
    by_owner = {(reply.json["owner_id"], reply.json["id"]) for reply in replies}
    assert sorted(owner for owner, _ in by_owner) == sorted([REP.id, COLLEAGUE.id])


def test_a_form_sent_many_times_at_once_with_one_token_is_one_post(client: Client, world: World) -> None:
    form = {"id": world.form(token_seconds=0).id}
    sent = {"name": "Li", "email": world.email(), "token": token(client, form)}

    replies = at_once(lambda _: client.post(f"/forms/{form['id']}/submissions", sent), range(40))

    receipts = {reply.json["receipt"] for reply in replies if reply.status == 202}
    assert {reply.status for reply in replies} == {202}
    assert receipts == {submission.id for submission in all_of(Submission)}
    assert len(receipts) == 1


def one_wins_each_version(client: Client, accounts: list[Account]) -> None:
    """Have all writers add their mark to each record until all marks are in: none may be lost."""
    won: Counter[tuple[str, int]] = Counter()

    def write(mark: int, account: Account) -> None:
        path = f"/accounts/{account.id}"
        while True:
            seen = client.get(path, by=REP)
            marks = f"{seen.json['description'] or ''} {mark}".strip()
            reply = client.patch(path, {"description": marks}, by=REP, match=seen.etag)
            if reply.status == 200:
                won[account.id, reply.json["version"]] += 1
                return
            assert (reply.status, reply.json["code"]) == (412, "stale")

    at_once(
        lambda pair: write(*pair),
        [(mark, account) for account in accounts for mark in range(WRITERS)],
        threads=WRITERS,
    )

    versions = range(2, WRITERS + 2)
    assert won == {(account.id, version): 1 for account in accounts for version in versions}
    for account in accounts:
        now = Record.anywhere(account.id)
        assert isinstance(now, Account)
        assert sorted(map(int, str(now.description).split())) == list(range(WRITERS))


def test_of_sixteen_writers_of_one_version_exactly_one_wins(client: Client, world: World) -> None:
    one_wins_each_version(client, [world.account() for _ in range(3)])


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_of_sixteen_writers_exactly_one_wins_on_each_of_two_hundred_records(
    client: Client, world: World
) -> None:
    one_wins_each_version(client, [world.account() for _ in range(200)])
