"""A person's whole book goes to others: all that is at work, once, counted, however often it is cut off."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, ids
from chalicelib.core.access import Principal
from chalicelib.core.table import Record
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.platform.handovers import batches, looking, service
from chalicelib.platform.handovers.models import STALLED, Handover
from chalicelib.sales.contracts import service as contract_service
from chalicelib.sales.leads import service as leads
from chalicelib.sales.opportunities import service as deal_service
from tests import memory
from tests.client import ADMIN, COLLEAGUE, MANAGER, OPERATIONS, READ_ONLY, REP, SOUTH, STRANGER, Client
from tests.customers import builders as customers
from tests.faults.dying import dying
from tests.sales.contracts import builders as contracts
from tests.sales.opportunities import builders as deals
from tests.sales.orders import builders as orders
from tests.sales.quotes import builders as quotes
from tests.streams import Stream, sweep

Book = dict[str, list[str]]


@pytest.fixture
def book(tables: None) -> Book:
    """What Rita works on, by kind; and under `over` what is over."""
    shop = orders.open_shop()
    account = accounts.account(shop.account_id, who=REP)
    rob = customers.contact(customers.account("Bolt AG", by=COLLEAGUE), by=COLLEAGUE)
    at_work: list[Any] = [
        account,
        customers.contact(account),
        accounts.reassign_contact(rob.id, owner_id=REP.id, version=None, by=MANAGER),
        *(leads.add_lead(name=name, by=REP).lead for name in ("Li Lei", "Han Meimei", "Lin Tao")),
        deals.a_deal(name="Press", account_id=account.id),
        quotes.drafted(shop),
        orders.shipped(shop),
        contracts.signed(account.id),
        customers.task(about_id=account.id),
    ]
    over: list[Any] = [
        leads.unqualify_lead(
            leads.add_lead(name="Nobody", by=REP).lead.id, reason="moved", version=None, by=REP
        ),
        deal_service.lose(
            deals.a_deal(name="Lathe", account_id=account.id).id, reason="price", version=None, by=REP
        ),
        contract_service.cancel(contracts.drafted(account.id).id, reason="no", by=REP),
        activities.complete_task(customers.task("Call").id, version=None, by=REP),
        accounts.void_account(customers.account("Gone Ltd").id, version=None, by=REP),
    ]
    found: Book = {"over": [record.id for record in over]}
    for record in at_work:
        found.setdefault(record.kind, []).append(record.id)
    return found


def _begin(*to: Principal, by: Principal = OPERATIONS) -> Handover:
    wanted = {"from_id": REP.id, "to_ids": [who.id for who in to], "reason": "left"}
    return service.hand_over(**wanted, origin=ids.new("request"), by=by)  # type: ignore[arg-type]


def _owners(item_ids: list[str]) -> list[str]:
    found = Record.many_anywhere(item_ids)
    return [getattr(found[item_id], "owner_id", "") for item_id in item_ids]


def _all(book: Book) -> list[str]:
    return [item_id for kind, found in book.items() if kind != "over" for item_id in found]


def _counted(book: Book) -> dict[str, int]:
    return {kind: len(found) for kind, found in book.items() if kind != "over"}


def test_all_that_somebody_works_on_goes_to_a_colleague_and_what_is_over_stays(
    book: Book, stream: Stream
) -> None:
    begun = _begin(STRANGER)

    stream.drain()

    done = Handover.fetch(begun.id)
    assert (done.status, done.moved, done.passed_over) == ("DONE", _counted(book), {})
    assert done.received == {STRANGER.id: len(_all(book))}
    assert set(_owners(_all(book))) == {STRANGER.id}
    assert {getattr(Record.anywhere(item_id), "team_id", "") for item_id in _all(book)} == {SOUTH}
    assert set(_owners(book["over"])) == {REP.id}
    lead = leads.lead(book["lead"][0], who=STRANGER)
    assert (lead.assignment["how"], lead.assignment["by"]) == ("REASSIGNED", OPERATIONS.id)


def test_of_several_each_gets_whole_customers_in_turn(book: Book, stream: Stream) -> None:
    begun = _begin(COLLEAGUE, STRANGER)

    stream.drain()
    stream.deliver(stream.delivered)

    done = Handover.fetch(begun.id)
    [owner] = _owners(book["account"])
    of_customer = [
        each for kind in ("opportunity", "quote", "order", "contract", "task") for each in book[kind]
    ]
    assert set(_owners([*of_customer, book["contact"][0]])) == {owner}
    # A contact at a customer of Rob's is Rob's; the leads alternate.
    assert _owners(book["contact"][1:]) == [COLLEAGUE.id]
    assert abs(sum(1 if who == STRANGER.id else -1 for who in _owners(book["lead"]))) == 1
    assert done.moved == _counted(book)
    assert done.received == Counter(_owners(_all(book)))


def test_a_process_that_dies_after_each_of_its_writes_brings_it_to_the_same_end(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_RECORDS", 2)
    begun = _begin(COLLEAGUE, STRANGER)
    put_back = memory.kept()
    _run(begun.id)
    expected = _end(begun.id, book)
    put_back()
    deaths = 0

    while Handover.fetch(begun.id).status == "RUNNING":
        with dying(0, "after") as death:
            _run(begun.id)
        deaths += death.happened

    assert _end(begun.id, book) == expected
    # One for each record that was moved, and for each batch.
    assert deaths > 1.5 * len(_all(book))


def _run(handover_id: str) -> None:
    while (found := Handover.fetch(handover_id)).status == "RUNNING":
        batches.go_on(handover_id, version=found.version)


def _end(handover_id: str, book: Book) -> tuple[Any, ...]:
    found = Handover.fetch(handover_id)
    return found.status, found.moved, found.received, found.passed_over, _owners(_all(book))


def test_what_somebody_else_moved_or_closed_meanwhile_is_passed_over(book: Book) -> None:
    begun = _begin(COLLEAGUE)
    batches.go_on(begun.id, version=begun.version)
    planned = Handover.fetch(begun.id)
    [first, second] = [each["id"] for each in planned.batch]
    accounts.reassign_contact(first, owner_id=STRANGER.id, version=None, by=MANAGER)
    accounts.void_contact(second, version=None, by=REP)

    _run(begun.id)

    done = Handover.fetch(begun.id)
    assert (done.status, done.passed_over) == ("DONE", {"contact": 2})
    assert done.moved == {kind: n for kind, n in _counted(book).items() if kind != "contact"}


def test_without_a_receiver_it_stops_and_goes_on_with_another(book: Book) -> None:
    begun = _begin(COLLEAGUE)
    batches.go_on(begun.id, version=begun.version)
    people.let_go(COLLEAGUE.id, version=None, by=ADMIN)

    _run(begun.id)

    stopped = Handover.fetch(begun.id)
    assert (stopped.status, stopped.failure, stopped.moved) == ("STOPPED", "handover_nobody", {})

    service.resume(begun.id, to_ids=[STRANGER.id], version=None, by=MANAGER)
    _run(begun.id)

    done = Handover.fetch(begun.id)
    assert (done.status, done.moved) == ("DONE", _counted(book))
    assert done.received == {STRANGER.id: len(_all(book))}


def test_a_record_that_cannot_be_moved_stops_it_and_is_named(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = _begin(COLLEAGUE)
    with monkeypatch.context() as broken:
        broken.setattr(people, "owner_fields", lambda *_, **__: 1 / 0)
        _run(begun.id)

    stopped = Handover.fetch(begun.id)
    assert (stopped.status, stopped.failure) == ("STOPPED", "handover_unforeseen")
    assert stopped.failed_id in book["contact"]

    service.resume(begun.id, to_ids=None, version=None, by=OPERATIONS)
    _run(begun.id)

    assert Handover.fetch(begun.id).moved == _counted(book)


@pytest.mark.parametrize(
    ("to_ids", "wrong"),
    [
        ([REP.id], ["to_ids.0"]),
        ([COLLEAGUE.id, COLLEAGUE.id], ["to_ids.1"]),
        ([COLLEAGUE.id, STRANGER.id, "user_" + "0" * 26], ["to_ids.1", "to_ids.2"]),
    ],
)
def test_receivers_work_here_and_are_somebody_else(
    client: Client, book: Book, to_ids: list[str], wrong: list[str]
) -> None:
    people.let_go(STRANGER.id, version=None, by=ADMIN)

    wanted = {"from_id": REP.id, "to_ids": to_ids, "reason": "left"}
    refused = client.post("/handovers", wanted, by=OPERATIONS)

    assert refused.status == 400
    assert [error["field"] for error in refused.json["errors"]] == wrong


def test_a_manager_hands_over_the_books_of_the_team_and_everybody_sees_how_far_it_is(
    client: Client, book: Book
) -> None:
    wanted = {"from_id": REP.id, "to_ids": [COLLEAGUE.id], "reason": "on leave"}
    assert client.post("/handovers", wanted).status == 401
    assert client.post("/handovers", wanted, by=COLLEAGUE).status == 403
    other_team = client.post("/handovers", {**wanted, "from_id": STRANGER.id}, by=MANAGER)
    assert [error["field"] for error in other_team.json["errors"]] == ["from_id"]

    begun = client.post("/handovers", wanted, by=MANAGER, headers={"Idempotency-Key": "once-only-1"})

    assert begun.status == 201
    again = client.post("/handovers", wanted, by=MANAGER, headers={"Idempotency-Key": "once-only-1"})
    assert again.json["id"] == begun.json["id"]
    assert client.post("/handovers", wanted, by=OPERATIONS).json["code"] == "handover_under_way"
    place = f"/handovers/{begun.json['id']}"
    assert client.post(f"{place}/resume", {}, by=MANAGER).json["code"] == "handover_not_stopped"
    assert client.get(place, by=COLLEAGUE).status == 404
    _run(begun.json["id"])
    assert client.get(place, by=READ_ONLY).json["moved"] == _counted(book)
    listed = client.get("/handovers", by=MANAGER).json["items"]
    assert [each["id"] for each in listed] == [begun.json["id"]]
    assert client.post("/handovers", wanted, by=OPERATIONS).status == 201


def test_the_customers_of_a_receiver_who_leaves_meanwhile_go_to_the_others(book: Book) -> None:
    begun = _begin(STRANGER, COLLEAGUE)
    batches.go_on(begun.id, version=begun.version)
    planned = {each["to"] for each in Handover.fetch(begun.id).batch}
    people.let_go(STRANGER.id, version=None, by=ADMIN)

    _run(begun.id)

    assert planned == {STRANGER.id, COLLEAGUE.id}
    assert (Handover.fetch(begun.id).status, set(_owners(_all(book)))) == ("DONE", {COLLEAGUE.id})


def test_one_that_nobody_goes_on_with_is_woken(book: Book) -> None:
    begun = _begin(COLLEAGUE)
    assert begun.due_minute
    batches.go_on(begun.id, version=begun.version)

    sweep(clock.now() + STALLED + timedelta(minutes=1))

    woken = Handover.fetch(begun.id)
    assert woken.moved == {"contact": 2}
    _run(begun.id)
    assert Handover.fetch(begun.id).due_minute is None
