"""A company that sells: whether a verb is refused is known before, what it does is written down by hand."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from chalicelib import house
from chalicelib.core import clock, errors, guards, ids
from chalicelib.core.access import Principal
from chalicelib.core.attributes import plain
from chalicelib.core.money import Money
from chalicelib.core.table import scan
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import COLLEAGUE, OPERATIONS, REP
from tests.faults import recount
from tests.faults.event_source import Record
from tests.faults.ledgers import DealLine, LeadLine, Ledgers
from tests.faults.telling import Telling
from tests.faults.world import World
from tests.streams import Stream

L = TypeVar("L", LeadLine, DealLine)

NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
REFUSED: Final = (errors.Invalid, errors.Conflict, errors.NotFound)
SELLERS: Final = st.sampled_from((REP, COLLEAGUE))
WHICH: Final = st.integers(0, 40)
MINOR: Final = st.integers(1, 10**6)


class Selling(Telling):
    """Some sell; their deals are opened, moved and closed."""

    world: World
    #: A customer of each seller's own.
    customers: Mapping[str, str]
    put_back: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        """Begin with a company that has a few deals, and what else it is to have."""
        self.put_back()
        self.now, self.names = NOW, count()
        self.book = Ledgers(self.world.process.id)
        self.stream, self.heard = Stream(keeps=False), list[Record]()
        self.fill()

    def fill(self) -> None:
        """Let each seller have a deal."""
        for seller in (REP, COLLEAGUE):
            self.sell(seller, 100)

    def attempt(self, allowed: bool, verb: Callable[..., Any], *told: Any, **more: Any) -> Any:
        """Do it, or see it refused, as it must be; return what came of it, or None."""
        self.told = False
        try:
            with clock.at(self.now):
                made = verb(*told, **more)
        except REFUSED:
            assert not allowed, (verb.__name__, told, more)
            return None
        assert allowed, (verb.__name__, told, more)
        return made

    def do(self, allowed: bool, verb: Callable[..., Any], item_id: str, **more: Any) -> Any:
        """Attempt something with a record, whatever its version is."""
        return self.attempt(allowed, verb, item_id, **{"version": None, "by": OPERATIONS, **more})

    @staticmethod
    def one_of(book: Mapping[str, L], which: int, *statuses: str) -> tuple[str, L]:
        """Return one of those in a book; mostly one in such a status, if there is any."""
        fit = [each for each in book.items() if each[1].status in statuses]
        among = fit if fit and which % 4 else list(book.items())
        return among[which // 4 % len(among)]

    def month(self) -> str:
        """Return the month of today."""
        with clock.at(self.now):
            return clock.month(clock.today())

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        """Days go by."""
        self.now += timedelta(days=days)

    @rule(seller=SELLERS, minor=MINOR)
    def open_deal(self, seller: Any, minor: int) -> None:
        """A deal is opened."""
        self.sell(seller, minor)

    def sell(self, seller: Principal, minor: int) -> None:
        """Open a deal of somebody's."""
        asked = {"close_on": NOW.date(), "amount": Money(minor, "CNY"), "pipeline_id": self.world.process.id}
        asked |= {"name": f"Deal {next(self.names)}", "account_id": self.customers[seller.id]}
        made = self.attempt(True, deals.open_deal, by=seller, **asked)
        self.book.deals[made.id] = DealLine(seller.id, minor)

    def deal(self, which: int, verb: Callable[..., Any], *statuses: str, **more: Any) -> DealLine | None:
        """Do something with a deal; return its line, or None when that was refused."""
        deal_id, line = self.one_of(self.book.deals, which, *statuses)
        return line if self.do(line.status in statuses, verb, deal_id, **more) else None

    @rule(which=WHICH, minor=MINOR)
    def amend_deal(self, which: int, minor: int) -> None:
        """A deal is worth something else."""
        if line := self.deal(which, deals.amend, "OPEN", amount=Money(minor, "CNY")):
            line.minor = minor

    @rule(which=WHICH, stage=st.sampled_from(("first", "second")))
    def move_deal(self, which: int, stage: str) -> None:
        """A deal moves, forward or back."""
        if line := self.deal(which, deals.advance, "OPEN", stage_id=stage):
            line.stage = stage

    @rule(which=WHICH, seller=SELLERS)
    def give_deal(self, which: int, seller: Any) -> None:
        """A deal is given to somebody."""
        if line := self.deal(which, deals.reassign, "OPEN", "WON", "LOST", owner_id=seller.id):
            line.owner = seller.id

    @rule(which=WHICH, won=st.booleans())
    def close_deal(self, which: int, won: bool) -> None:
        """A deal is won, or lost."""
        verb, why = (deals.win, {}) if won else (deals.lose, {"reason": "price"})
        if line := self.deal(which, verb, "OPEN", **why):
            line.status, line.closed_month = "WON" if won else "LOST", self.month()

    @rule(which=WHICH)
    def reopen_deal(self, which: int) -> None:
        """That is taken back: the deal is where it was closed from."""
        if line := self.deal(which, deals.reopen, "WON", "LOST", reason="mistaken"):
            line.status = "OPEN"

    @rule(which=WHICH)
    def void_deal(self, which: int) -> None:
        """A deal is voided."""
        if line := self.deal(which, deals.void, "OPEN", "WON", "LOST"):
            line.before, line.status = line.status, "VOIDED"

    @precondition(lambda self: any(line.status == "VOIDED" for line in self.book.deals.values()))
    @rule(which=WHICH)
    def restore_deal(self, which: int) -> None:
        """A deal is restored."""
        if line := self.deal(which, deals.restore, "VOIDED"):
            line.status = line.before

    def records(self) -> Sequence[Record]:
        """Return what the tables' streams have told."""
        self.heard += self.stream.new_records()
        return self.heard

    def hear(self, records: Sequence[Record]) -> None:
        """Let the house log, count and react."""
        with clock.at(self.now):
            self.stream.deliver(list(records))

    def at_rest(self) -> None:
        """Every record stands as it is written down, and every figure is that of a count."""
        self.stream.assert_nothing_parked()
        for lead_id, line in self.book.leads.items():
            lead = Lead.fetch(lead_id)
            assert (lead.status, lead.owner_id, lead.touches) == (line.status, line.owner, line.touches)
        for deal_id, deal in self.book.deals.items():
            found = Opportunity.fetch(deal_id)
            assert (found.status, found.owner_id, found.amount.minor) == (deal.status, deal.owner, deal.minor)
        now = recount.standing()
        assert recount.drift(self.book.figures(), self.book.counted(now)) == {}
        assert recount.drift(recount.expected(everything(), house.measures()), now) == {}
        for seller in (REP, COLLEAGUE, OPERATIONS):
            counter = guards.read(f"lead|open|{seller.id}")
            assert (counter.n if counter else 0) == self.book.open_leads()[seller.id]


def everything() -> list[tuple[str, Mapping[str, Any]]]:
    """Return every item that is measured, by kind."""
    images = (plain(raw) for table in house.counted() for raw in scan(table))
    told = ((ids.kind_of(image["id"]), image) for image in images)
    return [(kind, image) for kind, image in told if kind in house.measures()]
