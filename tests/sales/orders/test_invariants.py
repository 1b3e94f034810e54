"""Whatever is done to an order, in whatever sequence: its figures hold and its status tells the truth."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib.core import errors
from chalicelib.core.attributes import plain
from chalicelib.core.measures import contribution
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.inventory.models import Stock
from chalicelib.sales.orders import service
from chalicelib.sales.orders.invoices import asked_for
from chalicelib.sales.orders.lifecycle import ORDER, payment_status_of, status_of
from chalicelib.sales.orders.measures import orders
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.shipping import open_quantities, pieces
from tests.client import FINANCE, MANAGER, REP
from tests.sales.inventory.builders import bundle, moved, product, warehouse
from tests.sales.orders.builders import Shop, open_shop

REFUSED = (errors.Invalid, errors.Conflict)
REFERENCES = st.sampled_from(["a", "b", "c", "d"])
PIECES = st.dictionaries(st.integers(1, 3), st.integers(1, 6), min_size=1)
#: Who does what is not Rita's to do.
BY = {
    **dict.fromkeys(("approve", "reject", "approve_amendment"), MANAGER),
    **dict.fromkeys(("pay", "take_back", "refund"), FINANCE),
    **dict.fromkeys(("issue_invoice", "refuse_invoice", "correct_invoice"), FINANCE),
}


class OrderLife(RuleBasedStateMachine):
    """Somebody does anything at all to one order; what is refused leaves it as it was."""

    shop: Shop
    #: Kept in a warehouse that has never enough of it for all orders; three of it make a set.
    kept_id: str
    set_id: str

    @initialize(
        quantities=st.lists(st.integers(1, 6), max_size=2),
        far=st.sampled_from([0, 1, 2, 3, 3, 3]),
        bundled=st.booleans(),
    )
    def begin(self, quantities: list[int], far: int, bundled: bool) -> None:
        """Begin with a draft, perhaps without lines, or somewhat further."""
        first = self.set_id if bundled else self.kept_id
        lines = [
            {"product_id": product_id, "quantity": quantity, "discount_bps": 333, "tax_bps": 1_300}
            for product_id, quantity in zip((self.shop.die_id, first), quantities, strict=False)
        ]
        self.id = service.draft(by=REP, account_id=self.shop.account_id, currency="CNY", lines=lines).id
        self.look()
        for verb in ("submit", "approve", "activate")[:far]:
            self.attempt(verb)

    def attempt(self, verb: str, **details: Any) -> None:
        """Do it, or see it refused without a trace."""
        before = self.order
        try:
            getattr(service, verb)(self.id, by=BY.get(verb, REP), **details)
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
        self.attempt("ship", reference=reference, lines=in_lines(pieces))

    @rule(reference=REFERENCES)
    def ship_the_rest(self, reference: str) -> None:
        """Send all that is open."""
        self.attempt("ship", reference=reference)

    @rule(reference=REFERENCES, received_by=st.none() | st.just("Wang"))
    def deliver(self, reference: str, received_by: str | None) -> None:
        """Confirm a delivery."""
        self.attempt("deliver", reference=reference, received_by=received_by)

    @rule(reference=REFERENCES, pieces=st.none() | PIECES, restock=st.booleans())
    def send_back(self, reference: str, pieces: dict[int, int] | None, restock: bool) -> None:
        """Send some pieces back, or all."""
        lines = pieces and in_lines(pieces)
        self.attempt("return_goods", reference=reference, reason="Broken", lines=lines, restock=restock)

    @rule(
        reference=REFERENCES,
        minor=st.integers(1, 5_000),
        instalment=st.sampled_from([None, 1, 2]),
        keep=st.booleans(),
    )
    def pay(self, reference: str, minor: int, instalment: int | None, keep: bool) -> None:
        """Pay something, perhaps too much."""
        details: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK"}
        self.attempt("pay", reference=reference, instalment=instalment, keep_excess=keep, **details)

    @rule(reference=REFERENCES)
    def pay_the_rest(self, reference: str) -> None:
        """Pay all that is open."""
        if rest := self.order.open.minor:
            self.attempt("pay", reference=reference, amount=Money(rest, "CNY"), method="BANK")

    @rule(reference=REFERENCES)
    def take_back(self, reference: str) -> None:
        """Take a payment back."""
        self.attempt("take_back", reference=reference, reason="Mistake")

    @rule(reference=REFERENCES, minor=st.none() | st.integers(1, 5_000))
    def refund(self, reference: str, minor: int | None) -> None:
        """Pay something back, or all that is the customer's."""
        if minor := minor or self.order.credit.minor:
            details: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK", "reason": "Back"}
            self.attempt("refund", reference=reference, **details)

    @rule(quantity=st.integers(1, 6))
    def edit(self, quantity: int) -> None:
        """Order something else."""
        lines = [{"product_id": self.kept_id, "quantity": quantity}]
        self.attempt("edit", version=None, lines=lines)

    @rule(number=st.integers(1, 3), quantity=st.integers(1, 9), price=st.none() | st.integers(0, 500))
    def amend(self, number: int, quantity: int, price: int | None) -> None:
        """Want more or less of a line, or at another price."""
        unit_price = None if price is None else Money(price, "CNY")
        change = [{"number": number, "quantity": quantity, "unit_price": unit_price}]
        self.attempt("amend", reason="Asked for", change=change)

    @rule(number=st.integers(1, 3), quantity=st.integers(1, 6), drop=st.booleans(), bundled=st.booleans())
    def replace_line(self, number: int, quantity: int, drop: bool, bundled: bool) -> None:
        """Want something else too, or instead."""
        product_id = self.set_id if bundled else self.kept_id
        add = [{"product_id": product_id, "quantity": quantity, "tax_bps": 1_300}]
        self.attempt("amend", reason="Asked for", add=add, drop=[number] if drop else [])

    @rule(verb=st.sampled_from(["approve_amendment", "approve_amendment", "drop_amendment"]))
    def decide(self, verb: str) -> None:
        """Approve a change that waits, or not."""
        self.attempt(verb)

    @rule(
        reference=REFERENCES,
        of=st.sampled_from([{}, {"instalment": 1}, {"shipment": "a"}, {"shipment": "b"}]),
    )
    def ask_for_an_invoice(self, reference: str, of: dict[str, Any]) -> None:
        """Want an invoice."""
        self.attempt("request_invoice", reference=reference, title="Kangnai", **of)

    @rule(reference=REFERENCES, answer=st.sampled_from(["issue", "refuse", "correct"]), number=REFERENCES)
    def answer_with_an_invoice(self, reference: str, answer: str, number: str) -> None:
        """Issue an invoice, or not, or let some of it count no more."""
        told: dict[str, Any] = {"reason": "Wrong"} if answer != "issue" else {}
        told |= {"number": number} if answer != "refuse" else {}
        told |= {"amount": Money(100, "CNY")} if number == "a" and answer == "correct" else {}
        self.attempt(f"{answer}_invoice", reference=reference, **told)

    @invariant()
    def nothing_is_invoiced_twice(self) -> None:
        """No more of an instalment than it comes to, and of no invoice more is corrected."""
        order = self.order
        assert all(each.left.minor >= 0 for each in order.invoices)
        for at, row in enumerate(order.instalment_rows, start=1):
            assert asked_for(order.invoices, instalment=at) <= row["amount_minor"]

    @invariant()
    def statuses_follow_from_the_facts(self) -> None:
        """Both statuses can be told from what happened."""
        order = self.order
        assert order.status == status_of(order)
        assert order.payment_status == payment_status_of(order)

    @invariant()
    def no_money_appears_or_goes_missing(self) -> None:
        """What came in settles something, was paid back, or is the customer's; what is owed, likewise."""
        order, sums = self.order, self.order.balance
        came_in = sum(each.amount.minor for each in order.payments if not each.taken_back_on)
        settles = sum(part.amount.minor for each in order.payments for part in each.settles)
        assert came_in == settles + order.refunded.minor + order.credit.minor
        assert sums.owed == settles + order.open.minor
        assert min(sums.owed, sums.held, sums.credit, sums.open) >= 0
        assert sum(each.unapplied.minor for each in order.payments) == order.credit.minor
        if order.payment_schedule:
            assert sum(part.amount.minor for part in order.payment_schedule) == order.total.minor
            assert sum(part.owed.minor for part in order.payment_schedule) == sums.owed
            assert sum(part.open.minor for part in order.payment_schedule) == sums.open

    @invariant()
    def what_is_owed_is_what_was_neither_cancelled_nor_sent_back(self) -> None:
        """Each return says exactly by how much less is owed."""
        order = self.order
        sent_back = sum(each.amount.minor for each in order.returns)
        if order.status == "CANCELLED":
            assert not order.owed.minor
        elif not any(line.cancelled for line in order.lines):
            assert order.owed.minor == order.total.minor - sent_back

    @invariant()
    def never_more_goes_out_than_was_ordered_or_comes_back_than_went_out(self) -> None:
        """Nor anything that was not ordered."""
        order = self.order
        ordered = {line.number: line.quantity - line.cancelled for line in order.lines}
        gone, still = pieces(order.shipment_rows), open_quantities(order.lines, order.shipments)
        back = pieces(order.return_rows)
        assert gone.keys() <= ordered.keys()
        assert all(gone[number] + still.get(number, 0) == n for number, n in ordered.items())
        assert all(back[number] <= gone[number] for number in back)

    @invariant()
    def the_warehouse_knows_what_the_order_has_of_it(self) -> None:
        """Stock is never below zero, and what is kept for the order is what it still is to get."""
        order = self.order
        if order.status in ("DRAFT", "IN_APPROVAL", "APPROVED"):
            return
        kept = service.kept(order)
        for each in Stock.many([each.stock_id for each in kept], consistent=True):
            assert min(each.on_hand, each.reserved, each.free) >= 0
        still = {} if order.is_cancelled else open_quantities(order.lines, order.shipments)
        units = {self.kept_id: 1, self.set_id: 3}
        mine = (still.get(line.number, 0) * units.get(line.product_id or "", 0) for line in order.lines)
        assert sum(each.reserved for each in kept) == sum(mine)
        gone = pieces(order.shipment_rows)
        sent = sum(gone[line.number] * units.get(line.product_id or "", 0) for line in order.lines)
        assert sum(each.taken for each in kept) <= sent

    @invariant()
    def every_board_tells_the_same(self) -> None:
        """By team and by product the same sums."""
        cells = contribution(image(self.order), orders).cells
        by_board: dict[str, dict[str, int]] = {}
        for (board, _), numbers in cells.items():
            sums = by_board.setdefault(board, {})
            for name, number in numbers.items():
                sums[name] = sums.get(name, 0) + number
        team, by_product = by_board.get("orders|team", {}), by_board.get("orders|product", {})
        for name in (team.keys() | by_product.keys()) - {"count", "cancelled_count"}:
            assert team.get(name, 0) == by_product.get(name, 0)
        standing = self.order.balance
        if by_board:
            assert team.get("amount", 0) - team.get("returned_amount", 0) == standing.owed
            assert team.get("paid", 0) == standing.held


def in_lines(quantities: dict[int, int]) -> list[dict[str, int]]:
    """Return quantities by line number as a request has them."""
    return [{"number": number, "quantity": n} for number, n in quantities.items()]


def image(order: Order) -> dict[str, Any]:
    """Return an order as the stream shows it."""
    return plain(order.serialize())


def live(histories: int, steps: int) -> None:
    """Let so many orders live through so many steps each."""
    OrderLife.shop = open_shop()
    OrderLife.kept_id = product()
    OrderLife.set_id = bundle("SET", GTX=3)
    warehouse("SZ")
    warehouse("XM", rank=200)
    moved("RECEIPT", 60)
    moved("RECEIPT", 10_000, at="XM")
    run_state_machine_as_test(
        OrderLife, settings=settings(max_examples=histories, stateful_step_count=steps, deadline=None)
    )


def test_an_order_holds_whatever_is_done_to_it(tables: None) -> None:
    live(30, 15)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_five_hundred_orders_hold_whatever_is_done_to_them(tables: None) -> None:
    live(500, 30)
