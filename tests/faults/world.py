"""A company at work, and a fresh record at any step of its life: what state-changing verbs are tried on."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from chalicelib.core import access, clock, files, ids
from chalicelib.core.money import Money
from chalicelib.core.step import change
from chalicelib.insight.forecasts import service as forecasts
from chalicelib.insight.reports import service as reports
from chalicelib.platform.handovers import service as handovers
from chalicelib.platform.handovers.models import Handover
from chalicelib.platform.imports import service as imports
from chalicelib.platform.imports.models import ImportJob
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.leads import service as leads
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.orders import service as orders
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, MANAGER, OPERATIONS, REP
from tests.faults.company import Company
from tests.sales.contracts.builders import TERMS
from tests.sales.leads.builders import DEMO
from tests.sales.opportunities.builders import REASONS, closing, stage

STAGES: Final[list[dict[str, Any]]] = [stage("first"), stage("second")]


class World(Company):
    """A press is for sale; each method makes one more thing, all of it Rita's."""

    def __init__(self) -> None:
        super().__init__()
        self._warehouses: list[Any] = []
        self.press = catalog.add_product(
            code="P1", name="Press", list_price=Money(1_000, "CNY"), by=access.SYSTEM
        )
        self.process = self.pipeline()
        deals.ensure_default_pipeline()

    def lines(self) -> list[dict[str, Any]]:
        """Ten presses."""
        return [{"product_id": self.press.id, "quantity": 10}]

    def product(self) -> Any:
        """Something for sale."""
        return catalog.add_product(
            code=self.code("P"), name="Die", list_price=Money(333, "CNY"), by=access.SYSTEM
        )

    def book(self) -> Any:
        """A price book."""
        return catalog.add_price_book(name=self.name("B"), currency="CNY", by=OPERATIONS)

    def promotion(self) -> Any:
        """A promotion."""
        name = self.name("P")
        return catalog.add_promotion(name=name, currency="CNY", percent_bps=100, by=OPERATIONS)

    def price_policy(self) -> Any:
        """What operations decided about discounts."""
        return catalog.policy()

    def kept_product(self) -> Any:
        """Something for sale that warehouses keep."""
        return catalog.add_product(
            code=self.code("K"), name="Tool", list_price=Money(333, "CNY"), stocked=True, by=access.SYSTEM
        )

    def warehouse(self) -> Any:
        """A warehouse: one of the few that a company may have, or one of those."""
        if len(self._warehouses) < 2:
            made = inventory.add_warehouse(
                code=self.code("W"), name="East", keeper_id=OPERATIONS.id, by=OPERATIONS
            )
            self._warehouses.append(made)
        self._warehouses.reverse()
        return inventory.warehouse(self._warehouses[0].id)

    def supply(self) -> Any:
        """What a supplier is to deliver."""
        names = {"product": self.kept_product().id, "warehouse": self.warehouse().id}
        told = {"reference": self.name("PO"), "quantity": 10, "expected_on": date(2099, 12, 31)}
        return inventory.add_supply(told | names, by=OPERATIONS)

    def received(self, product_id: str, warehouse_id: str, units: int) -> None:
        """Let units come in."""
        told = {"type": "RECEIPT", "product": product_id, "warehouse": warehouse_id, "quantity": units}
        inventory.record({**told, "reference": self.name("R")}, by=OPERATIONS)

    def pipeline(self) -> Any:
        """A process of sales."""
        return deals.add_pipeline(
            name=self.name("P"), stages=[*STAGES, *closing()], lost_reasons=REASONS, by=OPERATIONS
        )

    def deal(self, *, won: bool = False, account_id: str = "") -> Opportunity:
        """An open deal, or a won one."""
        made = deals.open_deal(
            name=self.name("Line"),
            account_id=account_id or self.account().id,
            close_on=date(2099, 12, 31),
            pipeline_id=self.process.id,
            lines=self.lines(),
            by=REP,
        )
        return deals.win(made.id, version=None, by=REP) if won else made

    def lead(self, **details: Any) -> Lead:
        """A lead."""
        return leads.add_lead(by=REP, **{"name": self.name("Li"), "email": self.email(), **details}).lead

    def waiting_lead(self) -> Lead:
        """A lead in the pool."""
        return leads.return_lead(self.lead().id, reason="no time", version=None, by=REP)

    def merged_lead(self) -> Lead:
        """A lead that turned out to be another."""
        return leads.merge(self.lead().id, into_id=self.lead().id, take=[], reason=None, version=None, by=REP)

    def likely_duplicate(self) -> Lead:
        """A lead that has the phone of another."""
        phone = self.phone()
        self.lead(phone=phone)
        return self.lead(phone=phone)

    def dismissed_duplicate(self, lead: Lead) -> Lead:
        """A lead of which somebody said that it is not the other."""
        other_id = lead.possible_duplicates[0]["lead_id"]
        return leads.dismiss_duplicate(lead.id, other_id=other_id, reason=None, version=None, by=REP)

    def form(self, **parts: Any) -> Any:
        """A lead form."""
        limits = {name: {"posts": 100, "seconds": 60} for name in ("address_limit", "form_limit")}
        return leads.add_form(by=OPERATIONS, **DEMO | limits | {"name": self.name("Form")} | parts)

    def channel(self) -> Any:
        """A channel for another system's posts."""
        name, mapping = self.name("Channel"), {"email": "email"}
        limit = {"posts": 100, "seconds": 60}
        return leads.add_channel(secret=None, by=OPERATIONS, name=name, mapping=mapping, post_limit=limit)[0]

    def pool(self) -> Any:
        """A pool of leads."""
        return leads.add_pool(name=self.name("Pool"), by=OPERATIONS)

    def order(self, status: str = "DRAFT") -> Order:
        """An order that has come to a status."""
        made = orders.draft(by=REP, account_id=self.account().id, currency="CNY", lines=self.lines())
        ways: list[Callable[[], Order]] = [
            lambda: orders.submit(made.id, by=REP),
            lambda: orders.approve(made.id, by=MANAGER),
            lambda: orders.activate(made.id, by=REP),
            lambda: orders.ship(made.id, reference="DN-1", by=REP),
        ]
        return _at(status, made, ways)

    def paid_order(self, minor: int = 1_000, **more: Any) -> Order:
        """An order of which a tenth is paid, or so much."""
        owed, amount = self.order("ACTIVATED"), Money(minor, "CNY")
        return orders.pay(owed.id, reference="TT-1", amount=amount, method="BANK", by=FINANCE, **more)

    def overpaid_order(self) -> Order:
        """An order for which more is here than is owed."""
        return self.paid_order(50_000, keep_excess=True)

    def amended_order(self) -> Order:
        """An order of which a change waits to be approved."""
        more = [{"number": 1, "quantity": 11}]
        return orders.amend(self.order("ACTIVATED").id, reason="more", change=more, by=REP)

    def invoiced_order(self, *, issued: str | None = None) -> Order:
        """An order for which an invoice is asked for, and issued if it has a number."""
        owed = self.order("ACTIVATED")
        made = orders.request_invoice(owed.id, reference="IR-1", title="Acme", by=REP)
        return orders.issue_invoice(made.id, reference="IR-1", number=issued, by=FINANCE) if issued else made

    def order_policy(self) -> Any:
        """What operations decided about orders."""
        return orders.policy()

    def contract(self, status: str = "DRAFT") -> Contract:
        """A contract that has come to a status."""
        made = contracts.draft(by=REP, account_id=self.account().id, **TERMS)
        ways: list[Callable[[], Contract]] = [
            lambda: contracts.submit(made.id, by=REP),
            lambda: contracts.approve(made.id, by=MANAGER),
            lambda: contracts.send(made.id, by=REP),
            lambda: contracts.sign(made.id, signed_by="Wang", by=REP),
            lambda: contracts.activate(made.id, by=REP),
        ]
        return _at(status, made, ways)

    def factor(self) -> Any:
        """What the market is expected to do."""
        return forecasts.add_factor(
            percent=5, reason=self.name("Fair"), first_month="2027-01", last_month="2027-02", by=OPERATIONS
        )

    def subscription(self, **wishes: Any) -> Any:
        """A report that somebody new gets."""
        return reports.subscribe(report="REP_DAILY", user_id=self.user().id, by=OPERATIONS, **wishes)

    def job(self, *, with_file: bool = False, stopped_at: int | None = None) -> ImportJob:
        """An import that awaits its file, or has it, or was stopped by a row of it."""
        mapping = {"columns": {"Name": "name"}, "replace": {}, "blanks": [], "constants": {}}
        content = b"Name\nAcme\nBolt\n"
        made = imports.begin(
            target="accounts",
            file_name="customers.csv",
            size=len(content),
            mapping=mapping,
            origin=ids.new("request"),
            by=OPERATIONS,
        )
        if with_file:
            files.write(made.file_key, content, media="text/csv")
        if stopped_at:
            change(made, by=access.SYSTEM.id, status="FAILED", failed_row=stopped_at)
        return made

    def stopped_handover(self) -> Handover:
        """A handover that something stopped."""
        made = handovers.hand_over(
            from_id=self.user().id,
            to_ids=[self.user().id],
            reason="left",
            origin=ids.new("request"),
            by=OPERATIONS,
        )
        change(made, by=access.SYSTEM.id, status="STOPPED", failure="handover_nobody")
        return made


def tomorrow() -> str:
    """This time tomorrow, as JSON has it."""
    return clock.iso(clock.now() + timedelta(days=1))


R = TypeVar("R", Order, Contract)


def _at(status: str, made: R, ways: Iterable[Callable[[], R]]) -> R:
    for verb in ways:
        if made.status != status:
            made = verb()
    assert made.status == status
    return made
