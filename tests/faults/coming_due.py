"""Something of every kind that comes due, and for every work of the night; all at one midnight."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from chalicelib.core import access, clock, due, ids
from chalicelib.core.money import Money
from chalicelib.core.step import change
from chalicelib.core.table import Record
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities.models import Task
from chalicelib.insight.reports import service as reports
from chalicelib.insight.reports.models import ReportRun, Subscription
from chalicelib.platform.handovers import service as handovers
from chalicelib.platform.handovers.batches import go_on
from chalicelib.platform.handovers.models import Handover
from chalicelib.platform.imports import service as imports
from chalicelib.platform.imports.models import ImportJob
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.credit import service as credit
from chalicelib.sales.credit.models import CreditHistory, history_id
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.inventory.models import Supply
from chalicelib.sales.leads.event_batch import take_events
from chalicelib.sales.leads.models import Lead, LeadBehaviour
from chalicelib.sales.leads.worth import record_of
from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from chalicelib.sales.revenue import service as revenue
from chalicelib.sales.revenue.models import Receivable, RevenueExport, RevenueSchedule
from chalicelib.sales.revenue.policy import ACCOUNTS
from tests.client import FINANCE, MANAGER, OPERATIONS, REP
from tests.customers import builders as customers
from tests.faults.booking import booked, month_gone
from tests.faults.world import World
from tests.sales.credit.builders import owe
from tests.sales.opportunities.builders import REASONS, closing, stage

#: A midnight in Shanghai on which a month, a night's sleep and every patience are over.
DUE: Final = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
NOW: Final = due.minute(DUE)
HOUR: Final = timedelta(hours=1)
#: The afternoon before, and the day that it is.
BEFORE: Final = DUE - 10 * HOUR
LAST_DAY: Final = date(2026, 11, 30)
_ACTIVE: Final = {"starts_on": date(2026, 11, 1), "ends_on": date(2027, 10, 31)}


def _task(world: World) -> Task:
    return customers.task(world.name("Call"), due_at=DUE)


def _supply(world: World) -> Supply:
    names = {"product": world.kept_product().id, "warehouse": world.warehouse().id}
    told = {"reference": world.name("PO"), "quantity": 10, "expected_on": LAST_DAY}
    return inventory.add_supply(told | names, by=OPERATIONS)


def _stalled_deal(world: World) -> Opportunity:
    stages: list[Mapping[str, Any]] = [stage("first", expected_days=10), *closing()]
    process = deals.add_pipeline(name=world.name("P"), stages=stages, lost_reasons=REASONS, by=OPERATIONS)
    with clock.at(DUE - timedelta(days=10)):
        return deals.open_deal(
            name=world.name("Line"),
            account_id=world.account().id,
            close_on=date(2099, 12, 31),
            pipeline_id=process.id,
            amount=Money(1_000, "CNY"),
            by=REP,
        )


def _forgotten_lead(world: World) -> Lead:
    with clock.at(DUE - 20 * HOUR):
        return world.lead()


def _fading_lead(world: World) -> LeadBehaviour:
    with clock.at(DUE - timedelta(days=60)):
        lead = world.lead()
        told = {"event_id": world.code("e"), "kind": "webinar_attended", "lead_id": lead.id}
        words = {"origin": world.code("o"), "language": "en", "request_id": ""}
        take_events([told], by=OPERATIONS, **words)
    return record_of(lead)


def _quote(world: World, *, valid_until: date) -> Quote:
    lines = [{"product_id": world.press.id, "quantity": 1}]
    made = quotes.draft(
        by=REP, account_id=world.account().id, currency="CNY", lines=lines, valid_until=valid_until
    )
    quotes.submit(made.id, by=REP)
    return made


def _ending_quote(world: World) -> Quote:
    return quotes.send(_quote(world, valid_until=LAST_DAY).id, by_mail=False, by=REP)


def _quote_to_mail(world: World) -> QuoteVersion:
    made = _quote(world, valid_until=date(2027, 1, 31))
    with clock.at(DUE - timedelta(minutes=1)):
        quotes.send(made.id, to=world.email(), by=REP)
    return QuoteVersion.fetch(QuoteVersion.id_of(made.id, 1))


def _late_contract(world: World) -> Contract:
    late = {"name": "Delivery", "due_on": LAST_DAY}
    return _in_force(world, milestones=[late])


def _in_force(world: World, **terms: Any) -> Contract:
    told = {"title": world.name("Care"), "value": Money(1_200_000, "CNY"), **_ACTIVE, **terms}
    made = contracts.draft(by=REP, account_id=world.account().id, **told)
    contracts.submit(made.id, by=REP)
    contracts.approve(made.id, by=MANAGER)
    contracts.send(made.id, by=REP)
    contracts.sign(made.id, signed_by="Wang", by=REP)
    return contracts.activate(made.id, by=REP)


def _order(world: World, **details: Any) -> Any:
    account = world.account()
    contact = accounts.add_contact(account_id=account.id, name="Li Wei", email=world.email(), by=REP)
    made = orders.draft(
        by=REP,
        account_id=account.id,
        contact_id=contact.id,
        currency="CNY",
        lines=world.lines(),
        payment_schedule=[{"due_on": LAST_DAY, "amount": Money(10_000, "CNY")}],
        **details,
    )
    orders.submit(made.id, by=REP)
    orders.approve(made.id, by=MANAGER)
    return orders.activate(made.id, by=REP)


def _unpaid(world: World) -> CreditHistory:
    order = _order(world)
    credit.take_in(order.id, order.version, order.attribute_values, since=LAST_DAY)
    return CreditHistory.fetch(history_id(order.id))


def _to_be_reminded_of(world: World) -> Receivable:
    policy = {"accounts": ACCOUNTS, "contract_method": "MILESTONE", "payment_days": 30}
    step = {"days": 1, "template": "FRIENDLY", "to": "CONTACT"}
    revenue.set_policy(by=FINANCE, version=None, **policy, dunning=[step])
    order = _order(world)
    booked(order)
    return revenue.receivable(ids.derived("receivable", order.id, "1"), who=REP)


def _month_over(world: World) -> RevenueSchedule:
    contract = _in_force(world)
    return revenue.follow(contract.id, method="STRAIGHT_LINE") or booked(contract)


def _export(world: World) -> RevenueExport:
    with clock.at(DUE - timedelta(minutes=2)):
        made = revenue.ask_for(month="1949-12", form="ENTRIES", by=FINANCE)
        # Of a month that was closed at this moment: the file is written a while later.
        revenue.close(month_gone(), by=FINANCE, version=None)
        revenue.compose(made)
    return made


def _subscription(world: World) -> Subscription:
    subscribed: Subscription = world.subscription(hour=0, zone="Asia/Shanghai")
    return subscribed


def _report(world: World) -> ReportRun:
    subscribed = world.subscription(hour=12, zone="Asia/Shanghai")
    with clock.at(DUE):
        return reports.run_now(subscribed.id, by=OPERATIONS)


def _stalled_import(world: World) -> ImportJob:
    with clock.at(DUE - HOUR):
        return imports.start(world.job(with_file=True).id, version=None, by=OPERATIONS)


def _stalled_handover(world: World) -> Handover:
    leaving, staying = world.user(), world.user()
    for _ in range(2):
        customers.task(world.name("Call"), by=world.principal(leaving))
    told: dict[str, Any] = {"reason": "left", "origin": ids.new("request"), "by": OPERATIONS}
    with clock.at(DUE - HOUR):
        begun = handovers.hand_over(from_id=leaving.id, to_ids=[staying.id], **told)
        go_on(begun.id, version=begun.version)
    return Handover.fetch(begun.id)


def _whose_review_ends(world: World) -> None:
    account_id = world.account().id
    credit.review(account_id, grade="A", until=LAST_DAY, reason="Guarantee", version=None, by=FINANCE)


def _who_owes_what_is_not_so(world: World) -> None:
    _order(world)
    owe(5_000, account_id=world.account().id)


#: What makes a record of each kind that is due at DUE, or was before: its handler has something to do then.
COMING_DUE: Final[Mapping[type[Record], Callable[[World], Any]]] = {
    Task: _task,
    Supply: _supply,
    Opportunity: _stalled_deal,
    Lead: _forgotten_lead,
    LeadBehaviour: _fading_lead,
    Quote: _ending_quote,
    QuoteVersion: _quote_to_mail,
    CreditHistory: _unpaid,
    Contract: _late_contract,
    Receivable: _to_be_reminded_of,
    RevenueSchedule: _month_over,
    RevenueExport: _export,
    Subscription: _subscription,
    ReportRun: _report,
    ImportJob: _stalled_import,
    Handover: _stalled_handover,
}
#: Those that send a mail, which counts its attempts on the record.
MAILING: Final = frozenset({QuoteVersion, Receivable, Subscription, ReportRun})

#: What makes something for each work of the night to do, by the work's name.
NIGHTS: Final[Mapping[str, Callable[[World], Any]]] = {
    "regrade_everybody": _whose_review_ends,
    "compare_exposures": _who_owes_what_is_not_so,
    "close_yesterday": World.deal,
}


def come_due(world: World, model: type[Record]) -> Record:
    """Make a record that is due at DUE. What was due before has been waiting for the sweeps since."""
    with clock.at(BEFORE):
        record: Any = COMING_DUE[model](world)
        assert record.due_minute is not None, model
        assert record.due_minute <= NOW, (model, record.due_minute)
        if record.due_minute != NOW:
            change(record, by=access.SYSTEM.id, due_minute=NOW)
    made: Record = record
    return made
