"""A company with a record of every kind at every turn of its life, and a way back to its first day."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import boto3
from moto import mock_aws

from chalicelib.core import files, ids
from chalicelib.core.settings import settings
from chalicelib.organisation.people import directory
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.clauses import service as clauses
from chalicelib.sales.contracts import service as contract_service
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import service as order_service
from chalicelib.sales.quotes import service as quote_service
from chalicelib.sales.quotes import typeface
from chalicelib.sales.revenue import service as revenue
from tests import memory
from tests.client import COLLEAGUE, FINANCE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, Client
from tests.core import wrong
from tests.customers import builders as customers
from tests.sales.contracts import builders as contracts
from tests.sales.leads import builders as leads
from tests.sales.opportunities import builders as deals
from tests.sales.orders import builders as orders
from tests.sales.quotes import builders as quotes

#: Names under which routes, bodies and queries take ids, where they are not ``<kind>_id``.
ALIASES: Final = {
    "deal_id": "opportunity",
    "opportunity_id": "opportunity",
    "form_id": "lead_form",
    "channel_id": "lead_channel",
    "pool_id": "lead_pool",
    "key_id": "api_key",
    "factor_id": "market_factor",
    "subscription_id": "report_subscription",
    "job_id": "import_job",
    "book_id": "price_book",
    "template_id": "contract_template",
    "schedule_id": "revenue_schedule",
    "export_id": "revenue_export",
    "sla_calendar_id": "calendar",
    "keeper_id": "user",
    "from_id": "user",
    "to_id": "user",
    "other_id": "lead",
    "owner_id": "user",
    "manager_id": "user",
    "stand_in_id": "user",
    "with_id": "user",
    "parent_id": "team",
    "about_id": "account",
}
#: Where what operations set up is made; the least that each takes will do.
_SET_UP: Final[dict[str, dict[str, Any]]] = {
    "/territories": {},
    "/calendars": {"week": {"mon": [{"opens": "09:00", "closes": "18:00"}]}},
    "/api-keys": {"scopes": ["leads:read"]},
    "/lead-pools": {},
    "/lead-channels": {"mapping": {"email": "email"}},
    "/warehouses": {"keeper_id": OPERATIONS.id},
    "/lead-forms": leads.DEMO,
    "/forecasts/factors": {},
    "/price-books": {},
    "/promotions": {"percent_bps": 500},
    "/reports/subscriptions": {},
    "/revenue/exports": {"month": "2020-01"},
}
_FILE: Final = {"target": "products", "file_name": "a.csv", "size": 9, "mapping": {"columns": {"a": "name"}}}


class Company:
    """What stands in the tables, by kind; `again` puts everything back to where it stood."""

    def __init__(self) -> None:
        self.ids: dict[str, list[str]] = defaultdict(list)
        with Client.open() as client:
            for found in _settle(client):
                self.ids[found.rpartition("_")[0]].append(found)
            [*_, presented] = self.ids["quote"]
            self.ids |= {
                "token": [quote_service.link(presented, who=REP).rpartition("/")[2]],
                "number": ["1"],
            }
        put_back = memory.kept()

        def again() -> None:
            put_back()
            directory.forget()

        self.again: Callable[[], None] = again

    @classmethod
    @contextmanager
    def open(cls) -> Iterator["Company"]:
        """Found the company in this process."""
        with mock_aws():
            memory.fresh_tables()
            boto3.client("s3").create_bucket(Bucket=settings().files)
            directory.forget()
            files.forget()
            # Read once by each function, for its first PDF: no time of any request's.
            typeface.glyphs()
            yield cls()
        files.forget()

    def named(self, name: str) -> list[str]:
        """Ids that make sense under a name: ``deal_id``, ``member_ids``."""
        one = name.removesuffix("s") if name.endswith("_ids") else name
        return self.ids.get(ALIASES.get(one, one.removesuffix("_id")), [])

    def real(self, body: Any, choose: Callable[[str, Any], Any] | None = None, name: str = "") -> Any:
        """A body with ids that exist: the first of a kind, or as `choose` says by name and value."""
        if isinstance(body, dict):
            return {key: self.real(member, choose, key) for key, member in body.items()}
        if isinstance(body, list):
            return [self.real(member, choose, name) for member in body]
        if not self.named(name) or not isinstance(body, str | None):
            return body
        return choose(name, body) if choose else self.named(name)[0]


def _settle(client: Client) -> Iterator[str]:
    shop = orders.open_shop()
    yield from (shop.account_id, shop.press_id, shop.die_id, REP.id, COLLEAGUE.id, NORTH, SOUTH)
    yield from _set_up(client)
    account = customers.account()
    contact = customers.contact(account)
    yield from (account.id, contact.id, customers.call(account.id).id, customers.task(about_id=account.id).id)
    yield from _won_over(account.id)
    yield from _offered(shop)
    yield from _sold(shop, account.id)
    yield from _on_its_way(client, shop.die_id)
    yield from _voided(client, account.id)


def _set_up(client: Client) -> Iterator[str]:
    routes = {wrong.name_of(each): each for each in wrong.endpoints()}
    for path, details in _SET_UP.items():
        endpoint = routes[f"POST {path}"]
        assert endpoint.body is not None
        reply = wrong.send(client, endpoint, body={**wrong.least(endpoint.body), **details})
        assert reply.status == 201, (path, reply.text)
        yield reply.json["id"]
    begun = client.post("/imports", _FILE, by=OPERATIONS)
    assert begun.status == 201, begun.text
    yield begun.json["job"]["id"]
    wanted = {"from_id": COLLEAGUE.id, "to_ids": [MANAGER.id], "reason": "left"}
    handed_over = client.post("/handovers", wanted, by=OPERATIONS)
    assert handed_over.status == 201, handed_over.text
    yield handed_over.json["id"]


def _won_over(account_id: str) -> Iterator[str]:
    deal, lost = deals.a_deal(account_id=account_id), deals.a_deal(name="Lathe", account_id=account_id)
    assert deal.pipeline_id
    yield from (deal.pipeline_id, deals.a_pipeline(deals.stage("talk"), deals.stage("offer")).id, deal.id)
    opportunities.guide(deal.id, text="Ask who signs", version=None, by=MANAGER)
    yield opportunities.lose(lost.id, reason="price", version=None, by=REP).id
    yield from (leads.service.add_lead(name=name, by=REP).lead.id for name in ("Li Lei 李雷", "Han Meimei"))


def _on_its_way(client: Client, product_id: str) -> Iterator[str]:
    catalog.change_product(product_id, version=None, by=OPERATIONS, stocked=True)
    place = client.get("/warehouses", by=OPERATIONS).json["items"][0]["id"]
    expected = {"product": product_id, "warehouse": place, "quantity": 5, "expected_on": date(2099, 12, 31)}
    yield inventory.add_supply({"reference": "PO-1", **expected}, by=OPERATIONS).id


def _offered(shop: orders.Shop) -> Iterator[str]:
    terms: dict[str, Any] = {"language": "en", "by": OPERATIONS}
    clause = clauses.add_clause(name="Law", body="The law of {{place}}.", **terms)
    yield from (clause.id, clauses.add_template(name="Supply", clause_ids=[clause.id], **terms).id)
    yield from (at_step(shop).id for at_step in (quotes.drafted, quotes.in_review, quotes.sent))


def _sold(shop: orders.Shop, account_id: str) -> Iterator[str]:
    made = (orders.drafted(shop), orders.approved(shop), orders.paid(orders.activated(shop), 1_000))
    yield from (order.id for order in made)
    yield order_service.submit(orders.drafted(shop).id, by=REP).id
    given_back: dict[str, Any] = {"currency": "CNY", "lines": shop.lines(), "reason": "came back"}
    yield order_service.issue_credit_note(account_id=account_id, **given_back, by=FINANCE).id
    agreed = [at_step(account_id) for at_step in (contracts.drafted, contracts.signed, contracts.activated)]
    yield from (contract.id for contract in agreed)
    for source_id in (made[-1].id, agreed[-1].id):
        booked = revenue.follow(source_id)
        assert booked is not None
        yield from (booked.id, ids.derived("receivable", source_id, "1"))
    yield contract_service.submit(contracts.drafted(account_id).id, by=REP).id


def _voided(client: Client, account_id: str) -> Iterator[str]:
    places = {
        "accounts": customers.account("Gone Ltd").id,
        "leads": leads.service.add_lead(name="Gone", by=REP).lead.id,
        "opportunities": deals.a_deal(name="Gone", account_id=account_id).id,
    }
    for place, found in places.items():
        assert client.delete(f"/{place}/{found}", by=REP, match="*").status == 200
        yield found
