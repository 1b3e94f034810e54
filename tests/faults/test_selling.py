"""Whatever is done with leads and deals, told in any way: each is what it must be, and so are the figures."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.sales.leads import service as leads
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.leads.wanted import Wanted
from tests import memory
from tests.client import COLLEAGUE, OPERATIONS, REP
from tests.customers import builders as customers
from tests.faults.ledgers import JOINED, OPEN, DealLine, LeadLine
from tests.faults.selling import MINOR, NOW, SELLERS, WHICH, Selling
from tests.faults.telling import live
from tests.faults.world import World
from tests.streams import Stream

#: Where a lead stands of which something can still become.
STANDING: Final = (*JOINED, "CONVERTED")
#: Where a lead is in somebody's hands.
IN_HAND: Final = ("ASSIGNED", "WORKING", "QUALIFIED")


def there_is(status: str) -> Callable[[Any], Any]:
    """Let a rule wait until there is a lead in a status."""
    return precondition(lambda self: any(line.status == status for line in self.book.leads.values()))


class Everything(Selling):
    """And leads come in, are given, judged, merged and converted."""

    def fill(self) -> None:
        """Let each seller have a lead too, and two have asked twice."""
        super().fill()
        for seller in (REP, COLLEAGUE):
            email = f"p{next(self.names)}@example.cn"
            self.enquire(email, seller)
            self.enquire(email, seller)

    @rule(seller=SELLERS)
    def somebody_asks(self, seller: Any) -> None:
        """Somebody new asks."""
        self.enquire(f"p{next(self.names)}@example.cn", seller)

    @rule(which=WHICH, seller=SELLERS)
    def the_same_asks(self, which: int, seller: Any) -> None:
        """Somebody asks again."""
        _, line = self.one_of(self.book.leads, which)
        self.enquire(min(line.people), seller)

    def enquire(self, email: str, seller: Any) -> None:
        """Take an enquiry in, which is a lead or a touch of one."""
        asked = {"name": f"Name {next(self.names)}", "email": email, "owner_id": seller.id}
        taken = self.attempt(True, leads.add_lead, by=OPERATIONS, **asked)
        known = self.book.found.get(email)
        if not known:
            assert taken.how == "CREATED"
            self.book.leads[taken.lead.id] = LeadLine(self.month(), seller.id, {email})
            self.book.hold(taken.lead.id)
            return
        assert (taken.how, taken.lead.id) == ("JOINED", known)
        line = self.book.leads[known]
        line.touches += 1
        if line.status in ("UNQUALIFIED", "RECYCLED"):
            line.status, line.owner = "ASSIGNED", seller.id

    def lead(self, which: int, verb: Callable[..., Any], *statuses: str, **more: Any) -> LeadLine | None:
        """Do something with a lead; return its line, or None when that was refused."""
        lead_id, line = self.one_of(self.book.leads, which, *statuses)
        return line if self.do(line.status in statuses, verb, lead_id, **more) else None

    @rule(which=WHICH, seller=SELLERS)
    def give_lead(self, which: int, seller: Any) -> None:
        """A lead is given to somebody."""
        if line := self.lead(which, leads.reassign_lead, *OPEN, owner_id=seller.id):
            line.owner = seller.id
            line.status = line.status if line.status in ("WORKING", "QUALIFIED") else "ASSIGNED"

    @rule(which=WHICH, name=st.sampled_from(("source", "region", "company")))
    def edit_lead(self, which: int, name: str) -> None:
        """Something about a lead is changed that figures go by."""
        self.lead(which, leads.change_lead, *STANDING, **{name: f"No {next(self.names)}"})

    @rule(which=WHICH)
    def return_lead(self, which: int) -> None:
        """A lead goes back into the pool."""
        if line := self.lead(which, leads.return_lead, *IN_HAND, reason="no time"):
            line.status, line.owner = "RECYCLED", None

    @there_is("RECYCLED")
    @rule(which=WHICH, seller=SELLERS)
    def claim_lead(self, which: int, seller: Any) -> None:
        """Somebody takes a lead out of the pool."""
        if line := self.lead(which, leads.claim, "RECYCLED", by=seller):
            line.status, line.owner = "ASSIGNED", seller.id

    @rule(which=WHICH)
    def qualify_lead(self, which: int) -> None:
        """A lead is found to be worth it."""
        if line := self.lead(which, leads.qualify_lead, "ASSIGNED", "WORKING"):
            line.status = "QUALIFIED"

    @rule(which=WHICH)
    def unqualify_lead(self, which: int) -> None:
        """A lead is found not to be worth it."""
        if line := self.lead(which, leads.unqualify_lead, *OPEN, reason="no need"):
            line.status = "UNQUALIFIED"

    @rule(which=WHICH, minor=MINOR)
    def convert_lead(self, which: int, minor: int) -> None:
        """A lead becomes a contact of a customer, and a deal."""
        lead_id, line = self.one_of(self.book.leads, which, *OPEN)
        deal = {"amount": Money(minor, "CNY"), "pipeline_id": self.world.process.id}
        wanted = Wanted({}, {}, deal, account_id=self.customers[REP.id], allow_duplicate=True)
        if self.do(line.status in OPEN, leads.convert, lead_id, wanted=wanted):
            line.status, line.owner = "CONVERTED", line.owner or OPERATIONS.id
            self.book.let_go(lead_id)
            self.book.deals[str(Lead.fetch(lead_id).opportunity_id)] = DealLine(line.owner, minor)

    @rule(which=WHICH)
    def void_lead(self, which: int) -> None:
        """A lead is voided."""
        lead_id, line = self.one_of(self.book.leads, which, *STANDING)
        if self.do(line.status in STANDING, leads.void_lead, lead_id):
            line.before, line.status = line.status, "VOIDED"
            self.book.let_go(lead_id)

    @there_is("VOIDED")
    @rule(which=WHICH)
    def restore_lead(self, which: int) -> None:
        """A lead is restored, unless its person is another one by now."""
        lead_id, line = self.one_of(self.book.leads, which, "VOIDED")
        held = line.before != "CONVERTED"
        free = not held or self.book.holds_all(lead_id, line.people)
        if self.do(line.status == "VOIDED" and free, leads.restore_lead, lead_id):
            line.status = line.before
            if held:
                self.book.hold(lead_id)

    @rule(which=WHICH, other=WHICH)
    def merge_leads(self, which: int, other: int) -> None:
        """A lead turns out to be another."""
        gone, line = self.one_of(self.book.leads, which, *JOINED)
        into, survivor = self.one_of(self.book.leads, other, *OPEN)
        allowed = gone != into and line.status in JOINED and survivor.status in OPEN
        if self.do(allowed, leads.merge, gone, into_id=into, take=[], reason=None):
            self.book.merge(gone, into)

    @there_is("MERGED")
    @rule(which=WHICH)
    def unmerge_leads(self, which: int) -> None:
        """It was another one after all; not while the other is gone, or its person somebody else."""
        lead_id, line = self.one_of(self.book.leads, which, "MERGED")
        survivor = self.book.leads.get(line.into)
        stands = survivor is not None and survivor.status not in ("MERGED", "VOIDED")
        allowed = line.status == "MERGED" and stands and self.book.holds_all(line.into, line.people)
        if self.do(allowed, leads.unmerge, lead_id):
            self.book.unmerge(lead_id)


@pytest.fixture
def company(tables: None) -> None:
    """Everybody is there, and nothing sold."""
    with clock.at(NOW):
        sellers = (REP, COLLEAGUE)
        Selling.world = World()
        Selling.customers = {each.id: customers.account(f"Of {each.name}", by=each).id for each in sellers}
        Stream(keeps=False).drain()
        Selling.put_back = staticmethod(memory.kept())


@pytest.mark.parametrize(
    ("lives", "steps"),
    [(5, 30), pytest.param(300, 50, marks=[pytest.mark.long, pytest.mark.timeout(7_200)])],
)
def test_leads_and_deals_are_counted_as_by_hand_whatever_becomes_of_them(
    company: None, lives: int, steps: int
) -> None:
    live(Everything, lives=lives, steps=steps)
