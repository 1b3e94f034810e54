"""Whatever is done to an order, in whatever sequence: its figures hold and its status tells the truth."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib.core import errors
from chalicelib.core.attributes import plain
from chalicelib.core.measures import contribution
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.orders import service
from chalicelib.sales.orders.lifecycle import ORDER, payment_status_of, status_of
from chalicelib.sales.orders.measures import orders
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.shipping import open_quantities, shipped
from tests.client import FINANCE, MANAGER, REP
from tests.sales.orders.builders import Shop, open_shop

REFUSED = (errors.Invalid, errors.Conflict)
REFERENCES = st.sampled_from(["a", "b", "c", "d"])
PIECES = st.dictionaries(st.integers(1, 3), st.integers(1, 6), min_size=1)


class OrderLife(RuleBasedStateMachine):
    """Somebody does anything at all to one order; what is refused leaves it as it was."""

    shop: Shop

    @initialize(quantities=st.lists(st.integers(1, 6), max_size=2), far=st.sampled_from([0, 1, 2, 3, 3, 3]))
    def begin(self, quantities: list[int], far: int) -> None:
        """Begin with a draft, perhaps without lines, or somewhat further."""
        lines = [
            {"product_id": self.shop.die_id, "quantity": quantity, "discount_bps": 333, "tax_bps": 1_300}
            for quantity in quantities
        ]
        self.id = service.draft(by=REP, account_id=self.shop.account_id, currency="CNY", lines=lines).id
        self.look()
        for verb in ("submit", "approve", "activate")[:far]:
            self.attempt(verb)

    def attempt(self, verb: str, **details: Any) -> None:
        """Do it, or see it refused without a trace."""
        before = self.order
        who = {"approve": MANAGER, "reject": MANAGER, "pay": FINANCE, "take_back": FINANCE}.get(verb, REP)
        try:
            getattr(service, verb)(self.id, by=who, **details)
        except REFUSED:
            assert self.look().version == before.version
        else:
            # A part that is told again changes nothing, whatever the status is by now.
            told_again = "reference" in details and self.look().version == before.version
            assert told_again or ORDER.moves[verb].leads(before.status, self.look().status)

    def look(self) -> Order:
        """Return the order as it is kept by now."""
        self.order = reached(Order, self.id, who=REP)
        return self.order

    @rule(verb=st.sampled_from(["submit", "approve", "withdraw", "activate", "complete"]))
    def move(self, verb: str) -> None:
        """Move it on, or try to."""
        self.attempt(verb)

    @rule(verb=st.sampled_from(["reject", "cancel"]), often=st.integers(0, 3))
    def stop(self, verb: str, often: int) -> None:
        """Stop it, seldom."""
        if not often:
            self.attempt(verb, reason="No")

    @rule(reference=REFERENCES, pieces=PIECES)
    def ship(self, reference: str, pieces: dict[int, int]) -> None:
        """Send some pieces."""
        lines = [{"number": number, "quantity": n} for number, n in pieces.items()]
        self.attempt("ship", reference=reference, lines=lines)

    @rule(reference=REFERENCES)
    def ship_the_rest(self, reference: str) -> None:
        """Send all that is open."""
        self.attempt("ship", reference=reference)

    @rule(reference=REFERENCES, minor=st.integers(1, 5_000))
    def pay(self, reference: str, minor: int) -> None:
        """Pay something."""
        self.attempt("pay", reference=reference, amount=Money(minor, "CNY"), method="BANK")

    @rule(reference=REFERENCES)
    def pay_the_rest(self, reference: str) -> None:
        """Pay all that is open."""
        if rest := self.order.open.minor:
            self.attempt("pay", reference=reference, amount=Money(rest, "CNY"), method="BANK")

    @rule(reference=REFERENCES)
    def take_back(self, reference: str) -> None:
        """Take a payment back."""
        self.attempt("take_back", reference=reference, reason="Mistake")

    @rule(quantity=st.integers(1, 6))
    def edit(self, quantity: int) -> None:
        """Order something else."""
        lines = [{"product_id": self.shop.press_id, "quantity": quantity}]
        self.attempt("edit", version=None, lines=lines)

    @invariant()
    def statuses_follow_from_the_facts(self) -> None:
        """Both statuses can be told from what happened."""
        order = self.order
        assert order.status == status_of(order)
        assert order.payment_status == payment_status_of(order)

    @invariant()
    def what_is_due_is_what_is_paid_and_what_is_open(self) -> None:
        """No money appears or goes missing."""
        order = self.order
        assert order.total == order.paid + order.open
        assert 0 <= order.paid.minor <= order.total.minor
        if order.payment_schedule:
            assert sum(part.amount.minor for part in order.payment_schedule) == order.total.minor

    @invariant()
    def never_more_goes_out_than_was_ordered(self) -> None:
        """Nor anything that was not ordered."""
        order = self.order
        ordered = {line.number: line.quantity for line in order.lines}
        gone, still = shipped(order.shipments), open_quantities(order.lines, order.shipments)
        assert gone.keys() <= ordered.keys()
        assert all(gone[number] + still.get(number, 0) == n for number, n in ordered.items())

    @invariant()
    def nothing_that_went_out_or_came_in_is_cancelled(self) -> None:
        """A cancelled order has left no trace."""
        order = self.order
        if order.status == "CANCELLED":
            assert not order.shipments
            assert not order.paid.minor

    @invariant()
    def every_board_tells_the_same(self) -> None:
        """By team and by product the same sums, and what is due is what was ordered."""
        cells = contribution(image(self.order), orders).cells
        by_board: dict[str, dict[str, int]] = {}
        for (board, _), numbers in cells.items():
            sums = by_board.setdefault(board, {})
            for name, number in numbers.items():
                sums[name] = sums.get(name, 0) + number
        team, product = by_board.get("orders|team", {}), by_board.get("orders|product", {})
        for name in ("amount", "paid", "shipped_units", "cancelled_amount"):
            assert team.get(name, 0) == product.get(name, 0)
        due = by_board.get("receivables", {})
        assert due.get("due", 0) == team.get("amount", 0)
        assert due.get("paid", 0) == team.get("paid", 0)


def image(order: Order) -> dict[str, Any]:
    """Return an order as the stream shows it."""
    return plain(order.serialize())


def test_an_order_holds_whatever_is_done_to_it(tables: None) -> None:
    OrderLife.shop = open_shop()

    run_state_machine_as_test(
        OrderLife, settings=settings(max_examples=20, stateful_step_count=15, deadline=None)
    )
