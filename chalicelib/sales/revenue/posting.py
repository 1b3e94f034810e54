"""Postings 记账: what differs between the facts and the books, as entries of two sides. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

BILLING: Final = "BILLING"
RECOGNITION: Final = "RECOGNITION"
RETURN: Final = "RETURN"
PAYMENT: Final = "PAYMENT"
REFUND: Final = "REFUND"

#: By the key of a fact: how often it was posted (`n`), and what of it is in the books (`net`, `tax`).
Booked = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that belongs into the books; its key begins with its type. Less than nothing goes back."""

    key: str
    on: date
    net: int
    tax: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be added to the books about a fact; `n` counts the postings about it from 1."""

    key: str
    n: int
    on: date
    net: int
    tax: int

    @property
    def type(self) -> str:
        """What happened."""
        return self.key.partition("|")[0]

    @property
    def about(self) -> str:
        """What it happened to: a bill, a shipment, a month."""
        return self.key.partition("|")[2]

    @property
    def moves(self) -> bool:
        """Whether it moves money; else it only notes that a fact is known."""
        return bool(self.net or self.tax)

    @property
    def recognises(self) -> int:
        """What it adds to revenue."""
        return self.net if self.type in (RECOGNITION, RETURN) else 0

    @property
    def bills(self) -> int:
        """What it adds to what is billed, without tax."""
        return self.net if self.type == BILLING else 0


def outstanding(facts: Sequence[Fact], booked: Booked, *, today: date) -> list[Posting]:
    """Return what is to be posted so that the books say what the facts say, by day.

    What is new has the day on which it happened; what turned out otherwise has today.
    """
    now = {fact.key: fact for fact in facts}
    gone = [
        Fact(key, today, 0) for key, row in booked.items() if key not in now and (row["net"] or row["tax"])
    ]
    return sorted(_differences([*now.values(), *gone], booked, today), key=lambda each: (each.on, each.key))


def _differences(facts: Sequence[Fact], booked: Booked, today: date) -> Iterator[Posting]:
    for fact in facts:
        before = booked.get(fact.key)
        if before is None:
            yield Posting(fact.key, 1, fact.on, fact.net, fact.tax)
        elif (before["net"], before["tax"]) != (fact.net, fact.tax):
            more = (fact.net - before["net"], fact.tax - before["tax"])
            yield Posting(fact.key, before["n"] + 1, today, *more)


def with_posted(booked: Booked, postings: Sequence[Posting]) -> dict[str, Any]:
    """Return what is in the books after postings."""
    after = {key: dict(row) for key, row in booked.items()}
    for each in postings:
        row = after.get(each.key, {"net": 0, "tax": 0})
        after[each.key] = {"n": each.n, "net": row["net"] + each.net, "tax": row["tax"] + each.tax}
    return after


def lines(posting: Posting, accounts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the lines of a posting: debits and credits, each more than nothing, of the same sum.

    `accounts` are the codes by meaning. Less than nothing stands on the other side. The first line is
    what the posting moves: its debit is the posting's amount, its credit the same less than nothing.
    """
    net, tax = posting.net, posting.tax
    sides: Mapping[str, Sequence[tuple[str, int]]] = {
        BILLING: (("receivables", net + tax), ("deferred_revenue", -net), ("tax", -tax)),
        RECOGNITION: (("deferred_revenue", net), ("revenue", -net)),
        RETURN: (("deferred_revenue", net), ("revenue", -net)),
        PAYMENT: (("cash", net), ("receivables", -net)),
        REFUND: (("cash", net), ("receivables", -net)),
    }
    return [
        {"account": accounts[meaning], "debit_minor": max(0, minor), "credit_minor": max(0, -minor)}
        for meaning, minor in sides[posting.type]
        if minor
    ]
