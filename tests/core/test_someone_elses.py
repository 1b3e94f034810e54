"""Real records in the wrong hands: what is not yours is not there, and what has moved on stays as it is."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from moto import mock_aws

from chalicelib.core.access import Principal, may
from chalicelib.core.endpoint import Endpoint
from chalicelib.core.table import Record
from chalicelib.organisation.people import directory
from tests.client import OPERATIONS, REP, STRANGER, Client
from tests.core import wrong
from tests.core.wrong import refused
from tests.customers import builders as customers
from tests.memory import fresh_tables
from tests.organisation.people.builders import SOUTH_MANAGER
from tests.platform.imports.bringing import make_bucket
from tests.sales.contracts import builders as contracts
from tests.sales.leads import builders as leads
from tests.sales.opportunities import builders as deals
from tests.sales.orders import builders as orders
from tests.sales.quotes import builders as quotes

ENDPOINTS: Final = {wrong.name_of(each): each for each in wrong.endpoints()}
#: Where records of each kind that people own are read.
PLACES: Final = {
    "account": "/accounts/{account_id}",
    "contact": "/contacts/{contact_id}",
    "activity": "/activities/{activity_id}",
    "task": "/tasks/{task_id}",
    "opportunity": "/opportunities/{deal_id}",
    "lead": "/leads/{lead_id}",
    "order": "/orders/{order_id}",
    "quote": "/quotes/{quote_id}",
    "contract": "/contracts/{contract_id}",
}
_OWNED: Final = [
    pytest.param(kind, endpoint, id=name)
    for kind, place in PLACES.items()
    for name, endpoint in ENDPOINTS.items()
    if f"{endpoint.path}/".startswith(f"{place}/")
]
_PATCHED: Final = [each for each in _OWNED if str(each.id).startswith("PATCH")]
#: What is read of a record itself; what lies below it has tests of its own.
_READ: Final = [each for each in _OWNED if str(each.id).startswith("GET") and str(each.id).count("{") == 1]


@pytest.fixture(scope="module")
def records() -> Iterator[dict[str, Record]]:
    """A record of each kind; all are Rita's."""
    with mock_aws():
        fresh_tables()
        make_bucket()
        directory.forget()
        shop = orders.open_shop()
        account = customers.account()
        deal = deals.a_deal()
        made = [
            account,
            customers.contact(account),
            customers.call(account.id),
            customers.task(about_id=account.id),
            deal,
            leads.service.add_lead(name="Li Lei 李雷", by=REP).lead,
            orders.drafted(shop),
            quotes.sent(shop),
            contracts.drafted(account.id),
        ]
        yield {record.kind: record for record in made}


@pytest.fixture(scope="module")
def house(records: dict[str, Record]) -> Iterator[wrong.Ledger]:
    """What stands in the tables, and every later try to write."""
    with wrong.Ledger.kept() as ledger:
        yield ledger


@pytest.fixture
def client(house: wrong.Ledger) -> Iterator[Client]:
    """The whole app. Afterwards the tables must hold what they held."""
    with Client.open() as opened:
        yield opened
    house.check()


def _at(endpoint: Endpoint, item_id: str) -> str:
    """The path to a record; of anything below it, to nothing."""
    first, _, rest = endpoint.path.partition("{")
    below = rest.partition("}")[2]
    return first + item_id + "/".join(wrong.MISSING if p.startswith("{") else p for p in below.split("/"))


@pytest.mark.parametrize(("kind", "endpoint"), _OWNED)
def test_what_is_somebody_elses_looks_exactly_like_what_is_not_there(
    client: Client, records: dict[str, Record], kind: str, endpoint: Endpoint
) -> None:
    who = STRANGER if may(STRANGER, str(endpoint.needs)) else SOUTH_MANAGER
    theirs, nobodys = _at(endpoint, records[kind].id), _at(endpoint, f"{kind}_{wrong.MISSING}")

    for language in ("en", "zh-CN"):
        asked: dict[str, Any] = {"by": who, "headers": {"Accept-Language": language}}
        not_theirs = wrong.send(client, endpoint, theirs, **asked)
        not_there = wrong.send(client, endpoint, nobodys, **asked)
        assert not_there.status == 404
        assert not_theirs == not_there


@pytest.mark.parametrize(("kind", "endpoint"), _READ)
def test_whose_it_is_reads_it(
    client: Client, records: dict[str, Record], kind: str, endpoint: Endpoint
) -> None:
    assert wrong.send(client, endpoint, _at(endpoint, records[kind].id), by=REP).status == 200


@pytest.mark.parametrize(("kind", "endpoint"), _PATCHED)
def test_a_change_of_what_has_moved_on_is_refused(
    client: Client, records: dict[str, Record], kind: str, endpoint: Endpoint
) -> None:
    before = Record.anywhere(records[kind].id)
    assert before is not None
    for version in (0, before.version - 1, before.version + 1, 10**14):
        told = refused(client, endpoint, _at(endpoint, before.id), by=REP, match=version, body={})
        assert (told["status"], told["code"]) == (412, "stale")

    after = Record.anywhere(before.id)
    assert after is not None
    assert after.attribute_values == before.attribute_values


@pytest.mark.parametrize("who", [REP, OPERATIONS], ids=["by its owner", "by operations"])
@pytest.mark.parametrize("kind", sorted({*PLACES}))
def test_a_record_of_another_kind_is_not_found(
    client: Client, records: dict[str, Record], kind: str, who: Principal
) -> None:
    for other in PLACES.keys() - {kind}:
        told = refused(client, ENDPOINTS[f"GET {PLACES[kind]}"], _at_place(kind, records[other].id), by=who)
        assert (told["status"], told["code"]) == (404, "not_found")


def _at_place(kind: str, item_id: str) -> str:
    return PLACES[kind].partition("{")[0] + item_id
