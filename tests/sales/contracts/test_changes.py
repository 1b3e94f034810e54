"""What contracts tell the figures, and how they follow their owner."""

from collections.abc import Iterator

import pytest

from chalicelib.core import boards, clock
from chalicelib.core.step import change
from chalicelib.organisation.people import service as people
from chalicelib.sales.contracts import service
from tests.client import ADMIN, MANAGER, NORTH, REP, SOUTH
from tests.sales.contracts.builders import MORNING, a_customer, activated, drafted
from tests.streams import Stream

ONE = {"count": 1, "value": 1_200_000}


@pytest.fixture
def customer(tables: None) -> Iterator[str]:
    with clock.at(MORNING):
        yield a_customer()


def test_contracts_count_by_status_and_by_the_month_of_their_activation(
    customer: str, stream: Stream
) -> None:
    drafted(customer)
    contract = activated(customer)
    stream.drain()

    rows = {row: numbers for row, numbers in boards.read("contracts|status").items() if any(numbers.values())}
    assert rows == {"ACTIVATED|CNY": ONE, "DRAFT|CNY": ONE}
    assert boards.read("contracts|team") == {f"2026-03|{NORTH}|CNY": ONE}
    assert boards.read("contracts|owner") == {f"2026-03|{REP.id}|CNY": ONE}

    service.terminate(contract.id, reason="Agreed", by=MANAGER)
    stream.drain()

    assert boards.read("contracts|status")["TERMINATED|CNY"] == ONE
    assert boards.read("contracts|team") == {f"2026-03|{NORTH}|CNY": ONE}


def test_contracts_follow_their_owner_to_another_team(customer: str, stream: Stream) -> None:
    contract = activated(customer)
    stream.drain()

    change(people.user(REP.id), by=ADMIN.id, team_id=SOUTH)
    stream.drain()

    assert service.contract(contract.id, who=ADMIN).team_id == SOUTH
    assert boards.read("contracts|team")[f"2026-03|{SOUTH}|CNY"] == ONE
