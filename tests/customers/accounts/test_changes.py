"""What follows when accounts change, and what accounts do when deals and people do."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import access, boards
from chalicelib.core.changelog import Change
from chalicelib.core.measures import contribution
from chalicelib.core.step import change
from chalicelib.customers.accounts import reactions
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.accounts.measures import customers
from chalicelib.organisation.people import service as people
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, STRANGER
from tests.customers import builders
from tests.streams import Stream

pytestmark = pytest.mark.usefixtures("company")
JAN, MAR, MAY = date(2026, 1, 9), date(2026, 3, 2), date(2026, 5, 30)


def _won(account_id: str, on: str) -> Change:
    before: dict[str, Any] = {"id": "opportunity_1", "status": "OPEN", "account_id": account_id}
    after = {**before, "status": "WON", "closed_on": on}
    return Change("opportunity", "opportunity_1", 2, before, after, f"{on}T08:00:00.000Z")


@pytest.mark.parametrize("wins", list(permutations((JAN, MAR, MAY))))
def test_a_customer_counts_from_the_earliest_win_in_whatever_order_wins_arrive(
    wins: tuple[date, ...],
) -> None:
    account = builders.account()

    for on in (*wins, *wins):
        accounts.record_win(account.id, on, access.SYSTEM.id)

    found = accounts.account(account.id, who=REP)
    assert (found.status, found.customer_since) == ("CUSTOMER", JAN)


def test_a_deal_won_makes_a_customer_once() -> None:
    account = builders.account()

    for _ in range(2):
        reactions.become_customer(_won(account.id, "2026-03-02"))

    found = accounts.account(account.id, who=REP)
    assert (found.status, found.customer_since, found.version) == ("CUSTOMER", MAR, 2)


def test_a_deal_lost_makes_none() -> None:
    account = builders.account()
    won = _won(account.id, "2026-03-02")
    lost = Change(**{**won.document(), "after": {**(won.after or {}), "status": "LOST"}})

    reactions.become_customer(lost)

    assert accounts.account(account.id, who=REP).status == "PROSPECT"


def test_a_win_during_the_void_shows_when_the_account_is_restored() -> None:
    account = builders.account()
    accounts.void_account(account.id, version=None, by=REP)

    accounts.record_win(account.id, MAR, access.SYSTEM.id)

    assert accounts.account(account.id, who=REP).status == "VOIDED"
    assert accounts.restore_account(account.id, version=None, by=REP).status == "CUSTOMER"


def test_new_customers_are_counted_by_month_and_region(stream: Stream) -> None:
    east, nowhere = builders.account("East", region="East"), builders.account("Nowhere")
    builders.account("Prospect", region="East")
    accounts.record_win(east.id, MAR, access.SYSTEM.id)
    accounts.record_win(nowhere.id, MAR, access.SYSTEM.id)
    stream.drain()
    assert boards.read("accounts|customers") == {"2026-03|East": {"count": 1}, "2026-03|-": {"count": 1}}

    accounts.record_win(east.id, JAN, access.SYSTEM.id)
    accounts.void_account(nowhere.id, version=None, by=REP)
    stream.drain()

    counted = {row: n for row, n in boards.read("accounts|customers").items() if n["count"]}
    assert counted == {"2026-01|East": {"count": 1}}


@given(
    st.fixed_dictionaries(
        {"status": st.sampled_from(["PROSPECT", "CUSTOMER", "VOIDED"])},
        optional={"customer_since": st.dates().map(str), "region": st.text(min_size=1, max_size=9)},
    )
)
def test_an_account_counts_once_or_not_at_all(image: dict[str, Any]) -> None:
    found = contribution(image, customers).cells

    counted = sum(numbers["count"] for numbers in found.values())
    assert counted == int("customer_since" in image and image["status"] != "VOIDED")


def test_people_go_with_their_account_to_its_new_owner(stream: Stream) -> None:
    account = builders.account()
    followed = builders.contact(account, "Li")
    colleagues = builders.contact(account, "Wang", owner_id=COLLEAGUE.id, by=MANAGER)

    accounts.reassign_account(account.id, owner_id=STRANGER.id, version=None, by=REP)
    stream.drain()

    moved = accounts.contact(followed.id, who=STRANGER)
    assert (moved.owner_id, moved.team_id) == (STRANGER.id, SOUTH)
    assert accounts.contact(colleagues.id, who=COLLEAGUE).owner_id == COLLEAGUE.id


def test_people_are_voided_and_restored_with_their_account(stream: Stream) -> None:
    account = builders.account()
    stays, goes = builders.contact(account, "Li"), builders.contact(account, "Wang")
    accounts.void_contact(goes.id, version=None, by=REP)

    accounts.void_account(account.id, version=None, by=REP)
    stream.drain()
    assert accounts.contact(stays.id, who=REP).status == "VOIDED"
    accounts.restore_account(account.id, version=None, by=REP)
    stream.drain()

    assert accounts.contact(stays.id, who=REP).status == "ACTIVE"
    assert accounts.contact(goes.id, who=REP).status == "VOIDED"


def test_somebody_whose_address_was_taken_meanwhile_stays_voided(stream: Stream) -> None:
    acme, beta = builders.account("Acme"), builders.account("Beta")
    first = builders.contact(acme, email="li@example.com")
    accounts.void_account(acme.id, version=None, by=REP)
    stream.drain()
    builders.contact(beta, email="li@example.com")

    accounts.restore_account(acme.id, version=None, by=REP)
    stream.drain()

    assert accounts.contact(first.id, who=REP).status == "VOIDED"


def test_accounts_and_people_follow_their_owner_to_another_team(stream: Stream) -> None:
    account = builders.account()
    contact = builders.contact(account)
    assert account.team_id == NORTH
    change(people.user(REP.id), by=OPERATIONS.id, team_id=SOUTH)
    stream.drain()

    assert accounts.account(account.id, who=REP).team_id == SOUTH
    assert accounts.contact(contact.id, who=REP).team_id == SOUTH
